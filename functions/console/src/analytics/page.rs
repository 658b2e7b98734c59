//! The page: four numbers, then what lies under each of them.

use super::chart::{Bars, Series};
use super::{PATH, Shown, people, weekly, words};
use handoff_domain::report::{Line, Numbers, Part};
use handoff_domain::rollup::Grain;
use handoff_web::{Markup, html};

/// Everything inside `<main>`.
pub(super) fn body(shown: &Shown<'_>) -> Markup {
    let grain = shown.report.span.grain;
    html! {
        div.page-head {
            div { h1 { "Analytics" } p { (words::lead(&shown.report)) } }
            a.button.button--quiet href={ "/analytics.csv?by=" (grain.as_str()) } download { "All numbers as CSV" }
        }
        nav.tabs aria-label="Time" {
            @for (one, name) in [(Grain::Day, "28 days"), (Grain::Week, "13 weeks"), (Grain::Month, "12 months")] {
                a href={ (PATH) "?by=" (one.as_str()) } aria-current=[(one == grain).then_some("page")] { (name) }
            }
        }
        @if shown.report.is_empty() { (empty()) } @else {
            (tiles(shown))
            div.pair { (completion(shown)) (time(shown)) }
            (acceptance(shown))
            (satisfaction(shown))
            (people::sections(shown))
        }
        (weekly::section(shown))
    }
}

fn empty() -> Markup {
    html! {
        div.card.empty {
            h2 { "Nothing to count yet" }
            p { "Numbers appear within minutes of the first deal that is won: how many handoffs are handed over and how fast, how many drafts are kept, and what CSMs say of them." }
        }
    }
}

/// A number, how it moved, of how many, and what to do.
fn tile(name: &str, place: &str, value: &str, moved: &str, of: &str, advice: &str) -> Markup {
    html! {
        div.card.tile {
            h2 { a href={ "#" (place) } { (name) } }
            p.tile__value { (value) }
            p.small.muted { (moved) " · " (of) }
            p.small { (advice) }
        }
    }
}

fn tiles(shown: &Shown<'_>) -> Markup {
    let (now, before) = (&shown.report.now, &shown.report.before);
    let rate = |part: Part| part.rate();
    let percent = |rate: f64| format!("{:.0} %", rate * 100.0);
    let (completion, kept) = (now.completion(), now.made().kept());
    let moved = |now: Part, before: Part| words::moved(rate(now), rate(before), before.whole, percent);
    let worst = shown.report.questions.iter().find(|line| line.now.made().kept().whole >= words::FEW);
    let worst = worst.map(|line| shown.wording(&line.id));
    html! {
        div.tiles {
            (tile("Completion rate", "completion", &words::percent(completion), &moved(completion, before.completion()),
                &format!("of {} that ended", completion.whole), words::on_completion(now)))
            (tile("Time to handoff", "time", &words::time(now.wait(0.5)),
                &words::moved(now.wait(0.5), before.wait(0.5), before.get("done"), |minutes| words::time(Some(minutes))),
                &format!("median; 9 of 10 within {}", words::time(now.wait(0.9))), words::on_time(now)))
            (tile("AI acceptance rate", "acceptance", &words::percent(kept), &moved(kept, before.made().kept()),
                &format!("of {} drafted answers", kept.whole), &words::on_acceptance(now, worst)))
            (tile("CSM satisfaction", "satisfaction", &format!("{} of 5", words::score(now.score())),
                &words::moved(now.score(), before.score(), before.get("ratings"), |score| format!("{score:.1}")),
                &format!("{} rated; customer had to repeat: {}", now.get("ratings"), words::percent(now.repeated())), words::on_satisfaction(now)))
        }
    }
}

fn labels(shown: &Shown<'_>) -> Vec<String> {
    let steps = shown.report.series.iter();
    steps.map(|(start, _)| words::step(shown.report.span.grain, *start)).collect()
}

fn series(shown: &Shown<'_>, name: &'static str, colour: usize, value: impl Fn(&Numbers) -> f64) -> Series {
    Series { name, colour, values: shown.report.series.iter().map(|(_, step)| value(step)).collect() }
}

fn counter(shown: &Shown<'_>, name: &'static str, colour: usize, counter: &str) -> Series {
    series(shown, name, colour, |step| step.get(counter) as f64)
}

/// A part of the page: its chart, and its numbers as a table.
fn section(id: &str, title: &str, means: &str, inside: &Markup) -> Markup {
    html! {
        section id=(id) aria-labelledby={ (id) "-title" } {
            div.section-head { h2 id={ (id) "-title" } { (title) } p { (means) } }
            div.card { (inside) }
        }
    }
}

