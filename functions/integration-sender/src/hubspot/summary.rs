//! The note's words: who handed over to whom, and every answer. What a person wrote is escaped; the AE's word to the CSM stays between
//! the two.

use handoff_domain::draft::Drafts;
use handoff_domain::handoff::Handoff;
use handoff_hubspot::NOTE_MAX_CHARS;
use jiff::tz::TimeZone;
use maud::html;

/// Left for everything around the answers, in characters.
const FRAME_CHARS: usize = 4_000;

/// By which the note is known again among a deal's notes. The dot ends it: no other account's marker begins with this one.
pub(super) fn marker(handoff: &Handoff) -> String {
    format!("Handoff reference {}/{}.", handoff.organization, handoff.id)
}

/// The note as HTML, never longer than HubSpot takes; `None` when nothing is handed over.
pub(super) fn note(base_url: &str, handoff: &Handoff, drafts: Option<&Drafts>) -> Option<String> {
    let submission = handoff.submission.as_ref()?;
    let zone = TimeZone::get(&handoff.time_zone).unwrap_or(TimeZone::UTC);
    let day = submission.at.to_zoned(zone).strftime("%-d %B %Y").to_string();
    let csm =
        handoff.assigned.as_ref().map_or(submission.csm_name.as_str(), |assigned| assigned.name.as_str());
    let ae = if handoff.ae.name.is_empty() { "the AE" } else { handoff.ae.name.as_str() };
    let questions = drafts.map(|drafts| drafts.questions.questions.as_slice()).unwrap_or_default();
    let answered: Vec<(&str, String)> = questions
        .iter()
        .filter_map(|question| {
            let answer = submission.answers.get(&question.id)?;
            Some((question.wording.as_str(), answer.value.to_plain_text()))
        })
        .collect();
    let write = |most: usize| {
        let page = html! {
            p { b { "Handed over to Customer Success" } br; "By " (ae) " to " (csm) " on " (day) @if handoff.round > 1 { ", round " (handoff.round) } }
            @for (wording, answer) in &answered {
                p { b { (wording) } br; @for (index, line) in cut(answer, most).lines().enumerate() { @if index > 0 { br; } (line) } }
            }
            p { a href={ (base_url) "/accounts/" (handoff.id) } { "Open it in Handoff, with the evidence" } }
            p { (marker(handoff)) }
        };
        page.into_string()
    };
    let whole = write(usize::MAX);
    if whole.chars().count() <= NOTE_MAX_CHARS {
        return Some(whole);
    }
    // Escaping makes a character up to six.
    let share = (NOTE_MAX_CHARS - FRAME_CHARS) / answered.len().max(1);
    [share, share / 2, share / 6].map(write).into_iter().find(|note| note.chars().count() <= NOTE_MAX_CHARS)
}

fn cut(text: &str, most: usize) -> String {
    let mut cut: String = text.chars().take(most).collect();
    if cut.len() < text.len() {
        cut.push_str(" … (whole in Handoff)");
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;
    use handoff_domain::answer::{AnswerOrigin, AnswerValue};
    use handoff_domain::handoff::{Assigned, CsmChoice, FinalAnswer, Submission};
    use handoff_domain::id::{AccountId, MemberId};
    use handoff_testing::fixtures;
    use std::collections::{BTreeMap, BTreeSet};

    fn submitted(text: &str) -> (Handoff, Drafts) {
        let (mut handoff, drafts) = (fixtures::handoff(), fixtures::drafts("r1", Some("drafted")));
        let csm = MemberId::parse("cora").unwrap();
        let answer = || FinalAnswer {
            value: AnswerValue::Text(text.to_owned()),
            origin: AnswerOrigin::Accepted,
            change: None,
            from: BTreeSet::new(),
        };
        let ids = drafts.questions.questions.iter().map(|question| question.id.clone());
        handoff.submission = Some(Submission {
            at: fixtures::now(),
            answers: ids.map(|id| (id, answer())).collect::<BTreeMap<_, _>>(),
            note: "between us".to_owned(),
            settled: BTreeMap::new(),
            dropped_promises: BTreeSet::new(),
            csm: CsmChoice::Member(csm.clone()),
            csm_name: "Cora Lind".to_owned(),
        });
        handoff.assigned = Some(Assigned { csm, name: "Cora Lind".to_owned(), at: fixtures::now() });
        (handoff, drafts)
    }

    #[test]
    fn it_says_who_to_whom_and_every_answer_and_nothing_of_the_word_to_the_csm() {
        let (handoff, drafts) = submitted("Two lines\nof <b>text</b>");
        let note = note("https://h.test", &handoff, Some(&drafts)).unwrap();
        assert!(note.contains("to Cora Lind on"), "{note}");
        assert!(note.contains("Two lines<br>of &lt;b&gt;text&lt;/b&gt;"), "{note}");
        for question in &drafts.questions.questions {
            assert!(note.contains(&html! { (question.wording) }.into_string()), "{note}");
        }
        assert!(note.contains(&marker(&handoff)) && !note.contains("between us"), "{note}");
        let open = Handoff { submission: None, ..handoff };
        assert_eq!(super::note("https://h.test", &open, Some(&drafts)), None);
    }

    #[test]
    fn the_longest_answers_still_make_a_note_that_hubspot_takes() {
        for text in ["a".repeat(48_000), "&".repeat(48_000), "<\n".repeat(20_000)] {
            let (handoff, drafts) = submitted(&text);
            let note = note("https://h.test", &handoff, Some(&drafts)).unwrap();
            assert!(note.chars().count() <= NOTE_MAX_CHARS, "{}", note.chars().count());
            assert!(note.contains("whole in Handoff") && note.contains(&marker(&handoff)));
        }
    }

    #[test]
    fn no_marker_is_the_beginning_of_another() {
        let (one, _) = submitted("x");
        let longer = Handoff { id: AccountId::parse(format!("{}0", one.id)).unwrap(), ..one.clone() };
        assert!(!marker(&longer).contains(&marker(&one)));
    }
}
