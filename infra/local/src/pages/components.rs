//! The design system on one page, made of the very components that pages and mails use.

use super::reply::failed;
use crate::organization::PORTAL;
use axum::response::{IntoResponse as _, Response};
use handoff_domain::id::{OutboxId, SignInId};
use handoff_domain::link::{LinkKey, LinkKeys};
use handoff_domain::outbox::{MailContent, MailStatus, OutboxKey, OwedMail, SignInLink};
use handoff_mail::{Rendered, Renderer};
use handoff_web::components::{Tone, badge, error_summary, facts, notice};
use handoff_web::fields::{Field, tick};
use handoff_web::shell::{NavItem, Shell};
use handoff_web::{Markup, html};
use http::{HeaderValue, StatusCode, header};
use jiff::Timestamp;
use std::collections::BTreeMap;

const COLOURS: [(&str, &str); 12] = [
    ("ground", "behind everything"),
    ("surface", "cards, fields, bars"),
    ("sunken", "quotes, quiet boxes"),
    ("text", "words"),
    ("muted", "words that matter less"),
    ("line", "between things"),
    ("edge", "of controls"),
    ("accent", "links, the one button"),
    ("accent-soft", "what is chosen"),
    ("good", "done"),
    ("caution", "look twice"),
    ("bad", "must be mended"),
];
const SPACES: [&str; 7] = ["gap-1", "gap-2", "gap-3", "gap-4", "gap-5", "gap-6", "gap-7"];
const TONES: [(Tone, &str); 5] = [
    (Tone::Neutral, "Plain"),
    (Tone::Info, "To know"),
    (Tone::Good, "All is well"),
    (Tone::Caution, "Look twice"),
    (Tone::Bad, "To be mended"),
];
const NAV: [NavItem; 1] = [NavItem { href: "/local/components", label: "Components" }];
/// As the page of a mail: it frames the sample mail and nothing else.
const FRAMING: &str = "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; \
     frame-ancestors 'none'; base-uri 'none'";
const MAIL: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; \
     frame-ancestors 'self'; base-uri 'none'; sandbox";

/// `GET /local/components`.
pub(crate) async fn page() -> Response {
    let body = html! {
        link rel="stylesheet" href="/local/style.css";
        p.crumbs { a href="/local" { "Local run" } }
        div.page-head { div { h1 { "Components" } p { "What pages and mails are made of, from the very code that makes them. Look at it in light and dark, on a phone and at a desk." } } }
        (section("Type", "One family, five sizes. A page has one headline.", &type_sample()))
        (section("Colour", "By what it is for. Each text keeps 4.5:1 on its ground, each edge of a control 3:1.", &colours()))
        (section("Space", "Seven steps; what belongs together stands closer.", &spaces()))
        (section("Buttons", "One strong button on a page; a step that takes away asks once.", &buttons()))
        (section("Badges", "A word or two. Colour never says it alone.", &html! { p.badges { @for (tone, words) in TONES { (badge(tone, words)) " " } } }))
        (section("Notices", "Something to know, with the step that mends it.", &notices()))
        (section("Fields", "Label, help, error and control are tied together. Nothing typed is lost.", &fields()))
        (section("Facts and cards", "Terms with their values; nothing is shown for what is not known.", &cards()))
        (section("Table", "At a desk a table, on a phone one card for each row.", &table()))
        (section("Steps", "What is to be done: the step that it waits for stands out, the rest is quiet.", &steps()))
        (section("Nothing there yet", "An empty place says what will stand here and what to do.", &empty()))
        (section("Mail", "The same words in HTML and text; inline looks only, nothing is fetched.", &html! {
            iframe.mail-frame src="/local/components/mail" title="A sample mail" {}
        }))
    };
    let shell = Shell {
        title: "Components",
        nav: &NAV,
        at: "/local/components",
        organization: "An organization",
        logo: None,
        who: "Somebody",
        who_id: "somebody",
        csrf: "",
        wide: false,
        script: None,
        body,
    };
    let mut response = shell.respond(StatusCode::OK);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(FRAMING));
    response
}

/// `GET /local/components/mail`: the sample mail, as its reader sees it.
pub(crate) async fn mail() -> Response {
    match sample() {
        Some(mail) => {
            let headers =
                [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, MAIL)];
            (headers, mail.html).into_response()
        }
        None => failed("the sample mail cannot be made"),
    }
}

/// A mail whose link opens nothing: its key is known to everybody.
fn sample() -> Option<Rendered> {
    let keys: LinkKeys = LinkKey::new("the key of a sample that opens nothing").ok()?.into();
    let id = SignInId::from_random(0);
    let key = OutboxKey {
        organization: PORTAL.organization(),
        account: None,
        owed_at: Timestamp::UNIX_EPOCH,
        id: OutboxId::parse("sample").ok()?,
    };
    let hash = keys.sign_in_token(&id).hash();
    let mail = OwedMail {
        to: handoff_domain::email::EmailAddress::parse("kim@example.com").ok()?,
        reply_to: None,
        content: MailContent::SignIn(SignInLink { id, hash }),
        status: MailStatus::Owed,
    };
    Renderer::new("https://handoff.example.com".to_owned(), keys).render(&key, &mail).ok()
}

fn section(title: &str, words: &str, sample: &Markup) -> Markup {
    html! { section { div.section-head { h2 { (title) } p { (words) } } (sample) } }
}

