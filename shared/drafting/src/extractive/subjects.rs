//! What the eight first questions are about: the words that give an answer away, in the languages that sources come in.

use handoff_domain::id::QuestionId;
use std::collections::BTreeMap;
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

/// Words in which people arrange meetings and send papers.
pub(crate) fn errands() -> &'static [String] {
    SECTIONS.get(ERRANDS).map_or(&[], |section| &section.strong)
}

/// How many of the cues stand in the folded words.
pub(crate) fn hits(cues: &[String], words: &str) -> usize {
    cues.iter().filter(|cue| words.contains(cue.as_str())).count()
}

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
    fn every_cue_is_written_as_words_are_folded() {
        let cues = SECTIONS
            .values()
            .flat_map(|section| section.strong.iter().chain(&section.weak).chain(&section.headings));
        for cue in cues {
            assert!(padded(cue).starts_with(cue.trim_end()), "{cue:?}");
        }
    }
}
