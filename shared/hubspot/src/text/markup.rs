//! HTML as lines of text, by the tokens of a browser's own tokenizer.
//!
//! No tree is built: what customers paste may be nested thousands deep, and the cost must not grow with the depth.

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use std::cell::RefCell;

/// Whether the text holds a tag, a comment or a character reference.
pub(super) fn is_in(text: &str) -> bool {
    text.split('<').skip(1).any(starts_tag) || text.split('&').skip(1).any(starts_reference)
}

/// `</name`, `<name` or `<!`, but neither `<5` nor `<name@host>`.
fn starts_tag(rest: &str) -> bool {
    let name = rest.strip_prefix('/').unwrap_or(rest);
    let after = name.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == ':' || c == '-');
    rest.starts_with('!')
        || name.starts_with(|c: char| c.is_ascii_alphabetic())
            && after.starts_with(|c: char| c.is_ascii_whitespace() || c == '>' || c == '/')
}

fn starts_reference(rest: &str) -> bool {
    let name = rest.split(';').next().unwrap_or_default();
    name.len() < rest.len()
        && (2..=10).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#')
}

/// The text that a reader would see. A text whose tags break no line breaks its lines where it was typed.
pub(super) fn render(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let breaks_itself = ["<p", "<br", "<div", "<li", "<tr", "<h"].iter().any(|tag| lower.contains(tag));
    let page = Page { depth_of_pre: usize::from(!breaks_itself), ..Page::default() };
    let tokenizer = Tokenizer::new(Sink(RefCell::new(page)), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(text));
    // The tokenizer pauses at the end of a script, and nowhere else.
    while !input.is_empty() {
        let _ = tokenizer.feed(&input);
    }
    tokenizer.end();
    tokenizer.sink.0.into_inner().text
}

struct Sink(RefCell<Page>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut page = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) => page.write(&text),
            Token::TagToken(tag) => {
                page.take_tag(&tag);
                if tag.kind == TagKind::StartTag
                    && let Some(kind) = raw_kind(&tag.name)
                {
                    return TokenSinkResult::RawData(kind);
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// Elements whose content is no markup.
fn raw_kind(name: &str) -> Option<RawKind> {
    match name {
        "script" => Some(RawKind::ScriptData),
        "style" | "xmp" | "iframe" | "noembed" | "noframes" => Some(RawKind::Rawtext),
        "title" | "textarea" => Some(RawKind::Rcdata),
        _ => None,
    }
}

#[derive(Default)]
struct Page {
    text: String,
    depth_of_pre: usize,
    is_unseen: bool,
}

impl Page {
    fn take_tag(&mut self, tag: &Tag) {
        let name = &*tag.name;
        let is_start = tag.kind == TagKind::StartTag;
        match name {
            "script" | "style" | "title" | "iframe" | "noembed" | "noframes" => self.is_unseen = is_start,
            "br" => self.text.push('\n'),
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote" | "table" | "hr" => {
                self.break_lines(2);
            }
            "div" | "ul" | "ol" | "tr" | "dt" | "dd" | "section" | "article" | "header" | "footer"
            | "address" | "figure" => self.break_lines(1),
            "li" => {
                self.break_lines(1);
                self.text.push_str(if is_start { "- " } else { "" });
            }
            "td" | "th" if is_start && !self.is_at_line_start() => self.text.push_str(" | "),
            "pre" => {
                self.break_lines(1);
                let depth = self.depth_of_pre;
                self.depth_of_pre = if is_start { depth + 1 } else { depth.saturating_sub(1) };
            }
            "img" => {
                let alt = tag.attrs.iter().find(|attribute| &*attribute.name.local == "alt");
                self.write(alt.map_or("", |alt| &alt.value));
            }
            // Mail programs write addresses in angle brackets into bodies that are otherwise HTML.
            address if is_start && address.contains('@') => self.write(&format!("<{address}>")),
            _ => {}
        }
    }

    fn write(&mut self, text: &str) {
        if self.is_unseen {
            return;
        }
        if self.depth_of_pre > 0 {
            self.text.push_str(text);
            return;
        }
        for c in text.chars() {
            if !c.is_ascii_whitespace() {
                self.text.push(c);
            } else if !self.text.ends_with(' ') && !self.is_at_line_start() {
                self.text.push(' ');
            }
        }
    }

    fn is_at_line_start(&self) -> bool {
        self.text.is_empty() || self.text.ends_with('\n')
    }

    fn break_lines(&mut self, count: usize) {
        let trimmed = self.text.trim_end_matches(' ').len();
        self.text.truncate(trimmed);
        while !self.text.is_empty() && self.text.len() - self.text.trim_end_matches('\n').len() < count {
            self.text.push('\n');
        }
    }
}
