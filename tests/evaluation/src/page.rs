//! The report as one page: the tables, and the cases to read, worst first.

use crate::score::{ClaimScore, FactScore, FindingsScore, How, QuestionScore, ShownQuote};
use crate::tables::{Part, Scored, Table, share};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use std::cmp::Reverse;

/// Deals that are unfolded from the start.
const UNFOLDED: usize = 5;
const STYLE: &str = include_str!("page.css");

/// The whole document. `cases` are the deals that may be read, in any order.
pub fn render(drafter: &str, parts: &[Part], cases: &[Scored<'_>]) -> String {
    let mut cases = cases.to_vec();
    cases.sort_by_key(|one| (Reverse(one.score.faults()), &one.deal.name));
    let document = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { "How good the drafts are" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { "How good the drafts are" }
                p.muted { "Drafted by: " (drafter) ". What each figure means: docs/evaluation.md." }
                @for part in parts {
                    h2 { "The part “" (part.split.as_str()) "”" }
                    @for one in &part.tables { (table(one)) }
                    p.muted { (part.order) }
                }
                @if !cases.is_empty() {
                    h2 { "Deals, the worst first" }
                    p.muted {
                        "✓ right, with the words that gold cites. ≈ right by its wording alone. ✗ missed or wrong. "
                        "Facts in brackets are right but not needed."
                    }
                }
                @for (place, one) in cases.iter().enumerate() { (deal(*one, place < UNFOLDED)) }
            }
        }
    };
    document.into_string()
}

fn table(table: &Table) -> Markup {
    html! {
        div.scroll {
            table {
                thead { tr { @for head in &table.heads { th scope="col" { (head) } } } }
                tbody {
                    @for row in &table.rows {
                        tr {
                            @for (place, cell) in row.iter().enumerate() {
                                @if place == 0 { th scope="row" { (cell.trim_matches('`')) } } @else { td { (cell) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn deal(one: Scored<'_>, is_open: bool) -> Markup {
    let mut questions: Vec<&QuestionScore> = one.score.questions.iter().collect();
    questions.sort_by_key(|question| Reverse(question.faults()));
    html! {
        details open[is_open] {
            summary {
                (one.deal.name) " · " (one.deal.split.as_str()) " · " (one.deal.gold.language) " · "
                (one.score.faults()) " faults"
            }
            p.muted { (one.deal.gold.about) }
            @for question in questions { (question_section(question)) }
            (findings("Conflicts", &one.score.conflicts))
            (findings("Promises", &one.score.promises))
        }
    }
}

fn question_section(question: &QuestionScore) -> Markup {
    let tally = &question.tally;
    html! {
        section {
            h3 { (question.wording) }
            p.muted {
                (question.id) " · recall " (share(tally.facts)) " · precision " (share(tally.claims))
                @if let Some(level) = question.confidence { " · " (level.label()) ": " (question.reason) }
            }
            (verdict(question))
            div.columns {
                ul { @for fact in &question.facts { (fact_item(fact)) } }
                ul { @for claim in &question.claims { (claim_item(claim)) } }
            }
        }
    }
}

/// What the answer as a whole is, where its statements do not tell.
fn verdict(question: &QuestionScore) -> Markup {
    let tally = &question.tally;
    let said = question.value.as_deref().unwrap_or("not in the sources");
    html! {
        @if let Some(choice) = &question.choice {
            ul { (sign(choice.is_exact.then_some(How::Cited), "",
                html! { (said) "; right is " (choice.wanted.as_deref().unwrap_or("not in the sources")) })) }
        } @else if tally.open.of > 0 {
            ul { (sign((tally.open.hits > 0).then_some(How::Cited), "", html! { "The sources do not say." })) }
        } @else if tally.wrongly_open.hits > 0 {
            ul { (sign(None, "", html! { "Left open, and the sources say." })) }
        }
    }
}

fn fact_item(fact: &FactScore) -> Markup {
    let words = html! {
        @if fact.is_needed { (fact.says) } @else { span.muted { "[" (fact.says) "]" } }
        @if fact.stated.is_none() && fact.is_needed {
            @for quote in &fact.quotes { blockquote { (quote) } }
        }
    };
    if fact.stated.is_none() && !fact.is_needed {
        return html! { li { span.sign { "–" } (words) } };
    }
    sign(fact.stated, "", words)
}

fn claim_item(claim: &ClaimScore) -> Markup {
    let words = html! {
        (claim.text)
        @if let Some(fact) = claim.fact.as_ref().filter(|_| claim.right == Some(How::Terms)) {
            p.muted { "Counted as: " (fact) }
        }
        (quotes(&claim.quotes))
    };
    sign(claim.right, "claim", words)
}

fn findings(title: &str, score: &FindingsScore) -> Markup {
    if score.gold.is_empty() && score.shown.is_empty() {
        return Markup::default();
    }
    let right = |is: bool| is.then_some(How::Cited);
    html! {
        section {
            h3 { (title) }
            div.columns {
                ul { @for gold in &score.gold { (sign(right(gold.is_found), "", html! { (gold.says) })) } }
                ul {
                    @for shown in &score.shown {
                        (sign(right(shown.is_right), "claim", html! { (shown.text) (quotes(&shown.quotes)) }))
                    }
                }
            }
        }
    }
}

fn quotes(quotes: &[ShownQuote]) -> Markup {
    html! {
        @for quote in quotes {
            blockquote.lost[!quote.is_verbatim] {
                (quote.quote) " " span.muted { "[" (quote.source) "]" }
                @if !quote.is_verbatim { " is NOT in its source" }
            }
        }
    }
}

fn sign(how: Option<How>, class: &str, words: Markup) -> Markup {
    let (state, mark) = match how {
        Some(How::Cited) => ("yes", "✓"),
        Some(How::Terms) => ("maybe", "≈"),
        None => ("no", "✗"),
    };
    html! { li class={ (state) " " (class) } { span.sign { (mark) " " } (words) } }
}
