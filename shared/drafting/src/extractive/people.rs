//! Stakeholders: the contacts with their titles, then what the sources say about who decides.

use crate::clean;
use crate::drafter::DraftRequest;
use crate::evidence::citation_at;
use crate::extractive::compose::{Found, Statement, found, groups, mean, says_the_same, statement};
use crate::extractive::ranking::Ranked;
use crate::machine::speaks_to_a_machine;
use crate::words::Words;
use handoff_domain::question::Question;
use handoff_domain::source::{Source, SourceKind};
use std::ops::Range;

/// Contacts that are listed.
const CONTACTS_MAX: usize = 6;

/// Sentences that are added to them.
const SENTENCES_MAX: usize = 5;

/// One line per contact whose record says what they do, then the best sentences.
pub(crate) fn stakeholders<'a>(
    question: &Question,
    request: &DraftRequest<'a>,
    ranked: &[Ranked<'a, 'a>],
) -> Option<Found<'a>> {
    let words = Words::of(request.language);
    let contacts = request.sources.iter().filter(|source| source.kind == SourceKind::Contact);
    let mut listed: Vec<Person<'a>> = contacts.filter_map(Person::read).collect();
    listed.sort_by_key(|person| {
        (std::cmp::Reverse(person.rank()), person.name.clone(), person.source.id.clone())
    });
    listed.truncate(CONTACTS_MAX);
    let mut statements: Vec<Statement<'a>> = listed.into_iter().map(Person::into_statement).collect();
    let told: Vec<Ranked<'a, 'a>> =
        ranked.iter().filter(|ranked| ranked.passage.source.kind != SourceKind::Contact).copied().collect();
    let sentences = groups(&told, SENTENCES_MAX, says_the_same);
    statements.extend(sentences.iter().map(|group| statement(group, &words)));
    let chance = mean(&sentences);
    found(question, statements, if sentences.is_empty() { 0.9 } else { chance }, false)
}

/// What a contact record says of one person.
struct Person<'a> {
    source: &'a Source,
    name: String,
    title: Option<Range<usize>>,
    role: Option<Range<usize>>,
}

impl<'a> Person<'a> {
    fn read(source: &'a Source) -> Option<Self> {
        let value = |labels: &[&str]| {
            fields(&source.body).find(|(label, _)| labels.contains(&label.as_str())).map(|(_, range)| range)
        };
        let text = |range: Option<Range<usize>>| range.map(|range| source.body[range].to_owned());
        let title = value(&["jobtitle", "title", "role", "position"]);
        let role = value(&["buyingrole", "hsbuyingrole", "roleinthedeal"]);
        let full = text(value(&["name", "fullname", "contact"])).or_else(|| {
            let parts = [text(value(&["firstname"])), text(value(&["lastname"]))];
            let joined = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
            (!joined.is_empty()).then_some(joined)
        });
        let name = clean::one_line(&full.unwrap_or_else(|| source.title.clone()));
        let shown = [&title, &role]
            .into_iter()
            .flatten()
            .all(|range| !speaks_to_a_machine(&source.body[range.clone()]));
        let is_known = (title.is_some() || role.is_some()) && !name.is_empty();
        (is_known && shown && !speaks_to_a_machine(&name)).then_some(Self { source, name, title, role })
    }

    /// Who decides stands first.
    fn rank(&self) -> u8 {
        let has = |range: &Option<Range<usize>>, words: &[&str]| {
            let text = range
                .as_ref()
                .map(|range| self.source.body[range.clone()].to_lowercase())
                .unwrap_or_default();
            words.iter().any(|word| text.contains(word))
        };
        let decides = has(&self.role, &["decision", "budget", "executive"]);
        let leads = has(
            &self.title,
            &["chief", "ceo", "cfo", "cto", "coo", "cio", "cro", "founder", "owner", "geschäftsführ"],
        );
        let heads = has(&self.title, &["vp", "vice president", "head", "director", "direct", "leiter"]);
        u8::from(decides) * 8
            + u8::from(has(&self.role, &["champion"])) * 4
            + u8::from(leads) * 2
            + u8::from(heads)
    }

    fn into_statement(self) -> Statement<'a> {
        let text_of = |range: &Range<usize>| clean::one_line(&self.source.body[range.clone()]);
        let mut text = self.name.clone();
        if let Some(title) = &self.title {
            text = format!("{text}, {}", text_of(title));
        }
        if let Some(role) = &self.role {
            text = format!("{text} ({})", text_of(role).replace('_', " ").to_lowercase());
        }
        let quotes = [self.title, self.role].into_iter().flatten();
        let citations =
            quotes.map(|range| citation_at(self.source, whole_line(&self.source.body, range))).collect();
        Statement { text, citations, sources: vec![self.source] }
    }
}

/// The labelled lines of a record: the label without spaces in lower case, and where its value stands.
fn fields(body: &str) -> impl Iterator<Item = (String, Range<usize>)> {
    let mut offset = 0;
    body.split_inclusive('\n').filter_map(move |line| {
        let start = offset;
        offset += line.len();
        let (label, value) = line.split_once(':')?;
        let label = label.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
        let value_start = start + (line.len() - value.len()) + (value.len() - value.trim_start().len());
        let range = value_start..value_start + value.trim().len();
        (!range.is_empty()).then_some((label, range))
    })
}

fn whole_line(body: &str, value: Range<usize>) -> Range<usize> {
    body[..value.start].rfind('\n').map_or(0, |at| at + 1)..value.end
}
