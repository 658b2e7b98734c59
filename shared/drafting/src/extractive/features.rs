//! What is seen of a passage when it is weighed: its concepts, its shape, its very words, who says it and where.

use crate::extractive::dates;
use crate::extractive::parties::{Parties, Side, is_coined};
use crate::extractive::passages::Passage;
use crate::extractive::subjects::SUBJECTS;
use crate::findings::binding_cues;
use handoff_domain::source::SourceKind;
use std::collections::BTreeSet;

/// Concepts that mean more together than each by itself.
const PAIRS: [(&str, &str); 27] = [
    ("improve", "digit"),
    ("goal", "digit"),
    ("want", "improve"),
    ("go_live", "date"),
    ("paper_date", "date"),
    ("want", "date"),
    ("want", "function"),
    ("first_scope", "function"),
    ("today", "manual"),
    ("person", "title"),
    ("person", "decide"),
    ("person", "champion"),
    ("person", "skeptic"),
    ("person", "absence"),
    ("money", "concern"),
    ("money", "refuse"),
    ("money", "negation"),
    ("login", "must"),
    ("must", "negation"),
    ("sso", "negation"),
    ("password", "negation"),
    ("rival", "negation"),
    ("rival", "money"),
    ("system_word", "not_ready"),
    ("digit", "duration"),
    ("watched", "concern"),
    ("negation", "depend"),
];

/// Concepts of the question before that make an answer of what follows.
const ASKED: [&str; 10] = [
    "go_live",
    "decide",
    "champion",
    "first_scope",
    "system_word",
    "win",
    "concern",
    "goal",
    "login",
    "risk",
];

/// Letters in a piece of a word, the spaces around it among them: long enough to mean something, short enough to be found
/// again in other forms of the word.
const PIECE_CHARS: usize = 5;

/// The features of a passage, by name.
pub(crate) fn features(
    passage: &Passage<'_>,
    parties: &Parties,
    rivals: &BTreeSet<String>,
) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = passage.concepts.names().map(str::to_owned).collect();
    let mut add = |is: bool, name: &str| {
        if is {
            found.insert(name.to_owned());
        }
    };
    shape(passage, &mut add);
    for stem in &passage.stems {
        add(stem.chars().all(char::is_alphabetic), &format!("w.{stem}"));
    }
    for name in wording(&passage.words) {
        add(true, &name);
    }
    add(parties.names_contact(&passage.words), "person");
    add(rivals.iter().any(|rival| passage.words.contains(rival.as_str())), "rival");
    add(passage.side == Side::Ours && passage.source.kind == SourceKind::Email, "ours.email");
    add(passage.side == Side::Theirs && passage.source.kind == SourceKind::Email, "theirs.email");
    add(passage.side == Side::Ours && passage.speaker.is_some(), "ours.speaker");
    add(passage.side == Side::Theirs && passage.speaker.is_some(), "theirs.speaker");
    add(true, &format!("kind.{}", kind(passage)));
    for cue in binding_cues(&passage.words) {
        add(true, &format!("bind.{cue}"));
    }
    for subject in SUBJECTS {
        add(passage.placed.announces(subject), &format!("under.{subject}"));
        add(passage.titled.announces(subject), &format!("titled.{subject}"));
    }
    for concept in ASKED {
        add(passage.asked.has(concept), &format!("asked.{concept}"));
    }
    for (one, other) in PAIRS {
        if found.contains(one) && found.contains(other) {
            found.insert(format!("{one}+{other}"));
        }
    }
    found
}

fn shape(passage: &Passage<'_>, add: &mut impl FnMut(bool, &str)) {
    let text = passage.text();
    let words: Vec<&str> = passage.words.split_whitespace().collect();
    let numbers = words.iter().filter(|word| word.starts_with(|c: char| c.is_ascii_digit())).count();
    add(numbers > 0, "digit");
    add(numbers > 1, "digits");
    add(text.contains('%'), "percent");
    add(text.contains(['€', '$', '£']), "money_sign");
    add(text.contains(['→', '<', '>']), "arrow");
    add(text.contains(['"', '“', '„', '«']), "quoted");
    add(!dates::mentions(text).is_empty(), "date");
    add(text.split(|c: char| !c.is_alphanumeric()).any(is_coined), "coined");
    add(text.split(|c: char| !c.is_alphanumeric()).any(is_acronym), "acronym");
    add(passage.is_question, "question");
    add(passage.is_point, "point");
    add(words.len() < 5, "short");
    add(words.len() > 24, "long");
}

/// The words themselves, each two in a row, and pieces of words. Small words tell who wants what of whom, which stems and
/// concepts leave out; pieces find compounds and endings. All numbers are one word.
fn wording(words: &str) -> Vec<String> {
    let plain =
        |word: &str| if word.starts_with(|c: char| c.is_ascii_digit()) { "#" } else { word }.to_owned();
    let told: Vec<String> = words.split_whitespace().map(plain).collect();
    let joined: Vec<char> = format!("_{}_", told.join("_")).chars().collect();
    let singles = told.iter().map(|word| format!("u.{word}"));
    let pairs = told.windows(2).map(|pair| format!("b.{}_{}", pair[0], pair[1]));
    let pieces = joined.windows(PIECE_CHARS).map(|piece| format!("c.{}", piece.iter().collect::<String>()));
    singles.chain(pairs).chain(pieces).collect()
}

fn is_acronym(word: &str) -> bool {
    (2..=5).contains(&word.chars().count())
        && word.chars().all(|c| c.is_uppercase() || c.is_ascii_digit())
        && word.chars().next().is_some_and(char::is_uppercase)
}

/// Where it stands; of the deal record its line.
fn kind(passage: &Passage<'_>) -> &'static str {
    match passage.source.kind {
        SourceKind::Deal if passage.label.contains(" reason ") => "deal.reason",
        SourceKind::Deal if passage.label.contains(" description ") => "deal.description",
        SourceKind::Deal if passage.label.contains(" next step ") => "deal.next_step",
        SourceKind::Deal => "deal",
        SourceKind::Company | SourceKind::Website => "company",
        SourceKind::Contact | SourceKind::Pattern => "contact",
        SourceKind::Email => "email",
        SourceKind::Call => "call",
        SourceKind::Meeting => "meeting",
        SourceKind::Task => "task",
        SourceKind::Note | SourceKind::Payload | SourceKind::Context => "note",
    }
}
