//! What the numbers of a time say, beside those of the time before: from rows of totals to rates, times and what to do.

mod numbers;

pub use numbers::{Made, Numbers, Part, Prices};

use crate::rollup::{Counts, Grain, Of, Period, TotalsRow};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Which time is looked at: so many days, weeks or months up to today, and as many before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Days, weeks or months.
    pub grain: Grain,
    /// How many.
    pub count: i64,
    /// The first day of the last of them.
    pub last: Date,
}

impl Span {
    /// The usual one of a grain, up to `today`: 28 days, 13 weeks or 12 months.
    pub fn up_to(grain: Grain, today: Date) -> Self {
        let count = match grain {
            Grain::Day => 28,
            Grain::Week => 13,
            Grain::Month => 12,
        };
        Self { grain, count, last: grain.start(today) }
    }

    /// The first day of the first.
    pub fn first(&self) -> Date {
        self.grain.back(self.last, self.count - 1)
    }

    /// The first day of the first of the time before: from here on rows are read.
    pub fn first_before(&self) -> Date {
        self.grain.back(self.last, 2 * self.count - 1)
    }

    /// The first days, the oldest first.
    pub fn starts(&self) -> Vec<Date> {
        (0..self.count).rev().map(|back| self.grain.back(self.last, back)).collect()
    }
}

/// Numbers of one thing that has a name, in both times.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its id: of a question, a kind of source, a model, a template, a person.
    pub id: String,
    /// What it is called, where the totals know; else empty.
    pub name: String,
    /// In this time.
    pub now: Numbers,
    /// In the time before.
    pub before: Numbers,
}

/// What a time says.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The time.
    pub span: Span,
    /// The organization in this time.
    pub now: Numbers,
    /// In the time before.
    pub before: Numbers,
    /// Step by step, the oldest first.
    pub series: Vec<(Date, Numbers)>,
    /// By question, the worst first: those whose drafts are kept least.
    pub questions: Vec<Line>,
    /// By kind of source, likewise.
    pub kinds: Vec<Line>,
    /// By model.
    pub models: Vec<Line>,
    /// By template, the most used first.
    pub templates: Vec<Line>,
    /// By AE, the most handoffs first.
    pub aes: Vec<Line>,
    /// By CSM, likewise.
    pub csms: Vec<Line>,
}

/// Everybody's numbers in one time.
#[derive(Default)]
struct Sums {
    all: Counts,
    people: BTreeMap<Of, (String, Counts)>,
}

impl Sums {
    fn add(&mut self, row: &TotalsRow) {
        let counts = match row.of {
            Of::Organization => &mut self.all,
            ref of => {
                let entry = self.people.entry(of.clone()).or_default();
                entry.0.clone_from(&row.name);
                &mut entry.1
            }
        };
        for (counter, count) in &row.counts {
            *counts.entry(counter.clone()).or_default() += count;
        }
    }
}

impl Report {
    /// From the rows of the organization and its people between [`Span::first_before`] and the end of the span, in any order.
    pub fn new(span: Span, rows: &[TotalsRow]) -> Self {
        let (mut now, mut before) = (Sums::default(), Sums::default());
        let mut steps: BTreeMap<Date, Counts> =
            span.starts().into_iter().map(|start| (start, Counts::new())).collect();
        let first = Period { grain: span.grain, start: span.first() };
        for row in rows.iter().filter(|row| row.period.grain == span.grain) {
            if row.period < first {
                before.add(row);
                continue;
            }
            now.add(row);
            if let (Of::Organization, Some(step)) = (&row.of, steps.get_mut(&row.period.start)) {
                step.extend(row.counts.clone());
            }
        }
        let parts = |prefix: &str| lines_of(prefix, &now.all, &before.all);
        let (mut questions, mut kinds, mut templates) = (parts("q:"), parts("s:"), parts("t:"));
        questions.sort_by(worst_first);
        kinds.sort_by(worst_first);
        templates.sort_by_key(|line| -line.now.get("done"));
        let models = parts("m:");
        let people = |is_it: fn(&Of) -> bool, counter: &str| people_of(&now, &before, is_it, counter);
        Self {
            aes: people(|of| matches!(of, Of::Ae(_)), "created"),
            csms: people(|of| matches!(of, Of::Csm(_)), "received"),
            series: steps.into_iter().map(|(start, counts)| (start, Numbers::new(counts))).collect(),
            now: Numbers::new(now.all),
            before: Numbers::new(before.all),
            span,
            questions,
            kinds,
            models,
            templates,
        }
    }

    /// Whether nothing was counted in either time.
    pub fn is_empty(&self) -> bool {
        self.now.is_empty() && self.before.is_empty()
    }
}

fn worst_first(a: &Line, b: &Line) -> std::cmp::Ordering {
    let rate = |line: &Line| line.now.made().kept().rate().unwrap_or(2.0);
    rate(a).total_cmp(&rate(b)).then_with(|| a.id.cmp(&b.id))
}

/// The counters behind `<prefix><id>:`, by id.
fn behind(prefix: &str, counts: &Counts) -> BTreeMap<String, Counts> {
    let mut found: BTreeMap<String, Counts> = BTreeMap::new();
    for (counter, count) in counts {
        let Some((id, rest)) = counter.strip_prefix(prefix).and_then(|rest| rest.split_once(':')) else {
            continue;
        };
        found.entry(id.to_owned()).or_default().insert(rest.to_owned(), *count);
    }
    found
}

fn lines_of(prefix: &str, now: &Counts, before: &Counts) -> Vec<Line> {
    let (mut now, mut before) = (behind(prefix, now), behind(prefix, before));
    let ids: std::collections::BTreeSet<String> = now.keys().chain(before.keys()).cloned().collect();
    let lines = ids.into_iter().map(|id| Line {
        now: Numbers::new(now.remove(&id).unwrap_or_default()),
        before: Numbers::new(before.remove(&id).unwrap_or_default()),
        name: String::new(),
        id,
    });
    lines.collect()
}

fn people_of(now: &Sums, before: &Sums, is_it: fn(&Of) -> bool, counter: &str) -> Vec<Line> {
    let ids: std::collections::BTreeSet<&Of> =
        now.people.keys().chain(before.people.keys()).filter(|of| is_it(of)).collect();
    let none = (String::new(), Counts::new());
    let lines = ids.into_iter().map(|of| {
        let (this, that) = (now.people.get(of).unwrap_or(&none), before.people.get(of).unwrap_or(&none));
        let name = if this.0.is_empty() { &that.0 } else { &this.0 };
        let id = match of {
            Of::Organization => String::new(),
            Of::Ae(id) => id.clone(),
            Of::Csm(id) => id.to_string(),
        };
        Line {
            id,
            name: name.clone(),
            now: Numbers::new(this.1.clone()),
            before: Numbers::new(that.1.clone()),
        }
    });
    let mut lines: Vec<Line> = lines.filter(|line| !line.now.is_empty()).collect();
    lines.sort_by_key(|line| (-line.now.get(counter), line.name.clone()));
    lines
}

#[cfg(test)]
mod tests;
