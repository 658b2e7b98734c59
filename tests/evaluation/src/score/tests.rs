//! Small cases made by hand: each says what counts, and what does not.

use super::*;
use crate::gold::{Fact, GoldConflict, GoldPromise, GoldQuestion, GoldValue, GoldVersion, Quote};
use handoff_domain::answer::AnswerValue;
use handoff_domain::draft::{Citation, Claim, Confidence, Draft, DraftedBy, Usage};
use handoff_domain::finding::{Conflict, ConflictKind, Promise, Version};
use handoff_domain::id::{ConflictId, PromiseId, QuestionId, RunId, SourceId};
use handoff_domain::question::QuestionKind;
use handoff_domain::source::SourceKind;

const NOTE: &str = "Kickoff went well.\nThey go live on 14 September, says Dana. Ruth thinks they start October 5, after the \
    opening. We will waive the setup fee for them. No-shows must fall from 14% to 9%.";

fn source(id: &str, body: &str) -> Source {
    Source {
        id: SourceId::parse(id).unwrap(),
        kind: SourceKind::Note,
        title: "Note".into(),
        author: None,
        date: None,
        body: body.into(),
    }
}

fn question(id: &str, kind: QuestionKind) -> Question {
    Question {
        id: QuestionId::parse(id).unwrap(),
        kind,
        wording: "Q?".into(),
        help: String::new(),
        placeholder: String::new(),
        required: false,
        options: Vec::new(),
    }
}

fn terms(lists: &[&[&str]]) -> Vec<Vec<String>> {
    lists.iter().map(|list| list.iter().map(|&term| term.to_owned()).collect()).collect()
}

fn gold_quotes(quotes: &[&str]) -> Vec<Quote> {
    quotes.iter().map(|&quote| Quote { source: "note-1".into(), quote: quote.into() }).collect()
}

fn fact(says: &str, needed: bool, quotes: &[&str], words: &[&[&str]]) -> Fact {
    Fact { says: says.into(), needed, quotes: gold_quotes(quotes), terms: terms(words) }
}

fn gold(facts: Vec<Fact>) -> Gold {
    Gold {
        about: String::new(),
        language: "en".into(),
        extra_questions: Vec::new(),
        questions: [("q".to_owned(), GoldQuestion { facts, ..GoldQuestion::default() })].into(),
        conflicts: Vec::new(),
        promises: Vec::new(),
    }
}

fn cite(source: &str, quote: &str) -> Citation {
    Citation {
        source: SourceId::parse(source).unwrap(),
        quote: quote.into(),
        before: String::new(),
        after: String::new(),
    }
}

fn claim(text: &str, source: &str, quote: &str) -> Claim {
    Claim { text: text.into(), citations: vec![cite(source, quote)] }
}

fn drafted(value: Option<AnswerValue>, claims: Vec<Claim>) -> Drafted {
    let run = RunId::parse("r").unwrap();
    let mut draft = Draft::open(QuestionId::parse("q").unwrap(), DraftedBy::Extractive, run);
    draft.confidence = value.as_ref().map(|_| Confidence::Medium);
    (draft.value, draft.claims) = (value, claims);
    Drafted {
        drafts: vec![draft],
        by: DraftedBy::Extractive,
        fallback: None,
        conflicts: Vec::new(),
        promises: Vec::new(),
        usage: Usage::default(),
        left_out: Vec::new(),
    }
}

fn text_draft(claims: Vec<Claim>) -> Drafted {
    let lines: Vec<&str> = claims.iter().map(|claim| claim.text.as_str()).collect();
    drafted(Some(AnswerValue::Text(lines.join("\n"))), claims)
}

fn scored(gold: &Gold, kind: QuestionKind, drafted: &Drafted) -> DealScore {
    score(gold, &[question("q", kind)], &[source("note-1", NOTE), source("note-2", "Nothing here.")], drafted)
}

fn ratio(hits: usize, of: usize) -> Ratio {
    Ratio { hits, of }
}

fn goals() -> Gold {
    gold(vec![
        fact("fewer no-shows", true, &["No-shows must fall from 14% to 9%"], &[&["no-show"], &["9%"]]),
        fact("fee waived", true, &["We will waive the setup fee"], &[&["fee"]]),
        fact("kickoff", false, &["Kickoff went well"], &[&["kickoff"]]),
    ])
}