/// The numbers of a chart, one click away.
fn numbers(caption: &str, heads: &[&str], rows: &[Vec<String>]) -> Markup {
    html! { details { summary { (caption) ", in numbers" } (table(caption, heads, rows)) } }
}

/// A table of numbers; the first column says what a row is about.
pub(super) fn table(caption: &str, heads: &[&str], rows: &[Vec<String>]) -> Markup {
    html! {
        div.table-wrap.table-wrap--flat tabindex="0" role="region" aria-label=(caption) {
            table.table.table--numbers {
                caption.visually-hidden { (caption) }
                thead { tr { @for head in heads { th scope="col" { (head) } } } }
                tbody {
                    @for row in rows {
                        tr { @for (place, cell) in row.iter().enumerate() {
                            @if place == 0 { th scope="row" dir="auto" { (cell) } } @else { td { (cell) } }
                        } }
                    }
                }
            }
        }
    }
}

fn by_step(shown: &Shown<'_>, cells: impl Fn(&Numbers) -> Vec<String>) -> Vec<Vec<String>> {
    let rows = labels(shown).into_iter().zip(&shown.report.series);
    rows.map(|(label, (_, step))| std::iter::once(label).chain(cells(step)).collect()).collect()
}

fn completion(shown: &Shown<'_>) -> Markup {
    let now = &shown.report.now;
    let labels = labels(shown);
    let parts = [
        counter(shown, "Handed over", 0, "done"),
        counter(shown, "Expired", 2, "lost_expired"),
        counter(shown, "Skipped", 3, "lost_skipped"),
    ];
    let says = format!(
        "Of {} handoffs that ended, {} were handed over.",
        now.completion().whole,
        now.completion().part
    );
    let chart = Bars { says: &says, labels: &labels, series: &parts, top: None, unit: "" }.draw();
    let rows = by_step(shown, |step| {
        let counts =
            ["created", "done", "lost_expired", "lost_skipped"].map(|name| step.get(name).to_string());
        counts.into_iter().chain([words::percent(step.completion())]).collect()
    });
    let heads = ["From", "Began", "Handed over", "Expired", "Skipped", "Completion"];
    section(
        "completion",
        "Completion",
        "What became of handoffs, when they ended.",
        &html! { (chart) (numbers("Completion rate", &heads, &rows)) },
    )
}

fn time(shown: &Shown<'_>) -> Markup {
    let now = &shown.report.now;
    let classes = now.waits(&words::WAITS);
    let labels = words::WAIT_NAMES.map(str::to_owned);
    let values = classes.iter().map(|count| *count as f64).collect();
    let says = format!(
        "Half within {}, nine of ten within {}.",
        words::time(now.wait(0.5)),
        words::time(now.wait(0.9))
    );
    let series = [Series { name: "Handoffs", colour: 0, values }];
    let chart = Bars { says: &says, labels: &labels, series: &series, top: None, unit: "" }.draw();
    let rows = by_step(shown, |step| {
        vec![step.get("done").to_string(), words::time(step.wait(0.5)), words::time(step.wait(0.9))]
    });
    let spread: Vec<Vec<String>> =
        labels.iter().cloned().zip(&classes).map(|(name, count)| vec![name, count.to_string()]).collect();
    let inside = html! {
        (chart)
        (numbers("Time to handoff", &["From", "Handed over", "Median", "9 of 10 within"], &rows))
        (numbers("How they spread", &["Within", "Handoffs"], &spread))
    };
    section(
        "time",
        "Time to handoff",
        "From the won deal to the AE’s submit. Times are true within 12 %.",
        &inside,
    )
}

fn acceptance(shown: &Shown<'_>) -> Markup {
    let now = &shown.report.now;
    let share = |name, colour, place: usize| {
        series(shown, name, colour, move |step: &Numbers| {
            let made = step.made();
            let part = made.parts().get(place).copied().unwrap_or(0);
            Part { part, whole: made.all() }.rate().unwrap_or(0.0) * 100.0
        })
    };
    let parts = [
        share("As it was", 1, 0),
        share("Lightly edited", 0, 1),
        share("Rewritten", 2, 2),
        share("Written from nothing", 3, 3),
    ];
    let labels = labels(shown);
    let says =
        format!("Of {} drafted answers, {} were kept.", now.made().kept().whole, now.made().kept().part);
    let chart = Bars { says: &says, labels: &labels, series: &parts, top: Some(100.0), unit: " %" }.draw();
    let rows = by_step(shown, made);
    let heads = ["From", "As it was", "Lightly edited", "Rewritten", "From nothing", "Kept"];
    let inside = html! {
        div.pair {
            div { (chart) (numbers("How answers came to be", &heads, &rows)) }
            div { (sources(shown)) }
        }
        (questions(shown))
    };
    section(
        "acceptance",
        "AI acceptance",
        "How answers came to be. Lightly edited: less than 40 % of the text is new.",
        &inside,
    )
}

