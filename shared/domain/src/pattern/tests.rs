use super::*;
use crate::answer::AnswerOrigin;
use crate::handoff::{CsmChoice, FinalAnswer, Submission};
use crate::id::MemberId;
use proptest::prelude::*;

const CANARY: &str = "Zyxwvia";

fn question(kind: QuestionKind) -> Question {
    let mut question = QuestionSet::first().questions.remove(2);
    question.kind = kind;
    question.options = vec!["Price".to_owned(), "Security".to_owned()];
    question
}

fn set(kind: QuestionKind) -> QuestionSet {
    QuestionSet { version: 1, questions: vec![question(kind)] }
}

/// The entry of one submitted handoff; customers are told apart by their number.
fn entry(customer: usize, second: i64, kind: QuestionKind, value: AnswerValue) -> HistoryEntry {
    let mut handoff = crate::handoff::tests::handoff();
    handoff.id = AccountId::parse(format!("d{customer}")).unwrap();
    handoff.account.company = format!("{CANARY} {customer}");
    handoff.account.website = String::new();
    handoff.account.industry = "Computer software".to_owned();
    handoff.account.size = "120".to_owned();
    handoff.submission = Some(Submission {
        at: Timestamp::from_second(second).unwrap(),
        answers: BTreeMap::from([(
            question(kind).id,
            FinalAnswer { value, origin: AnswerOrigin::Written, change: None, from: BTreeSet::new() },
        )]),
        note: CANARY.to_owned(),
        settled: BTreeMap::new(),
        dropped_promises: BTreeSet::new(),
        csm: CsmChoice::Member(MemberId::parse("cora").unwrap()),
        csm_name: CANARY.to_owned(),
    });
    HistoryEntry::of(&handoff, &set(kind)).unwrap()
}

fn stranger() -> CustomerKey {
    CustomerKey("another".to_owned())
}

fn texts(entries: &[HistoryEntry], kind: QuestionKind) -> Vec<String> {
    suggest(entries, &stranger(), &question(kind)).iter().map(Suggestion::to_plain_text).collect()
}

fn told(customer: usize, text: &str) -> HistoryEntry {
    let value = AnswerValue::Text(text.to_owned());
    entry(customer, 100, QuestionKind::Textarea, value)
}

#[test]
fn what_two_thirds_of_five_or_more_named_is_suggested() {
    let mut entries: Vec<HistoryEntry> =
        (0..7).map(|customer| told(customer, "They fear the training effort.")).collect();
    entries.push(told(7, "Nothing special."));
    entries.push(told(8, "The API is late."));
    assert_eq!(texts(&entries, QuestionKind::Textarea), ["7 of 9 similar customers named training"]);
    assert_eq!(texts(&entries[..4], QuestionKind::Textarea), [""; 0], "four are too few");
    let split: Vec<HistoryEntry> = entries.into_iter().skip(4).collect();
    assert_eq!(texts(&split, QuestionKind::Textarea), [""; 0], "3 of 5 are no clear majority");
}

#[test]
fn a_customer_counts_once_with_its_latest_and_never_for_itself() {
    let mut entries: Vec<HistoryEntry> = (0..5).map(|customer| told(customer, "Training.")).collect();
    let again = entry(0, 200, QuestionKind::Textarea, AnswerValue::Text("Only the API.".to_owned()));
    entries.insert(0, again);
    assert_eq!(texts(&entries, QuestionKind::Textarea), ["4 of 5 similar customers named training"]);
    let own = entries[1].customer.clone();
    assert!(suggest(&entries, &own, &question(QuestionKind::Textarea)).is_empty(), "four others are too few");
}

#[test]
fn an_account_counts_by_its_latest_round_even_when_its_company_was_renamed_in_between() {
    let mut entries: Vec<HistoryEntry> = (0..5).map(|customer| told(customer, "Training.")).collect();
    let renamed = HistoryEntry {
        account: entries[0].account.clone(),
        ..entry(9, 200, QuestionKind::Textarea, AnswerValue::Text("Training.".to_owned()))
    };
    entries.push(renamed);
    assert_eq!(texts(&entries, QuestionKind::Textarea), ["5 of 5 similar customers named training"]);
}

#[test]
fn options_and_yes_or_no_are_counted_as_they_are() {
    let chosen = |customer| {
        let value = AnswerValue::Choices(vec!["Security".to_owned(), CANARY.to_owned()]);
        entry(customer, 100, QuestionKind::MultiSelect, value)
    };
    let entries: Vec<HistoryEntry> = (0..5).map(chosen).collect();
    assert_eq!(texts(&entries, QuestionKind::MultiSelect), ["5 of 5 similar customers named Security"]);
    let entries: Vec<HistoryEntry> = (0..6)
        .map(|customer| entry(customer, 100, QuestionKind::YesNo, AnswerValue::YesNo(customer > 0)))
        .collect();
    assert_eq!(texts(&entries, QuestionKind::YesNo), ["5 of 6 similar customers answered Yes"]);
}

#[test]
fn without_industry_or_size_there_is_no_entry() {
    let mut handoff = crate::handoff::tests::handoff();
    handoff.account.size = String::new();
    assert_eq!(Segment::of(&handoff.account), None);
    assert_eq!(HistoryEntry::of(&handoff, &QuestionSet::first()), None);
}

#[test]
fn a_customer_is_known_by_its_site_and_no_name_is_kept() {
    let organization = OrganizationId::parse("hs1").unwrap();
    let mut account = crate::handoff::tests::handoff().account;
    account.website = "https://www.Acme.test/about".to_owned();
    let by_site = CustomerKey::of(&organization, &account);
    account.website = "acme.test".to_owned();
    account.company = "Acme renamed".to_owned();
    assert_eq!(CustomerKey::of(&organization, &account), by_site);
    assert_ne!(CustomerKey::of(&OrganizationId::parse("hs2").unwrap(), &account), by_site);
}

proptest! {
    #[test]
    fn no_word_of_a_customer_is_kept_or_shown(texts in proptest::collection::vec("[a-z ]{0,20}(training|budget|SSO)[A-Za-z .]{0,20}", 5..12)) {
        let entries: Vec<HistoryEntry> = texts
            .iter()
            .enumerate()
            .map(|(customer, text)| told(customer, &format!("{CANARY} {text} {CANARY}{customer}")))
            .collect();
        let kept = serde_json::to_string(&entries).unwrap().to_lowercase();
        prop_assert!(!kept.contains(&CANARY.to_lowercase()));
        let question = question(QuestionKind::Textarea);
        let suggestions = suggest(&entries, &stranger(), &question);
        let shown = source(&[(&question, suggestions.clone())], Timestamp::UNIX_EPOCH).map(|source| source.body);
        prop_assert_eq!(shown.is_some(), !suggestions.is_empty());
        prop_assert!(!shown.unwrap_or_default().contains(CANARY));
        prop_assert!(suggestions.len() <= SUGGESTIONS_MAX);
        for suggestion in suggestions {
            prop_assert!(Theme::ALL.iter().any(|theme| theme.label() == suggestion.text));
            prop_assert!(suggestion.count <= suggestion.of && suggestion.of as usize >= SIMILAR_MIN);
        }
    }
}
