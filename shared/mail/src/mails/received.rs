//! `handoff_received`: the whole handoff for the CSM, readable by itself.

use super::document::{ae, answers, conflicts, contacts, facts, promises, wording};
use super::{capitalized, company, greeting, in_subject, titled};
use crate::letter::{Block, Letter, Link};
use crate::links::Links;
use crate::{clean, dates};
use handoff_domain::answer::AnswerOrigin;
use handoff_domain::outbox::{DocumentAnswer, HandoffDocument};
use jiff::{SignedDuration, Timestamp};

/// Evidence older than this when the handoff was submitted may no longer be true, in hours.
const OLD_EVIDENCE_HOURS: i64 = 90 * 24;

pub(super) fn compose(document: &HandoffDocument, can_reply: bool, links: Links<'_>) -> Letter {
    let (customer, ae) = (company(&document.company), ae(document));
    let mut blocks = vec![Block::Text(greeting(&document.csm_name))];
    blocks.extend(opening(document, &customer, &ae));
    blocks.extend(links.account("").map(|url| Block::Button(Link { label: "Open the account", url })));
    blocks.extend(Block::note(format!("A note from {ae}"), &document.note));
    blocks.extend(facts(document));
    blocks.extend(
        links.deal_of_account().map(|url| Block::Link(Link { label: "Open the deal in HubSpot", url })),
    );
    blocks.extend(titled("People at the customer", contacts(document)));
    blocks.extend(titled("What Sales promised", promises(document, true)));
    if !document.answers.is_empty() {
        blocks.push(Block::Heading("What Sales knew".to_owned()));
        blocks.push(Block::Fine(
        "Drafts were written by a machine from the records below them. It is good at facts, dates and names, and weak at \
         tone and at what nobody wrote down."
            .to_owned(),
    ));
    }
    blocks.extend(answers(document, &ae, true));
    blocks
        .extend(titled("Where the records disagree", conflicts(document, &ae, "still open, confirm early")));
    blocks.extend(titled("Worth confirming early", confirm_early(document)));
    blocks.extend(first_milestone(document));
    blocks.extend(questions_go_to(&ae, can_reply));
    Letter {
        subject: clean::subject(&format!(
            "Your new customer: {}{}",
            in_subject(&customer),
            from(document, &ae)
        )),
        preheader: preheader(document, &ae),
        title: format!("{} is now yours", capitalized(&customer)),
        blocks,
        footer: footer(document),
    }
}

/// How the reader came to have it, and what to do with it.
fn opening(document: &HandoffDocument, customer: &str, ae: &str) -> Vec<Block> {
    const READ: &str = "Below is everything that Sales knew, with where each answer came from. Please read all of it before the \
                        kickoff, so that the customer never has to say it twice.";
    let Some(assignment) = &document.assignment else {
        return vec![Block::Text(format!("{} handed {customer} over to you. {READ}", capitalized(ae)))];
    };
    let by = assignment.by.as_deref().map(|by| clean::line_or(by, "somebody"));
    let mut given = by
        .as_ref()
        .map_or_else(|| format!("You took over {customer}."), |by| format!("{by} gave {customer} to you."));
    if let Some(before) = assignment.before.as_deref() {
        given = format!("{given} Until now it was with {}.", clean::line_or(before, "a colleague"));
    }
    let rest = if assignment.nothing_submitted {
        format!(
            "{} never handed it over, so nobody checked what the records say. The account shows what was drafted from them, if \
             anything: take it as hints, and ask the customer.",
            capitalized(ae)
        )
    } else {
        READ.to_owned()
    };
    let mut blocks = vec![Block::Text(format!("{given} {rest}"))];
    let reason_title =
        by.map_or_else(|| "Why, in your words".to_owned(), |by| format!("Why, in the words of {by}"));
    blocks.extend(Block::note(reason_title, &assignment.reason));
    let skipped = assignment.skipped.as_deref().unwrap_or_default();
    blocks.extend(Block::note("Why the handoff was skipped".to_owned(), skipped));
    if assignment.with_ae {
        blocks.push(Block::Text(format!(
            "It is with {ae} for another round just now. Below is what was handed over before; what is added comes to you in a \
             mail of its own."
        )));
    }
    blocks
}