fn made(numbers: &Numbers) -> Vec<String> {
    let made = numbers.made();
    made.parts().into_iter().map(|part| part.to_string()).chain([words::percent(made.kept())]).collect()
}

fn with_before(line: &Line, rate: impl Fn(&Numbers) -> Part) -> String {
    let before = rate(&line.before);
    match before.percent().filter(|_| before.whole >= words::FEW) {
        Some(before) => format!("{} (before: {before} %)", words::percent(rate(&line.now))),
        None => words::percent(rate(&line.now)),
    }
}

/// The worst first, each with how often its draft was kept.
fn questions(shown: &Shown<'_>) -> Markup {
    let lines = shown.report.questions.iter().filter(|line| line.now.made().all() > 0);
    let rows: Vec<Vec<String>> = lines
        .map(|line| {
            let made = line.now.made();
            let counts = made.parts().map(|part| part.to_string());
            std::iter::once(shown.wording(&line.id).to_owned())
                .chain([with_before(line, |numbers| numbers.made().kept())])
                .chain(counts)
                .collect()
        })
        .collect();
    html! {
        h3 { "By question, the worst first" }
        @if rows.is_empty() { p.muted { "No answer was submitted in this time." } }
        @else {
            (table("AI acceptance by question", &["Question", "Kept", "As it was", "Lightly edited", "Rewritten", "From nothing"], &rows))
            @if shown.sees_all() { p.small { a href="/settings/handoff-form" { "Change the questions" } } }
        }
    }
}

fn sources(shown: &Shown<'_>) -> Markup {
    let label = |id: &str| {
        let kinds = handoff_domain::source::SourceKind::ALL.into_iter();
        kinds
            .filter(|kind| kind.as_str() == id)
            .map(|kind| kind.label().to_owned())
            .next()
            .unwrap_or_else(|| id.to_owned())
    };
    let rows: Vec<Vec<String>> = shown
        .report
        .kinds
        .iter()
        .filter(|line| line.now.made().all() > 0)
        .map(|line| {
            vec![
                label(&line.id),
                with_before(line, |numbers| numbers.made().kept()),
                line.now.made().all().to_string(),
            ]
        })
        .collect();
    html! {
        @if !rows.is_empty() {
            h3 { "By what the draft rested on" }
            (table("AI acceptance by kind of source", &["Source", "Kept", "Answers"], &rows))
        }
    }
}

fn satisfaction(shown: &Shown<'_>) -> Markup {
    let now = &shown.report.now;
    let labels = labels(shown);
    let mean = [series(shown, "Mean score", 0, |step| step.score().unwrap_or(0.0))];
    let says = format!("{} ratings, {} of 5 on average.", now.get("ratings"), words::score(now.score()));
    let chart = Bars { says: &says, labels: &labels, series: &mean, top: Some(5.0), unit: "" }.draw();
    let rows = by_step(shown, |step| {
        vec![step.get("ratings").to_string(), words::score(step.score()), words::percent(step.repeated())]
    });
    let mut judged: Vec<&Line> =
        shown.report.questions.iter().filter(|line| line.now.useful().whole > 0).collect();
    judged.sort_by(|a, b| {
        a.now.useful().rate().unwrap_or(2.0).total_cmp(&b.now.useful().rate().unwrap_or(2.0))
    });
    let by_question: Vec<Vec<String>> = judged
        .into_iter()
        .map(|line| {
            let counts = ["not_useful", "wrong"].map(|name| line.now.get(name).to_string());
            std::iter::once(shown.wording(&line.id).to_owned())
                .chain([with_before(line, Numbers::useful)])
                .chain(counts)
                .collect()
        })
        .collect();
    let inside = html! {
        div.pair {
            div { (chart) (numbers("Ratings by CSMs", &["From", "Rated", "Mean score", "Had to repeat"], &rows)) }
            div {
                @if by_question.is_empty() { p.muted { "Nobody said yet which answers were useful." } } @else {
                    h3 { "By question, the least useful first" }
                    (table("Usefulness by question", &["Question", "Useful", "Of no use", "Wrong"], &by_question))
                }
            }
        }
    };
    section(
        "satisfaction",
        "CSM satisfaction",
        "What CSMs said of the handoffs that they work with, 1 to 5.",
        &inside,
    )
}