#[test]
fn a_fact_is_stated_by_citing_its_words_or_by_its_terms() {
    let cited = text_draft(vec![claim("Less waiting", "note-1", "No-shows must fall from 14%")]);
    let tally = scored(&goals(), QuestionKind::Textarea, &cited).tally;
    assert_eq!((tally.facts, tally.facts_cited), (ratio(1, 2), ratio(1, 2)));
    let worded = text_draft(vec![claim("No-shows down to 9%", "note-2", "Nothing here.")]);
    let tally = scored(&goals(), QuestionKind::Textarea, &worded).tally;
    assert_eq!((tally.facts, tally.facts_cited), (ratio(1, 2), ratio(0, 2)));
    assert_eq!((tally.claims, tally.claims_cited), (ratio(1, 1), ratio(0, 1)));
}

#[test]
fn repeating_a_quote_is_judged_by_where_it_stands_and_not_by_its_words() {
    let source = source("note-1", &format!("{NOTE} The fee is paid from the budget for events."));
    let repeated = "The fee is paid from the budget for events.";
    let tally = |text: &str| {
        let drafted = text_draft(vec![claim(text, "note-1", repeated)]);
        score(&goals(), &[question("q", QuestionKind::Textarea)], std::slice::from_ref(&source), &drafted)
            .tally
    };
    let text = format!("- {repeated} (Ana Ellis, note, 3 Jun 2026)");
    assert_eq!((tally(&text).facts, tally(&text).claims), (ratio(0, 2), ratio(0, 1)));
    let said = "There is no fee";
    assert_eq!((tally(said).facts, tally(said).claims), (ratio(1, 2), ratio(1, 1)));
}

#[test]
fn the_same_words_of_another_source_cite_nothing() {
    let other = text_draft(vec![claim("Less waiting", "note-2", "No-shows must fall from 14%")]);
    let score = scored(&goals(), QuestionKind::Textarea, &other);
    assert_eq!((score.tally.facts, score.tally.claims), (ratio(0, 2), ratio(0, 1)));
    let part = text_draft(vec![claim("Less waiting", "note-1-2", "No-shows must fall from 14%")]);
    assert_eq!(
        scored(&goals(), QuestionKind::Textarea, &part).tally.facts,
        ratio(1, 2),
        "a part of a split source"
    );
}

#[test]
fn a_claim_is_right_when_it_states_any_fact_and_needless_facts_are_not_missed() {
    let two = text_draft(vec![
        claim("It went well", "note-1", "Kickoff went well."),
        claim("It starts soon", "note-1", "They go live on 14 September, says Dana."),
    ]);
    let tally = scored(&goals(), QuestionKind::Textarea, &two).tally;
    assert_eq!((tally.claims, tally.facts), (ratio(1, 2), ratio(0, 2)));
    assert_eq!(tally.levels[1], ratio(1, 2), "under the answer's level");
    assert_eq!(tally.words, ratio(6, 1));
}

#[test]
fn a_claim_may_state_a_version_of_a_conflict_about_its_question() {
    let mut gold = gold(Vec::new());
    gold.conflicts = vec![dates()];
    let said = text_draft(vec![claim("14 September", "note-1", "They go live on 14 September")]);
    assert_eq!(scored(&gold, QuestionKind::Text, &said).tally.claims, ratio(1, 1));
    gold.conflicts[0].question = "another".into();
    assert_eq!(scored(&gold, QuestionKind::Text, &said).tally.claims, ratio(0, 1));
}

#[test]
fn every_shown_quote_is_looked_up_in_its_source() {
    let quotes = text_draft(vec![
        claim("a", "note-1", "Kickoff  went well. They go live"),
        claim("b", "note-1", "Kickoff went badly."),
        claim("c", "note-9", "Kickoff went well."),
    ]);
    let score = scored(&goals(), QuestionKind::Textarea, &quotes);
    assert_eq!(score.tally.quotes, ratio(1, 3));
    assert_eq!(score.quotes().filter(|quote| !quote.is_verbatim).count(), 2);
}

