//! Numbers as words, and what to do about them.

use handoff_domain::report::{Numbers, Part, Report};
use handoff_domain::rollup::{Grain, whole};
use jiff::civil::Date;

/// A rate in percent, or that there is none.
pub(super) fn percent(part: Part) -> String {
    part.percent().map_or_else(|| "–".to_owned(), |percent| format!("{percent} %"))
}

/// A time in the unit that people would use.
pub(super) fn time(minutes: Option<f64>) -> String {
    match minutes.map(whole) {
        None => "–".to_owned(),
        Some(minutes) if minutes < 90 => format!("{minutes} min"),
        Some(minutes) if minutes < 48 * 60 => format!("{} h", (minutes + 30) / 60),
        Some(minutes) => format!("{} days", (minutes + 720) / 1440),
    }
}

/// A mean score.
pub(super) fn score(score: Option<f64>) -> String {
    score.map_or_else(|| "–".to_owned(), |score| format!("{score:.1}"))
}

/// Dollars, to the cent where there are cents.
pub(super) fn dollars(dollars: f64) -> String {
    if dollars != 0.0 && dollars < 1.0 { format!("${dollars:.4}") } else { format!("${dollars:.2}") }
}

/// Where one bar stands.
pub(super) fn step(grain: Grain, start: Date) -> String {
    match grain {
        Grain::Day | Grain::Week => start.strftime("%-d %b").to_string(),
        Grain::Month => start.strftime("%b %y").to_string(),
    }
}

/// What the span is called.
pub(super) fn span(grain: Grain) -> &'static str {
    match grain {
        Grain::Day => "the last 28 days",
        Grain::Week => "the last 13 weeks",
        Grain::Month => "the last 12 months",
    }
}

/// The classes of the time to handoff: upper bounds in hours, the last one open.
pub(super) const WAITS: [i64; 6] = [1, 4, 24, 72, 168, 336];

/// What the classes are called.
pub(super) const WAIT_NAMES: [&str; 7] = ["1 h", "4 h", "1 day", "3 days", "1 week", "2 weeks", "longer"];

/// What to do about the completion rate.
pub(super) fn on_completion(numbers: &Numbers) -> &'static str {
    let (expired, skipped) = (numbers.get("lost_expired"), numbers.get("lost_skipped"));
    match numbers.completion().percent() {
        None => "Nothing ended in this time.",
        Some(90..) => "Nearly every handoff is handed over. Nothing to do.",
        Some(_) if skipped > expired => {
            "Most of what is lost was skipped: read the reasons on the accounts. Deals that need no handoff can be left out by pipeline or deal type in the settings."
        }
        Some(70..) => {
            "Most of what is lost expired. The board names who has not answered; a word from their manager does more than a fifth reminder."
        }
        Some(_) => {
            "Most of what is lost expired. Ask less: take out questions whose answers nobody finds useful, and remind earlier."
        }
    }
}

/// What to do about the time to handoff.
pub(super) fn on_time(numbers: &Numbers) -> &'static str {
    let days = |share| numbers.wait(share).map(|minutes| minutes / 1440.0);
    match (days(0.5), days(0.9)) {
        (Some(median), _) if median > 5.0 => {
            "Half of them take most of a week: the customer waits longer than that. Try a reminder after one day, and see by AE below who is late."
        }
        (_, Some(p90)) if p90 > 10.0 => {
            "Most are quick, one in ten is very late. See by AE below where it happens."
        }
        (Some(_), _) => "Most customers are handed over while they still remember the sale. Nothing to do.",
        (None, _) => "Nothing was handed over in this time.",
    }
}

/// What to do about the AI acceptance rate, where `worst` is the question whose drafts are kept least.
pub(super) fn on_acceptance(numbers: &Numbers, worst: Option<&str>) -> String {
    let made = numbers.made();
    let words = match (made.kept().percent(), made.undrafted().percent()) {
        (_, Some(40..)) => {
            "Many answers are written from nothing: the CRM does not hold them. Ask Sales for one note after each call; what is written down gets drafted."
        }
        (Some(80..), _) => "Drafts are mostly kept. Read the worst questions below all the same.",
        (Some(_), _) => {
            let say = "Sharpen its wording, or say in its help text what a good answer holds.";
            return worst.map_or_else(|| say.to_owned(), |worst| format!("Begin with “{worst}”. {say}"));
        }
        (None, _) => "No drafted answer was submitted in this time.",
    };
    words.to_owned()
}

/// What to do about what CSMs say.
pub(super) fn on_satisfaction(numbers: &Numbers) -> &'static str {
    match (numbers.score(), numbers.repeated().percent()) {
        (None, _) => {
            "Nobody rated a handoff in this time. Ask the CSMs: it takes ten seconds on the account."
        }
        (_, Some(20..)) => {
            "Customers have to repeat themselves. See below which answers were wrong or of no use, and ask for what was missing."
        }
        (Some(score), _) if score < 3.5 => {
            "CSMs could use more. The questions below with the fewest useful answers come first."
        }
        _ => "CSMs get what they need. Nothing to do.",
    }
}

/// Fewer than this say nothing worth comparing with.
pub(super) const FEW: i64 = 5;

/// How a number moved since the time before, which rests on `of` cases, in words: `up from 72 %`.
pub(super) fn moved(now: Option<f64>, before: Option<f64>, of: i64, show: impl Fn(f64) -> String) -> String {
    match (now, before) {
        (_, None) => "nothing to compare with".to_owned(),
        (_, Some(_)) if of < FEW => "too few before to compare".to_owned(),
        (None, Some(before)) => format!("before: {}", show(before)),
        (Some(now), Some(before)) if show(now) == show(before) => "as before".to_owned(),
        (Some(now), Some(before)) => {
            format!("{} from {}", if now > before { "up" } else { "down" }, show(before))
        }
    }
}

/// What the whole page is about, for the first line.
pub(super) fn lead(report: &Report) -> String {
    let (now, before) = (report.now.get("created"), report.before.get("created"));
    format!("{now} handoffs began in {}, {before} in the time before.", span(report.span.grain))
}
