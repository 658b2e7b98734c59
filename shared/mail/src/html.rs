//! The HTML part: tables and inline styles, because that is what mail programs draw.

use crate::brand::Sign;
use crate::letter::{Answer, Block, Letter, Link, Quote, Waiting};
use crate::style::{self, Look};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// Outlook on Windows ignores `max-width`; this table is for it alone.
const OUTLOOK_TABLE: &str = r#"<!--[if mso]><table role="presentation" width="600" align="center" cellpadding="0" cellspacing="0"><tr><td><![endif]-->"#;
const OUTLOOK_TABLE_END: &str = "<!--[if mso]></td></tr></table><![endif]-->";

/// Keeps what follows the preheader out of lists of mails.
const PREHEADER_FILLER: &str = "&#847;&zwnj;&nbsp;";
const PREHEADER_FILLERS: usize = 60;

/// The whole document.
pub(crate) fn render(letter: &Letter, sign: Option<&Sign>) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="supported-color-schemes" content="light dark";
                meta name="format-detection" content="telephone=no, date=no, address=no";
                title { (letter.subject) }
                style { (PreEscaped(style::sheet())) }
            }
            body class=(style::PAGE.class) style=(style::PAGE.style()) {
                div style="display:none;max-height:0;overflow:hidden;mso-hide:all" {
                    (letter.preheader) (PreEscaped(PREHEADER_FILLER.repeat(PREHEADER_FILLERS)))
                }
                table class=(style::PAGE.class) role="presentation" width="100%" cellpadding="0" cellspacing="0" style=(style::PAGE.style()) {
                    tr {
                        td align="center" style="padding:28px 12px 40px" {
                            (PreEscaped(OUTLOOK_TABLE))
                            table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:600px;text-align:left" {
                                tr { (cell(&style::BRAND, brand(sign))) }
                                tr { (cell(&style::CARD, body(letter))) }
                                tr { (cell(&style::FOOTER, html! { (letter.footer) })) }
                            }
                            (PreEscaped(OUTLOOK_TABLE_END))
                        }
                    }
                }
            }
        }
    };
    page.into_string()
}

/// The logo on white, for it may be dark and the mail as well.
fn brand(sign: Option<&Sign>) -> Markup {
    html! {
        @match sign {
            None => "Handoff",
            Some(sign) => { img src=(sign.url) alt=(sign.name) width=(sign.width) height=(sign.height) style="display:block;border:0;background:#ffffff;padding:6px;border-radius:6px"; }
        }
    }
}

fn cell(look: &Look, content: Markup) -> Markup {
    html! { td class=(look.class) style=(look.style()) { (content) } }
}

fn paragraph(look: &Look, content: Markup) -> Markup {
    // The direction is the text's own: names and answers come in every script.
    html! { p class=(look.class) dir="auto" style=(look.style()) { (content) } }
}

fn body(letter: &Letter) -> Markup {
    html! {
        h1 class=(style::TITLE.class) dir="auto" style=(style::TITLE.style()) { (letter.title) }
        @for part in &letter.blocks { (block(part)) }
    }
}

fn block(block: &Block) -> Markup {
    match block {
        Block::Text(text) => paragraph(&style::TEXT, html! { (text) }),
        Block::Fine(text) => paragraph(&style::FINE, html! { (text) }),
        Block::Heading(text) => html! {
            h2 class=(style::HEADING.class) dir="auto" style=(style::HEADING.style()) { (text) }
        },
        Block::Button(link) => button(link),
        Block::Link(link) => paragraph(&style::TEXT, anchor(&link.url, link.label)),
        Block::Facts(facts) => fact_table(facts),
        Block::Note { title, text } => note(title, text),
        Block::List(points) => list(points),
        Block::Answer(answer) => question(answer),
        Block::Waiting(one) => waiting(one),
    }
}

fn anchor(url: &str, label: &str) -> Markup {
    html! { a class=(style::LINK.class) href=(url) style=(style::LINK.style()) { (label) } }
}

/// The cell is the button, so that it stays one where padding of links is ignored.
fn button(link: &Link) -> Markup {
    html! {
        table role="presentation" cellpadding="0" cellspacing="0" style="margin:8px 0 14px" {
            tr {
                td class=(style::BUTTON.class) align="center" bgcolor="#0f5c57" style=(style::BUTTON.style()) {
                    a class=(style::BUTTON_LABEL.class) href=(link.url) style=(style::BUTTON_LABEL.style()) { (link.label) }
                }
            }
        }
        (paragraph(&style::ADDRESS, html! { "Or copy this address into your browser: " (anchor(&link.url, &link.url)) }))
    }
}

fn fact_table(facts: &[(&'static str, String)]) -> Markup {
    html! {
        table width="100%" cellpadding="0" cellspacing="0" style="margin:6px 0 22px;border-collapse:collapse" {
            @for (name, value) in facts {
                tr {
                    th class=(style::FACT_NAME.class) scope="row" align="left" style={ (style::FACT_NAME.style()) ";font-weight:400" } { (name) }
                    td class=(style::FACT.class) dir="auto" style=(style::FACT.style()) { (value) }
                }
            }
        }
    }
}

fn note(title: &str, text: &str) -> Markup {
    html! {
        table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:0 0 22px" {
            tr {
                td class=(style::NOTE.class) style=(style::NOTE.style()) {
                    (paragraph(&style::NOTE_TITLE, html! { (title) }))
                    div dir="auto" { (broken(text)) }
                }
            }
        }
    }
}

fn list(points: &[(String, String)]) -> Markup {
    html! {
        ul style="margin:0 0 18px;padding:0 0 0 22px" {
            @for (point, remark) in points {
                li class=(style::POINT.class) dir="auto" style=(style::POINT.style()) {
                    @if remark.is_empty() { (point) } @else {
                        strong style="font-weight:600" { (point) }
                        br;
                        span class=(style::REMARK.class) style=(style::REMARK.style()) { (remark) }
                    }
                }
            }
        }
    }
}

fn waiting(one: &Waiting) -> Markup {
    html! {
        h3 class=(style::QUESTION.class) dir="auto" style=(style::QUESTION.style()) { (one.title) }
        (paragraph(&style::TEXT, html! { (one.text) br; (anchor(&one.step.url, one.step.label)) }))
    }
}

fn question(answer: &Answer) -> Markup {
    html! {
        h3 class=(style::QUESTION.class) dir="auto" style=(style::QUESTION.style()) { (answer.number) ". " (answer.wording) }
        @if !answer.text.is_empty() { (paragraph(&style::ANSWER, broken(&answer.text))) }
        p style="margin:0" { span class=(style::REMARK.class) style=(style::REMARK.style()) { (answer.origin) } }
        @for quote in &answer.evidence { (evidence(quote)) }
    }
}

fn evidence(quote: &Quote) -> Markup {
    html! {
        blockquote class=(style::QUOTE.class) dir="auto" style=(style::QUOTE.style()) {
            "“" (broken(&quote.words)) "”"
            br;
            span class=(style::REMARK.class) style={ (style::REMARK.style()) ";font-size:13px" } { (quote.place) }
        }
    }
}

/// Lines as lines: `white-space` is not honoured everywhere.
fn broken(text: &str) -> Markup {
    html! {
        @for (index, line) in text.lines().enumerate() {
            @if index > 0 { br; }
            (line)
        }
    }
}
