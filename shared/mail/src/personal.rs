//! Mails that a person wrote: no frame, no colours, nothing but their words, as any mail program would have made them.

use crate::clean;
use crate::renderer::Rendered;
use handoff_domain::outbox::WelcomeMail;
use linkify::{LinkFinder, LinkKind};
use maud::{DOCTYPE, Markup, html};

const FRAME: &str = "margin:0;padding:20px;font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;\
     font-size:15px;line-height:1.55;word-break:break-word";
const WIDTH: &str = "max-width:640px";
const PARAGRAPH: &str = "margin:0 0 1em";
const LIST: &str = "margin:0 0 1em;padding:0 0 0 1.4em";

/// Signs of a point in a list.
const BULLETS: [&str; 3] = ["- ", "* ", "• "];

/// The welcome mail of one reader, as it leaves and as its preview shows it.
pub fn welcome(mail: &WelcomeMail) -> Rendered {
    let (body, signature) = (clean::lines(&mail.body), signature(mail));
    Rendered {
        // Customers do not know Handoff: what goes to them comes from the organization, by name.
        sender: clean::line(&mail.organization_name),
        subject: clean::subject(&mail.subject),
        html: page(mail, &body, &signature),
        text: format!("{body}\n\n{}\n", signature.join("\n")),
    }
}

/// Who writes, from where, and how to answer.
fn signature(mail: &WelcomeMail) -> Vec<String> {
    let organization = clean::line(&mail.organization_name);
    let role = match organization.as_str() {
        "" => "Customer Success Manager".to_owned(),
        name => format!("Customer Success Manager, {name}"),
    };
    let lines = [clean::line(&mail.csm_name), role, mail.csm_email.to_string()];
    lines.into_iter().filter(|line| !line.is_empty()).collect()
}

fn page(mail: &WelcomeMail, body: &str, signature: &[String]) -> String {
    let page = html! {
        (DOCTYPE)
        html lang=(language(&mail.language)) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (clean::subject(&mail.subject)) }
            }
            body style=(FRAME) {
                div dir="auto" style=(WIDTH) {
                    @for paragraph in body.split("\n\n") { (blocks(paragraph)) }
                    p style="margin:0" { (lines(signature.iter().map(String::as_str))) }
                }
            }
        }
    };
    page.into_string()
}

/// A language code as HTML takes it; English for whatever is none.
fn language(code: &str) -> &str {
    let is_code = !code.is_empty() && code.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if is_code { code } else { "en" }
}

/// One paragraph: lines, and the points among them.
fn blocks(paragraph: &str) -> Markup {
    let all: Vec<&str> = paragraph.lines().collect();
    html! {
        @for run in all.chunk_by(|one, next| point(one).is_some() == point(next).is_some()) {
            @if run.first().is_some_and(|line| point(line).is_some()) {
                ul style=(LIST) { @for line in run.iter().filter_map(|line| point(line)) { li { (linked(line)) } } }
            } @else {
                p style=(PARAGRAPH) { (lines(run.iter().copied())) }
            }
        }
    }
}

fn point(line: &str) -> Option<&str> {
    BULLETS.iter().find_map(|bullet| line.trim_start().strip_prefix(bullet))
}

fn lines<'a>(lines: impl Iterator<Item = &'a str>) -> Markup {
    html! {
        @for (index, line) in lines.enumerate() {
            @if index > 0 { br; }
            (linked(line))
        }
    }
}

/// The line with its web addresses as links. Only what shows its own address becomes one.
fn linked(line: &str) -> Markup {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url]);
    html! {
        @for span in finder.spans(line) {
            @if span.kind().is_some() && is_web(span.as_str()) { a href=(span.as_str()) { (span.as_str()) } }
            @else { (span.as_str()) }
        }
    }
}

fn is_web(link: &str) -> bool {
    let scheme = link.split_once("://").map_or("", |(scheme, _)| scheme);
    scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")
}
