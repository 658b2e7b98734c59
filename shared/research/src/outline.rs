//! A page by the tokens of a browser's own tokenizer: what it says of itself, where it leads, the text that a reader would
//! see, and how large and deep it is. No tree is built, so that a hostile page costs no more than its length.

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use std::cell::RefCell;

/// Links that are looked at.
const LINKS_MAX: usize = 1000;
/// Text of one link that is kept, in bytes.
const LINK_TEXT_MAX_BYTES: usize = 200;
/// Blocks of linked data that are looked at, and the largest of them, in bytes.
const LINKED_DATA_MAX: usize = 10;
const LINKED_DATA_MAX_BYTES: usize = 128 * 1024;
/// Longest title and description, in bytes.
const FIELD_MAX_BYTES: usize = 2000;

/// What a page is made of.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    pub(crate) title: String,
    /// `description` and `og:description`.
    pub(crate) descriptions: Vec<String>,
    /// Blocks of JSON-LD.
    pub(crate) linked_data: Vec<String>,
    pub(crate) links: Vec<Link>,
    /// Without scripts, navigation and footer.
    pub(crate) text: String,
    pub(crate) elements: usize,
    /// The deepest nesting, roughly: elements that end by themselves are left out.
    pub(crate) depth: usize,
    state: State,
}

/// One link.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) href: String,
    pub(crate) text: String,
}

#[derive(Debug, Default)]
struct State {
    depth: usize,
    unseen: usize,
    in_title: bool,
    in_script: bool,
    in_linked_data: bool,
    in_link: bool,
}

/// The outline of a page.
pub(crate) fn of(html: &str) -> Outline {
    let tokenizer = Tokenizer::new(Sink(RefCell::default()), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    // The tokenizer pauses at the end of a script, and nowhere else.
    while !input.is_empty() {
        let _ = tokenizer.feed(&input);
    }
    tokenizer.end();
    tokenizer.sink.0.into_inner()
}

struct Sink(RefCell<Outline>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut outline = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) => outline.take_text(&text),
            Token::TagToken(tag) => {
                outline.take_tag(&tag);
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

impl Outline {
    fn take_tag(&mut self, tag: &Tag) {
        let (name, is_start) = (&*tag.name, tag.kind == TagKind::StartTag);
        self.measure(name, is_start && !tag.self_closing, tag.kind == TagKind::EndTag);
        match name {
            "title" => self.state.in_title = is_start && self.title.is_empty() && self.state.unseen == 0,
            "script" => {
                self.state.in_script = is_start;
                let is_data = is_start && attribute(tag, "type").eq_ignore_ascii_case("application/ld+json");
                self.state.in_linked_data = is_data && self.linked_data.len() < LINKED_DATA_MAX;
                if self.state.in_linked_data {
                    self.linked_data.push(String::new());
                }
            }
            "style" | "xmp" | "iframe" | "noembed" | "noframes" | "textarea" => {
                self.state.in_script = is_start;
            }
            "meta" if is_start => self.take_meta(tag),
            "a" => self.take_link(tag, is_start),
            "nav" | "footer" | "form" | "noscript" | "svg" | "template" if !tag.self_closing => {
                let unseen = self.state.unseen;
                self.state.unseen = if is_start { unseen + 1 } else { unseen.saturating_sub(1) };
            }
            _ => {}
        }
        if self.state.unseen == 0 {
            self.break_lines(name, is_start);
        }
    }

    fn measure(&mut self, name: &str, opens: bool, closes: bool) {
        self.elements += usize::from(opens);
        let ends_by_itself = matches!(
            name,
            "area"
                | "base"
                | "br"
                | "col"
                | "embed"
                | "hr"
                | "img"
                | "input"
                | "link"
                | "meta"
                | "source"
                | "track"
                | "wbr"
                | "p"
                | "li"
                | "dt"
                | "dd"
                | "td"
                | "tr"
                | "th"
                | "option"
                | "html"
                | "head"
                | "body"
        );
        if !ends_by_itself {
            let depth = self.state.depth;
            self.state.depth = if opens { depth + 1 } else { depth.saturating_sub(usize::from(closes)) };
            self.depth = self.depth.max(self.state.depth);
        }
    }

    fn take_meta(&mut self, tag: &Tag) {
        let name = [attribute(tag, "name"), attribute(tag, "property")].concat().to_ascii_lowercase();
        if matches!(name.as_str(), "description" | "og:description") && self.descriptions.len() < 2 {
            self.descriptions.push(cut(attribute(tag, "content"), FIELD_MAX_BYTES).to_owned());
        }
    }

    fn take_link(&mut self, tag: &Tag, is_start: bool) {
        let href = attribute(tag, "href");
        self.state.in_link = is_start && !href.is_empty() && self.links.len() < LINKS_MAX;
        if self.state.in_link {
            self.links.push(Link { href: href.to_owned(), text: attribute(tag, "aria-label").to_owned() });
        }
    }

    fn take_text(&mut self, text: &str) {
        if self.state.in_title {
            self.title.push_str(cut(text, FIELD_MAX_BYTES.saturating_sub(self.title.len())));
            return;
        }
        if self.state.in_linked_data {
            if let Some(data) = self.linked_data.last_mut() {
                data.push_str(cut(text, LINKED_DATA_MAX_BYTES.saturating_sub(data.len())));
            }
            return;
        }
        if self.state.in_script {
            return;
        }
        if self.state.in_link
            && let Some(link) = self.links.last_mut()
        {
            link.text.push(' ');
            link.text.push_str(cut(text, LINK_TEXT_MAX_BYTES.saturating_sub(link.text.len())));
        }
        if self.state.unseen == 0 {
            self.write(text);
        }
    }

    fn write(&mut self, text: &str) {
        for c in text.chars() {
            if !c.is_whitespace() {
                self.text.push(c);
            } else if !self.text.ends_with([' ', '\n']) && !self.text.is_empty() {
                self.text.push(' ');
            }
        }
    }

    fn break_lines(&mut self, name: &str, is_start: bool) {
        match name {
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote" | "table" | "hr" | "section"
            | "article" => {
                self.new_line(2);
            }
            "br" | "div" | "ul" | "ol" | "tr" | "dt" | "dd" | "header" | "main" | "aside" | "address"
            | "figure" | "figcaption" | "button" | "option" => self.new_line(1),
            "li" => {
                self.new_line(1);
                self.text.push_str(if is_start { "- " } else { "" });
            }
            "td" | "th" if is_start && !self.text.ends_with('\n') => self.text.push_str(" | "),
            _ => {}
        }
    }

    fn new_line(&mut self, count: usize) {
        let kept = self.text.strip_suffix("- ").unwrap_or(&self.text).trim_end_matches(' ').len();
        self.text.truncate(kept);
        while !self.text.is_empty() && self.text.len() - self.text.trim_end_matches('\n').len() < count {
            self.text.push('\n');
        }
    }
}

fn attribute<'a>(tag: &'a Tag, name: &str) -> &'a str {
    tag.attrs.iter().find(|attribute| &*attribute.name.local == name).map_or("", |attribute| &attribute.value)
}

