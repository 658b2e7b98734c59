//! Reading a customer's website: what is asked of the function that does it, what it may hand back, and what of that is
//! believed. It meets the open internet, so its answer can say nothing but pages and gaps of these shapes.

use crate::id::{AccountId, CorrelationId, OrganizationId, RunId, SourceId};
use crate::limits::{RESEARCH_PAGE_MAX_BYTES, RESEARCH_PAGES_MAX, RESEARCH_WAIT_SECONDS};
use crate::source::{Source, SourceGap, SourceKind};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Longest host, path and title of a page that are kept, in characters.
const LINE_MAX_CHARACTERS: usize = 250;

/// That the website was asked for, kept with the handoff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Research {
    /// What an answer must carry to belong to this question.
    pub ticket: RunId,
    /// When it was asked for first.
    pub asked_at: Timestamp,
}

impl Research {
    /// Whether the answer is still waited for; afterwards the handoff is drafted without it.
    pub fn is_awaited(&self, now: Timestamp) -> bool {
        let wait = SignedDuration::from_secs(RESEARCH_WAIT_SECONDS);
        now < self.asked_at.checked_add(wait).unwrap_or(Timestamp::MAX)
    }
}

/// A website to read. All that the reading function is ever told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResearchWanted {
    /// Whose way it is a step of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation: Option<CorrelationId>,
    /// Whose.
    pub organization: OrganizationId,
    /// Which handoff waits.
    pub account: AccountId,
    /// Comes back with the answer.
    pub ticket: RunId,
    /// The address as the CRM holds it; not checked.
    pub website: String,
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Researched {
    /// As in the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation: Option<CorrelationId>,
    /// As in the question.
    pub organization: OrganizationId,
    /// As in the question.
    pub account: AccountId,
    /// As in the question.
    pub ticket: RunId,
    /// The pages; the first one is the one that was asked for.
    pub pages: Vec<WebPage>,
    /// What could not be read.
    pub gaps: Vec<WebGap>,
}

/// One page, as plain text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebPage {
    /// The host that served it.
    pub host: String,
    /// Its path, beginning with a slash.
    pub path: String,
    /// Its title; may be empty.
    pub title: String,
    /// What a reader would see of it, and what it says of itself to search engines.
    pub text: String,
    /// When it was read.
    pub read_at: Timestamp,
}

/// Why a website, or a part of it, could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebGap {
    /// What the CRM holds is no address of a public website.
    NotAnAddress,
    /// It is a page of a social network; these are never read.
    SocialNetwork,
    /// No such host, no connection, no valid certificate, or an address that is not public.
    Unreachable,
    /// It took longer than it may.
    TimedOut,
    /// Its robots.txt says no.
    NotAllowed,
    /// Its robots.txt could not be had, which counts as a no.
    NoPermission,
    /// It answered with an error, or sent on from page to page.
    Failed,
    /// Its page is neither HTML nor text.
    NotText,
    /// Its pages hold no text, as those that are built by scripts.
    Empty,
    /// So many of its further pages could not be read.
    Pages(u8),
    /// A page was longer than what is read of one.
    Cut,
}

impl WebGap {
    /// For people.
    pub fn reason(self) -> String {
        let words = match self {
            Self::NotAnAddress => "The website’s address in the CRM is not one that can be read",
            Self::SocialNetwork => "The website in the CRM is a page of a social network; those are not read",
            Self::Unreachable => "The website could not be reached",
            Self::TimedOut => "The website did not answer in time",
            Self::NotAllowed => "The website does not allow programs to read it",
            Self::NoPermission => "The website did not say whether programs may read it",
            Self::Failed => "The website answered with an error",
            Self::NotText => "The website’s page is not text",
            Self::Empty => "The website’s pages hold no text that a program can read",
            Self::Pages(1) => "One page of the website could not be read",
            Self::Pages(count) => return format!("{count} pages of the website could not be read"),
            Self::Cut => "Only the beginning of a long page of the website was read",
        };
        words.to_owned()
    }
}

impl From<WebGap> for SourceGap {
    fn from(gap: WebGap) -> Self {
        Self { kind: SourceKind::Website, reason: gap.reason() }
    }
}

impl Researched {
    /// The pages as sources, cut to what a page may be: whoever reads the open internet is not trusted to have done so.
    pub fn sources(&self) -> Vec<Source> {
        let pages = self.pages.iter().take(RESEARCH_PAGES_MAX).enumerate();
        pages.filter_map(|(index, page)| page.source(index + 1)).collect()
    }