fn type_sample() -> Markup {
    html! {
        div.card {
            p.type-sample--xxl { "The headline of a page" }
            p.type-sample--xl { "The headline of a part" }
            p.lead { "A lead says in a sentence what the page is for." }
            p { "A paragraph. Words are short, sentences too. " a href="#main" { "A link says where it leads" } "." }
            p.small.muted { "Small and muted, for what matters less." }
        }
    }
}

fn colours() -> Markup {
    html! {
        ul.swatches { @for (name, purpose) in COLOURS { li { i class={ "swatch swatch--" (name) } {} span { b { (name) } small { (purpose) } } } } }
    }
}

fn spaces() -> Markup {
    html! { ul.spaces { @for name in SPACES { li { i class={ "space space--" (name) } {} code { (name) } } } } }
}

fn buttons() -> Markup {
    html! {
        div.actions {
            button.button type="button" { "Save" }
            button.button.button--quiet type="button" { "Cancel" }
            button.button.button--danger type="button" { "Take off" }
            button.button.button--quiet.button--small type="button" { "Up" }
            button.button.button--quiet type="button" disabled { "Not now" }
        }
    }
}

fn notices() -> Markup {
    html! {
        div.stack-tight { @for (tone, words) in TONES { (notice(tone, words, false, html! { p { "What happened, and the step that mends it." } })) } }
    }
}

fn fields() -> Markup {
    let error = "Write a work address like kim@company.com.".to_owned();
    let errors = BTreeMap::from([("sample_email".to_owned(), error.clone())]);
    let labels = BTreeMap::from([(
        "sample_email".to_owned(),
        ("sample_email".to_owned(), "Work e-mail address".to_owned()),
    )]);
    html! {
        div.card {
            (error_summary(&errors, &labels))
            div.fields {
                (Field::text("sample_name", "Name", "Kim Roe").help("As colleagues say it.").input())
                (Field::text("sample_email", "Work e-mail address", "kim").error(Some(&error)).kind("email").input())
                (Field::text("sample_language", "Language", "en").select(&[("en", "English"), ("de", "German")]))
                (Field::text("sample_day", "Back on", "2026-12-24").kind("date").input())
                div.whole { (Field::text("sample_note", "Note", "Several lines.\nAs many as it takes.").area(3)) }
            }
            fieldset { legend.field-label { "Roles" } div.choices { (tick("sample_roles", "csm", "CSM", true)) (tick("sample_roles", "admin", "Admin", false)) } }
            details { summary { "More" } p { "What not everybody needs stands one click away." } }
        }
    }
}

fn cards() -> Markup {
    let rows = [
        ("Company", html! { "Brightwater" }),
        ("Revenue", html! { "48,000 USD" }),
        ("Close date", html! { "22 Nov 2026" }),
    ];
    html! {
        div.card { div.card__title { h3 { "Brightwater" } (badge(Tone::Info, "Awaiting AE")) } (facts(&rows)) }
        div.card.card--needs { p { "A card that needs an answer." } }
        div.card.card--error { p { "A card with an error." } }
    }
}

fn table() -> Markup {
    html! {
        div.table-wrap {
            table.table.table--cards {
                caption.visually-hidden { "A sample" }
                thead { tr { th scope="col" { "Company" } th scope="col" { "State" } th.number scope="col" { "Days" } } }
                tbody { @for (company, state, days) in [("Brightwater", "Awaiting AE", 3), ("Cobalt Ridge", "Drafting", 0)] {
                    tr { th scope="row" { (company) small { "Grace Lin" } } td data-label="State" { (badge(Tone::Info, state)) } td.number data-label="Days" { (days) } }
                } }
            }
        }
    }
}

fn steps() -> Markup {
    html! {
        div.card.plan {
            div.plan__progress { progress max="3" value="1" aria-label="Progress" {} span.small { "1 of 3 done" } }
            ul.todo {
                li { div.todo__item.todo__item--finished {
                    div { p.todo__title { "Send the welcome e-mail" } p.todo__meta { span { "E-mail" } span { "Done by Grace Lin, 23 Nov 2026" } } }
                    div.todo__steps { button.button.button--small.button--bare type="button" { "Reopen" } }
                } }
                li { div.todo__item {
                    div { p.todo__title { "Hold the kickoff call" } p.todo__meta { span { "Meeting" } (badge(Tone::Bad, "Overdue since 24 Nov 2026")) } }
                    div.todo__steps {
                        button.button.button--small type="button" { "Done" }
                        button.button.button--small.button--bare type="button" { "Start" }
                    }
                } }
            }
        }
    }
}

fn empty() -> Markup {
    html! { div.card.empty { h3 { "No account yet" } p { "An account appears when a deal is won." } p { a.button.button--quiet href="/local#deals" { "Close a sample deal" } } } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_token_on_the_page_is_one_of_the_stylesheets() {
        let sheet = include_str!("../../../../shared/web/assets/handoff.css");
        let local = include_str!("local.css");
        for name in COLOURS.map(|(name, _)| name).into_iter().chain(SPACES) {
            assert!(sheet.contains(&format!("--{name}:")), "{name} is no token");
            assert!(local.contains(&format!("var(--{name})")), "{name} is not shown");
        }
    }

    #[test]
    fn the_sample_mail_is_made_like_every_other() {
        assert!(sample().unwrap().html.contains("https://handoff.example.com/sign-in/"));
    }
}
