//! Every miss and every wrong claim, line by line, for those who tune.

use crate::markdown::put;
use crate::score::{FindingsScore, How, QuestionScore};
use crate::tables::{Scored, share};

/// What went wrong in one deal, question by question.
pub fn deal(one: Scored<'_>) -> String {
    let mut text = format!("\n== {} [{}] {}\n", one.deal.name, one.deal.gold.language, one.deal.gold.about);
    for question in &one.score.questions {
        question_lines(&mut text, question);
    }
    findings(&mut text, "conflicts", &one.score.conflicts);
    findings(&mut text, "promises", &one.score.promises);
    text
}

fn question_lines(text: &mut String, question: &QuestionScore) {
    let tally = &question.tally;
    let state = match (&question.value, tally.open.of, tally.wrongly_open.of) {
        (None, 1, _) => "open, rightly",
        (None, _, 1) => "OPEN, WRONGLY",
        (None, ..) => "open",
        (Some(_), 1, _) => "ANSWERED, BUT THE SOURCES DO NOT SAY",
        (Some(_), ..) => "answered",
    };
    let confidence = question.confidence.map(|level| format!("{level:?}")).unwrap_or_default();
    put(
        text,
        format_args!(
            "{}: recall {}, precision {}, {state} {confidence}",
            question.id,
            share(tally.facts),
            share(tally.claims)
        ),
    );
    if let Some(choice) = question.choice.as_ref().filter(|choice| !choice.is_exact) {
        let said = question.value.as_deref().unwrap_or("(open)");
        put(text, format_args!("  WRONG  {said}; right is {}", choice.wanted.as_deref().unwrap_or("(open)")));
    }
    for fact in question.facts.iter().filter(|fact| fact.is_needed && fact.stated.is_none()) {
        put(text, format_args!("  MISS   {} | {}", fact.says, fact.quotes.join(" | ")));
    }
    for claim in &question.claims {
        let verdict = match claim.right {
            None => "WRONG ",
            Some(How::Terms) => "~right",
            Some(How::Cited) => "right ",
        };
        let cited: Vec<String> =
            claim.quotes.iter().map(|quote| format!("[{}] {}", quote.source, quote.quote)).collect();
        put(text, format_args!("  {verdict} {} {}", claim.text, cited.join(" ")));
    }
}

fn findings(text: &mut String, what: &str, score: &FindingsScore) {
    if score.gold.is_empty() && score.shown.is_empty() {
        return;
    }
    put(
        text,
        format_args!("{what}: recall {}, precision {}", share(score.recall()), share(score.precision())),
    );
    for gold in score.gold.iter().filter(|gold| !gold.is_found) {
        put(text, format_args!("  MISS   {}", gold.says));
    }
    for shown in &score.shown {
        let verdict = if shown.is_right { "right " } else { "WRONG " };
        let cited: Vec<String> =
            shown.quotes.iter().map(|quote| format!("[{}] {}", quote.source, quote.quote)).collect();
        put(text, format_args!("  {verdict} {} {}", shown.text, cited.join(" ")));
    }
}
