//! `weekly_summary`: what last week's numbers say, for admins who want it.

use crate::clean;
use crate::letter::{Block, Letter, Link};
use crate::links::Links;
use handoff_domain::weekly::{WeekNumbers, WeeklySummary};

pub(super) fn compose(summary: &WeeklySummary, links: Links<'_>) -> Letter {
    let (now, before) = (&summary.now, &summary.before);
    let title = match (now.done, now.created) {
        (0, 0) => "A quiet week".to_owned(),
        (0, created) => {
            format!("{}, none handed over yet", count(created, "handoff began", "handoffs began"))
        }
        (done, _) => format!("{} handed over", count(done, "handoff", "handoffs")),
    };
    let week = summary.week.strftime("%-d %B %Y").to_string();
    let mut blocks = vec![
        Block::Text(format!("In the week from {week}, beside the week before:")),
        Block::Facts(facts(now, before)),
    ];
    if !summary.worst.is_empty() {
        blocks.push(Block::Heading("Drafts that were kept least".to_owned()));
        let worst = summary.worst.iter();
        blocks.push(Block::List(
            worst.map(|(wording, kept)| (clean::line(wording), format!("{kept} % kept"))).collect(),
        ));
        blocks.push(Block::Fine(
            "Sharpen the question, or see whether the CRM holds an answer at all: what nobody writes down cannot be drafted."
                .to_owned(),
        ));
    }
    blocks.push(Block::Button(Link { label: "Look at the numbers", url: links.page("/analytics") }));
    let organization = clean::line_or(&summary.organization_name, "your team");
    Letter {
        subject: clean::subject(&format!("{title}, week from {week}")),
        preheader: preheader(now),
        title,
        blocks,
        footer: format!(
            "Sent for {organization}, because you asked for it. One click on the analytics page ends it."
        ),
    }
}

fn count(number: i64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn preheader(now: &WeekNumbers) -> String {
    let rate = now
        .completion
        .map_or_else(|| "Nothing ended".to_owned(), |rate| format!("{rate} % of those that ended"));
    let time = now.median_minutes.map(|minutes| format!(", time to handoff {}", hours(Some(minutes))));
    format!("{rate}{}.", time.unwrap_or_default())
}

fn facts(now: &WeekNumbers, before: &WeekNumbers) -> Vec<(&'static str, String)> {
    let beside =
        |this: String, that: String| if this == that { this } else { format!("{this} (before: {that})") };
    let percent = |rate: Option<i64>| rate.map_or_else(|| "none".to_owned(), |rate| format!("{rate} %"));
    let score = |tenths: Option<i64>| {
        tenths.map_or_else(|| "none".to_owned(), |tenths| format!("{}.{} of 5", tenths / 10, tenths % 10))
    };
    let facts = [
        ("New handoffs", beside(now.created.to_string(), before.created.to_string())),
        ("Completion rate", beside(percent(now.completion), percent(before.completion))),
        ("Expired or skipped", beside(now.lost.to_string(), before.lost.to_string())),
        ("Time to handoff, median", beside(hours(now.median_minutes), hours(before.median_minutes))),
        ("Drafts kept", beside(percent(now.kept), percent(before.kept))),
        ("Rating by CSMs", beside(score(now.score_tenths), score(before.score_tenths))),
        ("Customer had to repeat", beside(percent(now.repeated), percent(before.repeated))),
    ];
    // A number that is not there says nothing.
    facts.into_iter().filter(|(_, words)| words != "none").collect()
}

fn hours(minutes: Option<i64>) -> String {
    match minutes {
        None => "none".to_owned(),
        Some(minutes) if minutes < 90 => format!("{minutes} minutes"),
        Some(minutes) if minutes < 48 * 60 => format!("{} hours", (minutes + 30) / 60),
        Some(minutes) => format!("{} days", (minutes + 720) / 1440),
    }
}