#[test]
fn a_question_without_facts_should_be_left_open_and_one_with_them_should_not() {
    let (open, said) =
        (drafted(None, Vec::new()), text_draft(vec![claim("x", "note-1", "Kickoff went well.")]));
    let none = gold(Vec::new());
    let tally = |gold: &Gold, drafted: &Drafted| scored(gold, QuestionKind::Textarea, drafted).tally;
    assert_eq!((tally(&none, &open).open, tally(&none, &open).wrongly_open), (ratio(1, 1), ratio(0, 0)));
    assert_eq!((tally(&none, &said).open, tally(&none, &said).claims), (ratio(0, 1), ratio(0, 1)));
    assert_eq!(
        (tally(&goals(), &open).open, tally(&goals(), &open).wrongly_open),
        (ratio(0, 0), ratio(1, 1))
    );
    assert_eq!(tally(&goals(), &said).wrongly_open, ratio(0, 1));
    let needless = gold(vec![fact("k", false, &["Kickoff went well"], &[&["kickoff"]])]);
    assert_eq!(
        (tally(&needless, &open).open, tally(&needless, &open).wrongly_open),
        (ratio(0, 0), ratio(0, 0))
    );
}

fn with_value(value: Option<GoldValue>) -> Gold {
    let mut gold = gold(Vec::new());
    gold.questions.insert("q".into(), GoldQuestion { value, ..GoldQuestion::default() });
    gold
}

#[test]
fn yes_and_no_are_right_exactly_or_not_at_all() {
    let tally = |wanted: Option<bool>, said: Option<bool>| {
        let drafted = drafted(said.map(AnswerValue::YesNo), Vec::new());
        scored(&with_value(wanted.map(GoldValue::YesNo)), QuestionKind::YesNo, &drafted).tally
    };
    assert_eq!(tally(Some(true), Some(true)).yes_no, ratio(1, 1));
    assert_eq!(tally(Some(true), Some(false)).yes_no, ratio(0, 1));
    assert_eq!(
        (tally(Some(false), None).yes_no, tally(Some(false), None).wrongly_open),
        (ratio(0, 1), ratio(1, 1))
    );
    assert_eq!((tally(None, None).yes_no, tally(None, None).open), (ratio(1, 1), ratio(1, 1)));
    assert_eq!(
        (tally(None, Some(true)).open, tally(None, Some(true)).yes_no_precision),
        (ratio(0, 1), ratio(0, 1))
    );
    assert_eq!(tally(Some(true), Some(false)).levels[1], ratio(0, 1));
    assert_eq!(tally(Some(true), None).levels, [ratio(0, 0); 3]);
}

#[test]
fn options_count_one_by_one_and_as_a_whole() {
    let choices = |choices: &[&str]| choices.iter().map(|&one| one.to_owned()).collect::<Vec<_>>();
    let gold = with_value(Some(GoldValue::Choices(choices(&["SAP", "Okta"]))));
    let tally = |said: &[&str]| {
        let drafted = drafted(Some(AnswerValue::Choices(choices(said))), Vec::new());
        scored(&gold, QuestionKind::MultiSelect, &drafted).tally
    };
    let whole = tally(&["Okta", "SAP"]);
    assert_eq!(
        (whole.multi_select, whole.option_precision, whole.option_recall),
        (ratio(1, 1), ratio(2, 2), ratio(2, 2))
    );
    let other = tally(&["SAP", "Jira", "Slack"]);
    assert_eq!(
        (other.multi_select, other.option_precision, other.option_recall),
        (ratio(0, 1), ratio(1, 3), ratio(1, 2))
    );
    assert_eq!(other.levels[1], ratio(1, 3));
    assert_eq!(other.claims, ratio(0, 0), "options are no claims of text");
}

fn dates() -> GoldConflict {
    let version = |says: &str, quote: &str, word: &str| GoldVersion {
        says: says.into(),
        quotes: gold_quotes(&[quote]),
        terms: terms(&[&[word]]),
    };
    GoldConflict {
        question: "q".into(),
        kind: ConflictKind::Date,
        versions: vec![
            version("14 September", "They go live on 14 September", "14 September"),
            version("5 October", "Ruth thinks they start October 5", "October 5"),
        ],
    }
}

fn conflict(versions: &[(&str, &str)]) -> Conflict {
    let versions = versions.iter().map(|(text, quote)| Version {
        text: (*text).into(),
        citations: vec![cite("note-1", quote)],
        date: None,
    });
    Conflict {
        id: ConflictId::parse("c1").unwrap(),
        question: None,
        kind: ConflictKind::Date,
        subject: "Go-live".into(),
        versions: versions.collect(),
    }
}