/// Who it comes from, for the subject.
fn from(document: &HandoffDocument, ae: &str) -> String {
    match &document.assignment {
        None => format!(", handed over by {}", in_subject(ae)),
        Some(assignment) => match assignment.by.as_deref().map(clean::line) {
            Some(by) if !by.is_empty() => format!(", assigned by {}", in_subject(&by)),
            _ => String::new(),
        },
    }
}

fn preheader(document: &HandoffDocument, ae: &str) -> String {
    match &document.assignment {
        Some(assignment) if assignment.nothing_submitted => "What is known of the customer.".to_owned(),
        _ => format!("Everything that {ae} knew, with the evidence, in one mail."),
    }
}

fn footer(document: &HandoffDocument) -> String {
    let team = clean::line_or(&document.organization_name, "your team");
    let handed_over = dates::moment(document.submitted_at, &document.time_zone);
    match &document.assignment {
        None => format!(
            "Sent for {team}, because you were chosen as customer success manager. Handed over on {handed_over}."
        ),
        Some(assignment) if assignment.nothing_submitted => {
            format!("Sent for {team}, because you are this customer's success manager now.")
        }
        Some(_) => {
            format!(
                "Sent for {team}, because you are this customer's success manager now. Handed over on {handed_over}."
            )
        }
    }
}

/// What nobody answered, what rests on old words, what nobody touched: in this order, each question once.
fn confirm_early(document: &HandoffDocument) -> Option<Block> {
    let points: Vec<_> = document
        .answers
        .iter()
        .filter_map(|answer| doubt(answer, document).map(|doubt| (doubt, wording(answer))))
        .collect();
    let mut points: Vec<_> = points.into_iter().map(|((rank, why), wording)| (rank, wording, why)).collect();
    points.sort_by_key(|(rank, ..)| *rank);
    let points: Vec<_> = points.into_iter().map(|(_, wording, why)| (wording, why)).collect();
    (!points.is_empty()).then_some(Block::List(points))
}

fn doubt(answer: &DocumentAnswer, document: &HandoffDocument) -> Option<(u8, String)> {
    let newest = answer.evidence.iter().filter_map(|evidence| evidence.date).max();
    let is_old = |date: &Timestamp| {
        document.submitted_at.duration_since(*date) > SignedDuration::from_hours(OLD_EVIDENCE_HOURS)
    };
    match (answer.origin, newest.filter(is_old)) {
        (None, _) => Some((0, "Sales left it open: ask the customer.".to_owned())),
        (Some(AnswerOrigin::Accepted | AnswerOrigin::Edited), Some(date)) => Some((
            1,
            format!(
                "The newest evidence is of {}: ask whether it still holds.",
                dates::day(date, &document.time_zone)
            ),
        )),
        (Some(AnswerOrigin::Accepted), None) => {
            Some((2, "Taken from the records without a change.".to_owned()))
        }
        _ => None,
    }
}

fn first_milestone(document: &HandoffDocument) -> impl Iterator<Item = Block> {
    let milestone = document.first_milestone.as_ref();
    milestone.into_iter().flat_map(|milestone| {
        let actions: Vec<_> = milestone
            .actions
            .iter()
            .map(|action| {
                let due = action.due.map(|due| format!("by {}", dates::date(due)));
                (clean::line_or(&action.title, "(an action without words)"), due.unwrap_or_default())
            })
            .collect();
        let title = format!("Start here: {}", clean::line_or(&milestone.title, "the first milestone"));
        let list = (!actions.is_empty()).then_some(Block::List(actions));
        std::iter::once(Block::Heading(title)).chain(list)
    })
}

fn questions_go_to(ae: &str, can_reply: bool) -> Option<Block> {
    can_reply.then(|| Block::Text(format!("A question? Reply to this mail: it goes to {ae}.")))
}
