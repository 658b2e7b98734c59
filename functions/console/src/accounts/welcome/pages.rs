//! The editor and the preview.

use super::super::account::Said;
use super::super::pages::name;
use super::Shown;
use handoff_domain::event::What;
use handoff_domain::limits::{WELCOME_BODY_MAX_BYTES, WELCOME_SUBJECT_MAX_CHARS};
use handoff_domain::welcome::{
    FIRST_NAME, FULL_NAME, SentWelcome, WelcomeLetter, WelcomeLine, WelcomeSource,
};
use handoff_web::components::{Tone, facts, notice};
use handoff_web::{Markup, html, text};

fn head(shown: &Shown<'_>, title: &str, lead: &str) -> Markup {
    html! {
        div.page-head {
            div {
                p.small { a href=(shown.path) dir="auto" { (shown.handoff().account.company) } }
                h1 { (title) }
                p { (lead) }
            }
        }
    }
}

pub(super) fn editor(shown: &Shown<'_>, said: Option<&Said>, letter: &WelcomeLetter) -> Markup {
    let may = shown.may();
    html! {
        (head(shown, "Welcome mail", "The customer’s first word from you. Nothing leaves before you send it."))
        @if let Some(said) = said { (notice(said.tone, &said.words, true, html! {})) }
        @match may {
            Err(refusal) if said.is_none() => (notice(Tone::Info, &refusal.to_string(), false, html! {})),
            _ => {},
        }
        (sent(shown))
        div.columns {
            div.columns__main { @if may.is_ok() { (form(shown, letter)) } @else { (reading(letter)) } }
            div.columns__side { (origins(shown)) }
        }
    }
}

/// For whoever may not write it.
fn reading(letter: &WelcomeLetter) -> Markup {
    html! {
        section.card #mail aria-labelledby="mail-title" {
            h2 #mail-title dir="auto" { (letter.subject) }
            p.value dir="auto" { (letter.body) }
        }
    }
}

fn form(shown: &Shown<'_>, letter: &WelcomeLetter) -> Markup {
    let was_sent = shown.welcome.last_sent().is_some();
    html! {
        form.card #mail method="post" action={ (shown.path) "/welcome" } {
            (shown.viewer.proof())
            input type="hidden" name="version" value=(shown.welcome.version);
            (readers(shown, letter))
            div {
                label.field-label for="subject" { "Subject" }
                input.field #subject name="subject" maxlength=(WELCOME_SUBJECT_MAX_CHARS) autocomplete="off" value=(letter.subject);
            }
            div {
                label.field-label for="body" { "Mail" }
                p.field-help #body-help {
                    "An empty line begins a paragraph, a hyphen a point; addresses become links. "
                    code { (FIRST_NAME) } " and " code { (FULL_NAME) } " become each reader’s own. Your name and address stand below."
                }
                textarea.field.letter #body name="body" rows="22" maxlength=(WELCOME_BODY_MAX_BYTES) aria-describedby="body-help" { "\n" (letter.body) }
            }
            @if was_sent { label.check { input type="checkbox" name="again" value="yes"; span { "Send it once more: it was sent before" } } }
            // The first button is what the Enter key presses: it must not send.
            div.actions {
                button.button.button--quiet name="do" value="save" { "Save" }
                button.button.button--quiet name="do" value="preview" { "Preview" }
                button.button name="do" value="send" { @if was_sent { "Send again" } @else { "Send" } }
            }
            @if shown.has_model() { (ask_model(shown)) }
        }
    }
}

fn readers(shown: &Shown<'_>, letter: &WelcomeLetter) -> Markup {
    let contacts = &shown.handoff().account.contacts;
    html! {
        fieldset {
            legend.field-label { "To" }
            p.field-help { "Each gets a mail of their own; nobody sees the others." }
            @if contacts.is_empty() {
                p { "This account has no contacts. Add one to the deal or the company in HubSpot." }
            }
            div.stack-tight {
                @for contact in contacts {
                    @match contact.address() {
                        Some(address) => label.check {
                            input type="checkbox" name="to" value=(address) checked[letter.to.contains(&address)];
                            span { bdi { (or(&contact.name, address.as_str())) } span.muted.small { " " (contact.title) " " (address) } }
                        },
                        None => p.small.muted { bdi { (or(&contact.name, "A contact")) } ": no address in HubSpot" },
                    }
                }
            }
        }
    }
}

fn or<'a>(text: &'a str, otherwise: &'a str) -> &'a str {
    if text.trim().is_empty() { otherwise } else { text }
}

fn ask_model(shown: &Shown<'_>) -> Markup {
    html! {
        @if shown.welcome.is_awaited(shown.viewer.now) {
            p.small.muted { "A model is writing a draft. Load this page again in a moment; what you typed stays." }
        } @else {
            p.small {
                button.button.button--quiet.button--small name="do" value="draft" { "Draft it with the model" }
                span.muted { " What you typed is kept; the draft comes beside it." }
            }
        }
    }
}

/// Where the lines of the draft come from.
fn origins(shown: &Shown<'_>) -> Markup {
    let draft = shown.draft();
    let has_choice = shown.of_model().is_some() || shown.welcome.letter.is_some();
    html! {
        section.card #origins aria-labelledby="origins-title" {
            h2 #origins-title { "What the draft rests on" }
            p.small.muted { "Use case, goals, start and promises, as they were handed over. Risks, objections, stakeholders, notes to you and your organization’s own questions are never used." }
            ul.history {
                @for line in draft.claims() { li { (origin(shown, line)) } }
                @if draft.claims().next().is_none() { li { p { "Nothing that could be said to a customer was handed over. The draft is a plain welcome." } } }
            }
            @if draft.withheld > 0 {
                p.small { (draft.withheld) @if draft.withheld == 1 { " line was" } @else { " lines were" } " left out: said between colleagues, too long, or not proved by an answer." }
            }
            @if has_choice {
                p.small {
                    "Put into the editor: "
                    @if shown.of_model().is_some() { a href={ (shown.path) "/welcome?from=model" } { "the model’s draft" } " · " }
                    a href={ (shown.path) "/welcome?from=plain" } { "the plain draft" }
                    @if shown.welcome.letter.is_some() { " · " a href={ (shown.path) "/welcome" } { "what was saved" } }
                }
            }
        }
    }
}

