//! The frame of every signed-in page: where one can go, whose organization it is, who is signed in.

use crate::assets::{self, Asset};
use crate::page::{Frame, answer, document, logo};
use axum::response::Response;
use http::StatusCode;
use maud::{Markup, html};

/// One place in the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NavItem {
    /// Its path.
    pub href: &'static str,
    /// What it is called.
    pub label: &'static str,
}

/// A signed-in page.
#[derive(Debug)]
pub struct Shell<'a> {
    /// Of the window; the product's name is added.
    pub title: &'a str,
    /// Where one can go.
    pub nav: &'a [NavItem],
    /// Where one is: the path of an item, or of a page below it.
    pub at: &'a str,
    /// The organization's name.
    pub organization: &'a str,
    /// Where its logo is, if it has one.
    pub logo: Option<String>,
    /// The name of who is signed in.
    pub who: &'a str,
    /// Their id.
    pub who_id: &'a str,
    /// The proof for the button that signs out.
    pub csrf: &'a str,
    /// Whether the page has tables or columns that need the room of a desk.
    pub wide: bool,
    /// What this page needs besides the scripts of all signed-in pages.
    pub script: Option<&'static Asset>,
    /// Everything inside `<main>`, beginning with the one `<h1>`.
    pub body: Markup,
}

impl Shell<'_> {
    /// The whole document.
    pub fn render(&self) -> Markup {
        let main = html! {
            main #main.main--wide[self.wide] tabindex="-1" { (self.body) }
            p #said.visually-hidden role="status" {}
        };
        let scripts: Vec<&'static Asset> =
            [assets::htmx()].into_iter().chain(self.script).chain([assets::console_script()]).collect();
        let frame = Frame { scripts: &scripts, who: Some(self.who_id) };
        document(self.title, &frame, &self.header(), &main)
    }

    /// The document as an answer.
    pub fn respond(&self, status: StatusCode) -> Response {
        answer(status, self.render())
    }

    fn header(&self) -> Markup {
        html! {
            div.shell {
                a.shell__home href="/accounts" aria-label="Handoff: accounts" { (logo()) }
                nav.shell__nav aria-label="Main" {
                    @for item in self.nav {
                        a href=(item.href) aria-current=[self.current(item)] { (item.label) }
                    }
                }
                div.shell__who {
                    @if let Some(logo) = &self.logo { img.shell__logo src=(logo) alt=""; }
                    span.shell__name { b { (self.who) } " " span { (self.organization) } }
                    form method="post" action="/sign-out" {
                        input type="hidden" name="csrf" value=(self.csrf);
                        button.button.button--quiet.button--small { "Sign out" }
                    }
                }
            }
        }
    }

    fn current(&self, item: &NavItem) -> Option<&'static str> {
        let below = self.at.strip_prefix(item.href);
        match below {
            Some("") => Some("page"),
            Some(rest) if rest.starts_with('/') => Some("true"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(at: &str) -> String {
        let nav =
            [NavItem { href: "/accounts", label: "Accounts" }, NavItem { href: "/help", label: "Help" }];
        let page = Shell {
            title: "T",
            nav: &nav,
            at,
            organization: "O&",
            logo: None,
            who: "<W>",
            who_id: "w",
            csrf: "proof",
            wide: false,
            script: None,
            body: html! { h1 { "T" } },
        };
        page.render().into_string()
    }

    #[test]
    fn the_place_is_marked_on_its_page_and_below() {
        assert!(shell("/accounts").contains("href=\"/accounts\" aria-current=\"page\""));
        assert!(shell("/accounts/d1").contains("href=\"/accounts\" aria-current=\"true\""));
        assert!(!shell("/accountsx").contains("aria-current"));
    }

    #[test]
    fn names_are_text_and_the_way_out_carries_the_proof() {
        let page = shell("/help");
        assert!(page.contains("&lt;W&gt;") && page.contains("O&amp;") && page.contains("value=\"proof\""));
        assert!(!page.contains(" style=") && !page.contains("<script>"));
    }
}