pub(crate) fn cut(text: &str, max_bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(max_bytes)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_what_it_is_and_where_it_leads() {
        let outline = of(r#"<!doctype html><html><head><title>Brightwater &amp; Sons</title>
            <meta name="description" content="Pumps since 1912"><meta property="og:description" content="Pumps">
            <script type="application/ld+json">{"@type": "Organization"}</script><script>var a = "<p>no</p>";</script>
            </head><body><nav><a href="/about">About <b>us</b></a></nav><h1>Water, moved.</h1><p>We make
            pumps.<ul><li>small<li>large</ul><table><tr><td>a<td>b</table><footer>© <a href=/legal>Legal</a></footer>"#);
        assert_eq!(outline.title, "Brightwater & Sons");
        assert_eq!(outline.descriptions, ["Pumps since 1912", "Pumps"]);
        assert_eq!(outline.linked_data, [r#"{"@type": "Organization"}"#]);
        let links: Vec<_> = outline.links.iter().map(|link| (link.href.as_str(), link.text.trim())).collect();
        assert_eq!(links, [("/about", "About  us"), ("/legal", "Legal")]);
        assert_eq!(outline.text.trim(), "Water, moved.\n\nWe make pumps.\n- small\n- large\n\na | b");
    }

    #[test]
    fn a_title_within_a_drawing_is_not_the_pages() {
        let outline = of("<svg><title>Logo</title></svg><title>Real</title><title>Late</title>");
        assert_eq!(outline.title, "Real");
    }

    #[test]
    fn depth_and_size_are_measured_without_a_tree() {
        let outline = of(&"<div>".repeat(100_000));
        assert_eq!((outline.depth, outline.elements), (100_000, 100_000));
        assert!(of(&"<p>x<li>y<br>".repeat(10_000)).depth <= 1);
    }
}
