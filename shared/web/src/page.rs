//! The frame of every page: head, header, main, footer.

use crate::assets::{self, Asset};
use crate::inline;
use axum::response::{IntoResponse as _, Response};
use http::{StatusCode, header};
use maud::{DOCTYPE, Markup, html};

/// What differs between pages.
#[derive(Debug)]
pub struct Page<'a> {
    /// Of the window; the product's name is added.
    pub title: &'a str,
    /// Whose page it is, shown in the header; empty shows the product alone.
    pub brand: &'a str,
    /// The script of this page, if it has one.
    pub script: Option<&'static Asset>,
    /// Everything inside `<main>`, beginning with the one `<h1>`.
    pub body: Markup,
}

impl Page<'_> {
    /// The whole document.
    pub fn render(&self) -> Markup {
        let header = html! {
            div.site-header__inner {
                (logo())
                @if !self.brand.is_empty() { span.site-header__brand { (self.brand) } }
            }
        };
        let frame = Frame { scripts: self.script.as_slice(), ..Frame::default() };
        document(self.title, &frame, &header, &html! { main #main tabindex="-1" { (self.body) } })
    }

    /// The document as an answer.
    pub fn respond(&self, status: StatusCode) -> Response {
        answer(status, self.render())
    }
}

/// A page as an answer.
pub(crate) fn answer(status: StatusCode, document: Markup) -> Response {
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    (status, headers, document.into_string()).into_response()
}

/// What stands around the words of a page.
#[derive(Default)]
pub(crate) struct Frame<'a> {
    /// In the order in which they run.
    pub(crate) scripts: &'a [&'static Asset],
    /// Who is signed in, as an id that tells nothing; `None` on pages without.
    pub(crate) who: Option<&'a str>,
}

/// The document around a header and a `<main>`.
pub(crate) fn document(title: &str, frame: &Frame<'_>, header: &Markup, main: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex, nofollow";
                title { (title) " · Handoff" }
                link rel="icon" href=(assets::icon().url()) type="image/svg+xml";
                link rel="stylesheet" href=(assets::stylesheet().url());
                @if frame.who.is_some() { meta name="htmx-config" content=(inline::CONFIG); }
                @for script in frame.scripts { script src=(script.url()) defer {} }
            }
            body data-who=[frame.who] {
                a.skip-link href="#main" { "Skip to content" }
                header.site-header { (header) }
                (main)
            }
        }
    }
}

/// The product's sign and name.
pub(crate) fn logo() -> Markup {
    html! { span.logo { (mark()) "Handoff" } }
}

fn mark() -> Markup {
    html! {
        svg.logo__mark viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false" {
            rect width="24" height="24" rx="6" fill="currentColor" {}
            path d="M6 12h8.5M11 7.5l4.5 4.5-4.5 4.5M18.5 7v10" fill="none" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" class="logo__stroke" {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_no_inline_script_or_style() {
        let body = html! { h1 { "<b>" } };
        let page = Page { title: "T<", brand: "O&", script: Some(assets::form_script()), body };
        let text = page.render().into_string();
        assert!(text.contains("<title>T&lt; · Handoff</title>") && text.contains("O&amp;"));
        assert!(!text.contains(" style=") && !text.contains("<style") && !text.contains("<script>"));
    }
}
