//! The pages of signing in: one column, one thing to do.

use handoff_domain::limits::SIGN_IN_LINK_MINUTES;
use handoff_domain::organization::Organization;
use handoff_domain::roster::Member;
use handoff_web::assets;
use handoff_web::components::{Tone, field_error, notice};
use handoff_web::page::Page;
use handoff_web::{Markup, html};

fn calm(title: &'static str, body: &Markup) -> Page<'static> {
    // Whoever comes here while sending something gets back what they typed.
    let script = Some(assets::console_script());
    Page { title, brand: "", script, body: html! { div.calm { h1 { (title) } (body) } } }
}

fn proof(csrf: &str) -> Markup {
    html! { input type="hidden" name="csrf" value=(csrf); }
}

/// Asks for the address.
pub(super) fn ask(csrf: &str, then: &str, typed: &str, error: Option<&str>, out: bool) -> Page<'static> {
    let error = error.map(str::to_owned);
    calm(
        "Sign in",
        &html! {
            @if out { (notice(Tone::Good, "You are signed out", false, html! {})) }
            p.lead { "Type your work address. You get a link by mail; there is no password." }
            form method="post" action="/sign-in" novalidate {
                (proof(csrf))
                input type="hidden" name="then" value=(then);
                div {
                    label.field-label for="email" { "Work e-mail address" }
                    (field_error("email-error", error.as_ref()))
                    input.field #email type="email" name="email" value=(typed) autocomplete="email" maxlength="254" required
                        autofocus[error.is_some()] aria-invalid=[error.as_ref().map(|_| "true")]
                        aria-describedby=[error.as_ref().map(|_| "email-error")];
                }
                button.button { "Mail me a link" }
            }
            p.muted.small { "For admins and customer success managers. Account executives need no sign-in: the link in their mail opens the handoff." }
        },
    )
}

/// What everybody sees who asked, known or not.
pub(super) fn sent(then: &str) -> Page<'static> {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("then", then).finish();
    calm(
        "Look into your mail",
        &html! {
            p.lead { "If your address is on the roster, a link is on its way. It works once, for " (SIGN_IN_LINK_MINUTES) " minutes, in this browser." }
            p { "Nothing after a minute? Look into the spam folder, and check the address for typing errors. If it stays so, ask an admin of your organization whether this very address is on the roster." }
            p { a.button.button--quiet href={ "/sign-in?" (query) } { "Try another address" } }
        },
    )
}

/// The one button behind the mailed link.
pub(super) fn enter(token: &str, csrf: &str) -> Page<'static> {
    calm(
        "Sign in to Handoff",
        &html! {
            p.lead { "One click, and you are in. The link cannot be used again." }
            form method="post" action={ "/sign-in/" (token) } {
                (proof(csrf))
                button.button { "Sign in" }
            }
        },
    )
}

/// The link was opened elsewhere than it was asked for.
pub(super) fn other_browser() -> Page<'static> {
    calm(
        "Open this link in the browser where you asked for it",
        &html! {
            p.lead { "A sign-in link works only in the browser that asked for it, so that a mail that is passed on opens nothing." }
            p { "Copy the link from the mail into that browser, or ask for a new one here." }
            p { a.button href="/sign-in" { "Mail me a link for this browser" } }
        },
    )
}

/// The link is used, too old, or gone.
pub(super) fn over() -> Page<'static> {
    calm(
        "This link has been used or is too old",
        &html! {
            p.lead { "A sign-in link works once, for " (SIGN_IN_LINK_MINUTES) " minutes." }
            p { a.button href="/sign-in" { "Mail me a new link" } }
        },
    )
}

/// The address was taken off the roster meanwhile.
pub(super) fn unknown() -> Page<'static> {
    calm(
        "Your address is no longer on the roster",
        &html! { p.lead { "Ask an admin of your organization to add it again." } },
    )
}

/// Which organization, for somebody whom several know.
pub(super) fn choose(token: &str, csrf: &str, known: &[(Organization, Member)]) -> Page<'static> {
    calm(
        "Where do you want to go?",
        &html! {
            p.lead { "Your address is known to several organizations." }
            form method="post" action={ "/sign-in/" (token) } {
                (proof(csrf))
                div.stack {
                    @for (organization, _) in known {
                        p { button.button.button--quiet name="organization" value=(organization.id) { (organization.name) } }
                    }
                }
            }
        },
    )
}