    /// What could not be read, each reason once.
    pub fn gaps(&self) -> Vec<SourceGap> {
        let mut gaps: Vec<SourceGap> = Vec::new();
        for gap in self.gaps.iter().take(RESEARCH_PAGES_MAX).map(|gap| SourceGap::from(*gap)) {
            if !gaps.contains(&gap) {
                gaps.push(gap);
            }
        }
        gaps
    }
}

impl WebPage {
    /// The page as the source number `place`; `None` when it says nothing.
    fn source(&self, place: usize) -> Option<Source> {
        let id = SourceId::parse(format!("website-{place}")).ok()?;
        let body = visible(&self.text, true);
        let body = body.get(..body.floor_char_boundary(RESEARCH_PAGE_MAX_BYTES))?.trim().to_owned();
        let (host, title) = (line(&self.host), line(&self.title));
        let title = if title.is_empty() { format!("{host}{}", line(&self.path)) } else { title };
        (!body.is_empty()).then(|| Source {
            id,
            kind: SourceKind::Website,
            title,
            author: Some(host).filter(|host| !host.is_empty()),
            date: Some(self.read_at),
            body,
        })
    }
}

/// One short line without anything that hides or turns text round.
fn line(text: &str) -> String {
    let text: String = text.chars().take(LINE_MAX_CHARACTERS).collect();
    visible(&text, false).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Without characters that are not seen: control characters, directions, tags, and those that SQS refuses.
fn visible(text: &str, keeps_lines: bool) -> String {
    let is_seen = |c: &char| {
        let hides = matches!(*c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
            | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e0fff}');
        !hides && (!c.is_control() || keeps_lines && *c == '\n')
    };
    text.chars().map(|c| if c == '\t' { ' ' } else { c }).filter(is_seen).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str) -> WebPage {
        WebPage {
            host: "www.brightwater.example".into(),
            path: "/about".into(),
            title: " About\u{202e}\n us ".into(),
            text: text.into(),
            read_at: Timestamp::UNIX_EPOCH,
        }
    }

    fn researched(pages: Vec<WebPage>, gaps: Vec<WebGap>) -> Researched {
        Researched {
            correlation: None,
            organization: OrganizationId::parse("hs1").unwrap(),
            account: AccountId::parse("d1").unwrap(),
            ticket: RunId::parse("r-1").unwrap(),
            pages,
            gaps,
        }
    }

    #[test]
    fn an_answer_is_waited_for_a_minute() {
        let asked_at = Timestamp::UNIX_EPOCH;
        let research = Research { ticket: RunId::parse("r-1").unwrap(), asked_at };
        let after = |seconds| asked_at.checked_add(SignedDuration::from_secs(seconds)).unwrap();
        assert!(research.is_awaited(after(RESEARCH_WAIT_SECONDS - 1)));
        assert!(!research.is_awaited(after(RESEARCH_WAIT_SECONDS)));
    }

    #[test]
    fn a_page_becomes_a_source_of_the_website_whatever_it_says_of_itself() {
        let answer =
            researched(vec![page("Water\u{200b} pumps\u{0}\u{fffe}\nsince 1912"), page(" ")], vec![]);
        let sources = answer.sources();
        assert_eq!(sources.len(), 1, "an empty page says nothing");
        let source = &sources[0];
        assert_eq!((source.id.as_str(), source.kind), ("website-1", SourceKind::Website));
        assert_eq!(
            (source.title.as_str(), source.author.as_deref()),
            ("About us", Some("www.brightwater.example"))
        );
        assert_eq!(source.body, "Water pumps\nsince 1912");
        let untitled = WebPage { title: String::new(), ..page("x") };
        assert_eq!(researched(vec![untitled], vec![]).sources()[0].title, "www.brightwater.example/about");
    }

    #[test]
    fn more_than_may_be_is_cut() {
        let long = "ä".repeat(RESEARCH_PAGE_MAX_BYTES);
        let answer = researched(vec![page(&long); 50], vec![WebGap::Cut; 50]);
        let sources = answer.sources();
        assert_eq!(sources.len(), RESEARCH_PAGES_MAX);
        assert!(sources.iter().all(|source| source.body.len() <= RESEARCH_PAGE_MAX_BYTES));
        assert_eq!(answer.gaps().len(), 1);
    }

    #[test]
    fn the_longest_answer_fits_into_a_message() {
        let long = "\"\u{1f600}".repeat(RESEARCH_PAGE_MAX_BYTES);
        let read = researched(vec![page(&long); RESEARCH_PAGES_MAX], vec![]);
        let cut =
            read.sources().iter().map(|source| serde_json::to_string(source).unwrap().len()).sum::<usize>();
        assert!(cut < 512 * 1024, "{cut}");
    }
}