fn origin(shown: &Shown<'_>, line: &WelcomeLine) -> Markup {
    let drafts = shown.account.drafts.as_ref();
    html! {
        p dir="auto" { (line.text) }
        @for citation in &line.citations {
            p.small.muted {
                @match &citation.source {
                    WelcomeSource::Answer(id) => {
                        "Answer to “" (drafts.and_then(|drafts| drafts.questions.find(id)).map_or("a question", |question| question.wording.as_str())) "”"
                    },
                    WelcomeSource::Promise(id) => {
                        "Promised"
                        @if let Some(by) = drafts.and_then(|drafts| drafts.promise(id)).and_then(|promise| promise.by.as_deref()) { " by " (by.split('<').next().unwrap_or(by).trim()) }
                    },
                }
                @if citation.quote != line.text { ": “" bdi { (citation.quote) } "”" }
            }
        }
    }
}

/// Each time that it went out, and what came back.
fn sent(shown: &Shown<'_>) -> Markup {
    html! {
        @for sent in shown.welcome.sent.iter().rev() {
            @let lost = lost(shown, sent);
            (notice(if lost.is_empty() { Tone::Good } else { Tone::Bad }, "Sent", false, html! {
                p { (name(&sent.by, "")) ", " (text::moment(sent.at, &shown.zone)) ", to " (joined(sent.letter.to.iter().map(ToString::to_string))) }
                @if !lost.is_empty() { p { "Did not arrive at " (joined(lost.iter().cloned())) ". Ask the customer for the right address, have it corrected in HubSpot, and write again." } }
            }))
        }
    }
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

/// The addresses that this sending did not reach.
fn lost(shown: &Shown<'_>, sent: &SentWelcome) -> Vec<String> {
    let lost = shown.account.events.iter().filter_map(|event| match &event.what {
        What::MailLost { cause, mail, .. } if *cause == sent.cause => *mail,
        _ => None,
    });
    lost.filter_map(|mail| sent.letter.to.get(usize::try_from(mail).ok()?)).map(ToString::to_string).collect()
}

/// The mail of one reader, in a frame of its own.
pub(super) fn preview(shown: &Shown<'_>, reader: usize) -> Markup {
    let (letter, mail) = (shown.welcome.letter.clone().unwrap_or_default(), shown.mail(reader));
    html! {
        (head(shown, "Preview", "The mail as it will be received. It has not been sent."))
        @match mail {
            None => (notice(Tone::Info, "There is nothing to look at yet", false, html! {
                p { "Save the mail first. Somebody must have the account: answers go to them." }
                p { a href={ (shown.path) "/welcome" } { "To the mail" } }
            })),
            Some(mail) => {
                div.card.card--letter {
                    (facts(&[
                        ("From", html! { (sender(shown, &mail.organization_name)) }),
                        ("Reply to", html! { (mail.csm_email) }),
                        ("To", html! { @match letter.to.get(reader) { Some(to) => (to), None => span.muted { "Nobody chosen yet" } } }),
                        ("Subject", html! { span dir="auto" { (mail.subject) } }),
                    ]))
                    @if letter.to.len() > 1 { (others(shown, &letter, reader)) }
                    iframe.mail-frame title="The mail" sandbox="" src={ (shown.path) "/welcome/mail?reader=" (reader) } {}
                }
                @if shown.may().is_ok() { (send(shown, &letter)) }
            }
        }
    }
}

/// The name before the address.
fn sender<'a>(shown: &'a Shown<'_>, organization: &'a str) -> &'a str {
    let chosen = shown.viewer.organization.sender.as_str();
    if chosen.is_empty() { organization } else { chosen }
}

fn others(shown: &Shown<'_>, letter: &WelcomeLetter, reader: usize) -> Markup {
    html! {
        nav.small aria-label="Readers" {
            "One mail each: "
            @for (index, to) in letter.to.iter().enumerate() {
                @if index > 0 { " · " }
                @if index == reader { b aria-current="true" { (to) } } @else { a href={ (shown.path) "/welcome/preview?reader=" (index) } { (to) } }
            }
        }
    }
}

fn send(shown: &Shown<'_>, letter: &WelcomeLetter) -> Markup {
    let was_sent = shown.welcome.last_sent().is_some();
    let count = letter.to.len();
    html! {
        form.actions method="post" action={ (shown.path) "/welcome" } {
            (shown.viewer.proof())
            input type="hidden" name="version" value=(shown.welcome.version);
            @for to in &letter.to { input type="hidden" name="to" value=(to); }
            input type="hidden" name="subject" value=(letter.subject);
            // Not an input: it would lose the line breaks.
            textarea name="body" hidden { "\n" (letter.body) }
            @if was_sent { label.check { input type="checkbox" name="again" value="yes"; span { "Send it once more: it was sent before" } } }
            div.toolbar__inner {
                a.button.button--quiet href={ (shown.path) "/welcome" } { "Change it" }
                @if count > 0 {
                    button.button name="do" value="send" { @if count == 1 { "Send to one person" } @else { "Send to " (count) " people" } }
                }
            }
        }
    }
}