#[test]
fn a_conflict_is_found_when_two_of_its_versions_are_two_of_those_shown() {
    let mut gold = gold(Vec::new());
    gold.conflicts = vec![dates()];
    let tally = |versions: &[(&str, &str)]| {
        let mut drafted = drafted(None, Vec::new());
        drafted.conflicts = vec![conflict(versions)];
        let tally = scored(&gold, QuestionKind::Text, &drafted).tally;
        (tally.conflict_recall, tally.conflict_precision)
    };
    let (september, october) =
        ("They go live on 14 September, says Dana", "Ruth thinks they start October 5");
    assert_eq!(tally(&[("x", september), ("y", october)]), (ratio(1, 1), ratio(1, 1)));
    assert_eq!(tally(&[("14 September", "Kickoff went well."), ("y", october)]), (ratio(1, 1), ratio(1, 1)));
    assert_eq!(tally(&[("x", september), ("y", "Kickoff went well.")]), (ratio(0, 1), ratio(0, 1)));
    assert_eq!(
        tally(&[("x", NOTE), ("y", "Kickoff went well.")]),
        (ratio(0, 1), ratio(0, 1)),
        "one is not two"
    );
    assert_eq!(
        tally(&[("x", september), ("y", september)]),
        (ratio(0, 1), ratio(0, 1)),
        "nor is one told twice"
    );
}

#[test]
fn a_promise_is_found_by_its_words_or_its_terms() {
    let mut gold = gold(Vec::new());
    gold.promises = vec![GoldPromise {
        says: "No setup fee".into(),
        by: "Ana Ellis".into(),
        on: "2026-06-11".into(),
        quotes: gold_quotes(&["We will waive the setup fee"]),
        terms: terms(&[&["setup fee"], &["waive", "no "]]),
    }];
    let tally = |found: &[(&str, &str)]| {
        let mut drafted = drafted(None, Vec::new());
        drafted.promises = found
            .iter()
            .map(|(text, quote)| Promise {
                id: PromiseId::parse("p1").unwrap(),
                text: (*text).into(),
                by: None,
                date: None,
                citations: vec![cite("note-1", quote)],
            })
            .collect();
        let score = scored(&gold, QuestionKind::Text, &drafted);
        (score.tally.promise_recall, score.tally.promise_precision, score.tally.quotes)
    };
    assert_eq!(
        tally(&[("x", "We will waive the setup fee for them.")]),
        (ratio(1, 1), ratio(1, 1), ratio(1, 1))
    );
    assert_eq!(
        tally(&[("There is no setup fee", "Kickoff went well.")]),
        (ratio(1, 1), ratio(1, 1), ratio(1, 1))
    );
    assert_eq!(tally(&[("Well!", "Kickoff went well.")]), (ratio(0, 1), ratio(0, 1), ratio(1, 1)));
    assert_eq!(tally(&[("Well!", "made up words here")]), (ratio(0, 1), ratio(0, 1), ratio(0, 1)));
    assert_eq!(tally(&[]), (ratio(0, 1), ratio(0, 0), ratio(0, 0)));
}

#[test]
fn gold_that_stands_in_no_source_is_told() {
    let mut gold = goals();
    assert_eq!(scored(&gold, QuestionKind::Text, &drafted(None, Vec::new())).lost_gold.len(), 0);
    gold.questions.get_mut("q").unwrap().facts[0].quotes = gold_quotes(&["words that nobody ever wrote"]);
    assert_eq!(scored(&gold, QuestionKind::Text, &drafted(None, Vec::new())).lost_gold.len(), 1);
}

#[test]
fn faults_are_misses_wrong_claims_and_wrong_silence() {
    let faults = |gold: &Gold, drafted: &Drafted| scored(gold, QuestionKind::Textarea, drafted).faults();
    assert_eq!(faults(&goals(), &drafted(None, Vec::new())), 3, "two facts missed, and silence");
    let wrong = text_draft(vec![claim("x", "note-1", "They go live on 14 September, says Dana.")]);
    assert_eq!(faults(&goals(), &wrong), 3, "two facts missed, and a wrong claim");
    assert_eq!(faults(&gold(Vec::new()), &wrong), 2, "a wrong claim, where there should be none");
    let right = text_draft(vec![
        claim("x", "note-1", "No-shows must fall from 14% to 9%."),
        claim("y", "note-1", "We will waive the setup fee for them."),
    ]);
    assert_eq!(faults(&goals(), &right), 0);
}
