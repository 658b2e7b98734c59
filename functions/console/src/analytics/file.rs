//! Everything that the page shows as one file: a line for each number, so that any spreadsheet can pivot it.

use super::{Shown, words};
use handoff_domain::report::{Line, Numbers, Prices};

/// Columns.
const HEAD: [&str; 5] = ["table", "of", "from", "measure", "value"];

/// What can be read off any row.
fn measures(numbers: &Numbers, sees_money: bool) -> Vec<(String, String)> {
    let rate = |part: handoff_domain::report::Part| part.rate().map(|rate| format!("{rate:.4}"));
    let number = |value: Option<f64>| value.map(|value| format!("{value:.2}"));
    let counted = [
        "created",
        "done",
        "lost_expired",
        "lost_skipped",
        "as_it_was",
        "lightly_edited",
        "rewritten",
        "from_nothing",
        "received",
        "ratings",
        "repeated",
        "useful",
        "not_useful",
        "wrong",
        "returned",
        "reminded",
        "runs",
        "tokens",
    ];
    let counts = counted
        .into_iter()
        .map(|name| (name.to_owned(), (numbers.get(name) != 0).then(|| numbers.get(name).to_string())));
    let rates = [
        ("completion_rate", rate(numbers.completion())),
        ("median_minutes", number(numbers.wait(0.5))),
        ("p90_minutes", number(numbers.wait(0.9))),
        ("acceptance_rate", rate(numbers.made().kept())),
        ("mean_score", number(numbers.score())),
        ("repeated_rate", rate(numbers.repeated())),
    ];
    let money = sees_money.then(|| numbers.dollars_per_handoff(Prices::default())).flatten();
    let money = money.map(|dollars| ("dollars_per_handoff".to_owned(), Some(format!("{dollars:.6}"))));
    let rates = rates.into_iter().map(|(name, value)| (name.to_owned(), value));
    counts.chain(rates).chain(money).filter_map(|(name, value)| Some((name, value?))).collect()
}

/// The file, with the mark by which Excel knows UTF-8.
pub(super) fn of(shown: &Shown<'_>) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEAD)?;
    let (report, money) = (&shown.report, shown.sees_all());
    let span = &report.span;
    let (this, before) = (span.first().to_string(), span.first_before().to_string());
    let mut write = |table: &str, of: &str, from: &str, numbers: &Numbers| -> Result<(), csv::Error> {
        for (measure, value) in measures(numbers, money) {
            writer.write_record([table, &harmless(of), from, &measure, &value])?;
        }
        Ok(())
    };
    write("all", "", &this, &report.now)?;
    write("all before", "", &before, &report.before)?;
    for (start, step) in &report.series {
        write(&format!("by {}", span.grain.as_str()), "", &start.to_string(), step)?;
    }
    for (name, count) in words::WAIT_NAMES.into_iter().zip(report.now.waits(&words::WAITS)) {
        write("time to handoff, within", name, &this, &Numbers::new([("done".to_owned(), count)].into()))?;
    }
    let mine = |line: &&Line| money || line.id == shown.viewer.member.id.as_str();
    let tables: [(&str, Vec<(&str, &Line)>); 6] = [
        ("question", report.questions.iter().map(|line| (shown.wording(&line.id), line)).collect()),
        ("kind of source", report.kinds.iter().map(|line| (line.id.as_str(), line)).collect()),
        ("template", report.templates.iter().map(|line| (line.id.as_str(), line)).collect()),
        ("csm", report.csms.iter().filter(mine).map(|line| (line.name.as_str(), line)).collect()),
        ("ae", report.aes.iter().filter(|_| money).map(|line| (line.name.as_str(), line)).collect()),
        ("model", report.models.iter().filter(|_| money).map(|line| (line.id.as_str(), line)).collect()),
    ];
    for (table, lines) in tables {
        for (of, line) in lines {
            write(table, of, &this, &line.now)?;
            write(&format!("{table} before"), of, &before, &line.before)?;
        }
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(format!("\u{feff}{}", String::from_utf8_lossy(&bytes)))
}

/// A text that no spreadsheet takes for a formula.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}
