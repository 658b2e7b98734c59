//! What the eight first questions are about: the words that give an answer away, in the languages that sources come in.

use aho_corasick::AhoCorasick;
use handoff_domain::id::QuestionId;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// One subject and its cues: folded words with a space in front, and one behind unless they begin a longer word.
#[derive(Debug, Default)]
pub(crate) struct Subject {
    /// The first question's id.
    pub(crate) id: String,
    /// One of these alone makes a passage worth showing.
    pub(crate) strong: Vec<String>,
    /// These count beside a strong one, or several together.
    pub(crate) weak: Vec<String>,
    /// Headings and labels under which answers stand.
    pub(crate) headings: Vec<String>,
}

/// Section of the cue file that is no subject: errands.
const ERRANDS: &str = "errands";

static SECTIONS: LazyLock<BTreeMap<String, Subject>> = LazyLock::new(|| parse(include_str!("cues.txt")));

/// The subject of a question, by the id that it keeps through all versions.
pub(crate) fn subject(question: &QuestionId) -> Option<&'static Subject> {
    SECTIONS.get(question.as_str()).filter(|subject| subject.id != ERRANDS)
}

/// All of them.
pub(crate) fn subjects() -> impl Iterator<Item = &'static Subject> {
    SECTIONS.values().filter(|subject| subject.id != ERRANDS)
}

/// How many cues of each subject stand in some folded words.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hits(BTreeMap<&'static str, [usize; 3]>);

impl Hits {
    /// Counts each cue once.
    pub(crate) fn of(words: &str) -> Self {
        let mut hits = Self::default();
        let mut seen = BTreeSet::new();
        if let Some(finder) = &FINDER.automaton {
            for found in finder.find_overlapping_iter(words).map(|found| found.pattern().as_usize()) {
                if let Some((subject, list)) = FINDER.owners.get(found).filter(|_| seen.insert(found)) {
                    hits.0.entry(*subject).or_default()[*list] += 1;
                }
            }
        }
        hits
    }

    /// Strong cues of the subject.
    pub(crate) fn strong(&self, subject: &Subject) -> usize {
        self.count(&subject.id, 0)
    }

    /// Weak cues of the subject.
    pub(crate) fn weak(&self, subject: &Subject) -> usize {
        self.count(&subject.id, 1)
    }

    /// Headings of the subject.
    pub(crate) fn headings(&self, subject: &Subject) -> usize {
        self.count(&subject.id, 2)
    }

    /// Words in which people arrange meetings and send papers.
    pub(crate) fn errands(&self) -> usize {
        self.count(ERRANDS, 0)
    }

    fn count(&self, id: &str, list: usize) -> usize {
        self.0.get(id).map_or(0, |counts| counts[list])
    }
}

/// All cues in one automaton, and whose each is.
struct Finder {
    automaton: Option<AhoCorasick>,
    owners: Vec<(&'static str, usize)>,
}

static FINDER: LazyLock<Finder> = LazyLock::new(|| {
    let lists = SECTIONS.values().flat_map(|section| {
        [&section.strong, &section.weak, &section.headings]
            .into_iter()
            .enumerate()
            .flat_map(move |(list, cues)| cues.iter().map(move |cue| (cue, (section.id.as_str(), list))))
    });
    let (cues, owners): (Vec<&String>, Vec<_>) = lists.unzip();
    Finder { automaton: AhoCorasick::new(cues).ok(), owners }
});

fn parse(text: &str) -> BTreeMap<String, Subject> {
    let mut sections: BTreeMap<String, Subject> = BTreeMap::new();
    let mut id = String::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            name.clone_into(&mut id);
            continue;
        }
        let Some((kind, cues)) = line.split_once(": ") else { continue };
        let section =
            sections.entry(id.clone()).or_insert_with(|| Subject { id: id.clone(), ..Subject::default() });
        let list = match kind {
            "strong" => &mut section.strong,
            "weak" => &mut section.weak,
            _ => &mut section.headings,
        };
        list.extend(cues.split(", ").map(cue));
    }
    sections
}

fn cue(text: &str) -> String {
    text.strip_suffix('*').map_or_else(|| format!(" {text} "), |beginning| format!(" {beginning}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractive::language::padded;
    use handoff_domain::question::QuestionSet;

    #[test]
    fn every_first_question_has_a_subject_with_cues() {
        for question in QuestionSet::first().questions {
            let subject = subject(&question.id).unwrap();
            assert!(
                subject.strong.len() > 10 && !subject.weak.is_empty() && !subject.headings.is_empty(),
                "{}",
                subject.id
            );
        }
        assert_eq!(subjects().count(), 8);
    }

    #[test]
    fn each_cue_counts_once_and_only_at_the_beginning_of_a_word() {
        let hits = Hits::of(&padded("Goals: cut costs, a goal and another goal; haircuts."));
        let goals = subject(&handoff_domain::id::QuestionId::parse("top_goals").unwrap()).unwrap();
        assert_eq!((hits.strong(goals), hits.headings(goals), hits.errands()), (2, 1, 0));
    }

    #[test]
    fn every_cue_is_written_as_words_are_folded() {
        let cues = SECTIONS
            .values()
            .flat_map(|section| section.strong.iter().chain(&section.weak).chain(&section.headings));
        for cue in cues {
            assert!(padded(cue).starts_with(cue.trim_end()), "{cue:?}");
        }
    }
}
