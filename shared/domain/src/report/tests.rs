use super::*;
use crate::id::MemberId;
use crate::rollup::wait_bucket;
use jiff::civil::date;

fn row(grain: Grain, start: Date, of: Of, counts: &[(&str, i64)]) -> TotalsRow {
    let counts = counts.iter().map(|(counter, count)| ((*counter).to_owned(), *count)).collect();
    TotalsRow { period: Period { grain, start }, of, name: "Grace Lin".to_owned(), counts }
}

fn week(start: Date, counts: &[(&str, i64)]) -> TotalsRow {
    row(Grain::Week, start, Of::Organization, counts)
}

fn span() -> Span {
    Span::up_to(Grain::Week, date(2026, 11, 25))
}

#[test]
fn a_span_is_as_long_as_the_one_before_it() {
    let span = span();
    assert_eq!((span.last, span.first()), (date(2026, 11, 23), date(2026, 8, 31)));
    assert_eq!(span.first_before(), date(2026, 6, 1));
    assert_eq!(span.starts().len(), 13);
    assert_eq!((span.starts()[0], span.starts()[12]), (span.first(), span.last));
}

#[test]
fn rates_and_times_are_of_this_time_and_of_the_one_before() {
    let wait = format!("wait:{}", wait_bucket(60 * 30));
    let rows = [
        week(
            date(2026, 11, 23),
            &[("done", 3), ("lost_expired", 1), (&wait, 3), ("score", 9), ("ratings", 2), ("repeated", 1)],
        ),
        week(date(2026, 8, 31), &[("done", 1), ("created", 2), ("microdollars", 2000), ("mails", 10)]),
        week(date(2026, 8, 24), &[("done", 1), ("lost_skipped", 1)]),
        row(Grain::Day, date(2026, 11, 23), Of::Organization, &[("done", 100)]),
    ];
    let report = Report::new(span(), &rows);
    assert_eq!(report.now.completion(), Part { part: 4, whole: 5 });
    assert_eq!(report.now.completion().percent(), Some(80));
    assert_eq!(report.before.completion().percent(), Some(50));
    assert_eq!(report.series.iter().map(|(_, step)| step.get("done")).sum::<i64>(), 4);
    let hours = report.now.wait(0.5).unwrap() / 60.0;
    assert!((26.0..34.0).contains(&hours), "{hours}");
    assert_eq!(report.now.waits(&[4, 24, 72]), [0, 0, 3, 0]);
    assert_eq!((report.now.score(), report.now.repeated().percent()), (Some(4.5), Some(50)));
    let prices = Prices { mail: 0.0001, calls: 0.001 };
    let dollars = report.now.dollars_per_handoff(prices).unwrap();
    assert!((dollars - (0.002 + 0.001 + 0.002) / 2.0).abs() < 1e-9, "{dollars}");
    assert_eq!(Report::new(span(), &[]).now.completion().percent(), None);
}

#[test]
fn the_worst_question_comes_first_and_people_by_how_much_they_did() {
    let grace = Of::Csm(MemberId::parse("grace").unwrap());
    let rows = [
        week(
            date(2026, 11, 2),
            &[
                ("q:good:as_it_was", 9),
                ("q:good:rewritten", 1),
                ("q:bad:rewritten", 4),
                ("q:bad:lightly_edited", 1),
            ],
        ),
        week(
            date(2026, 11, 9),
            &[("q:open:from_nothing", 2), ("q:good:wrong", 1), ("q:good:useful", 3), ("t:Standard:done", 2)],
        ),
        row(Grain::Week, date(2026, 11, 9), grace, &[("received", 2)]),
        row(Grain::Week, date(2026, 11, 9), Of::Ae("a".to_owned()), &[("created", 2)]),
        row(Grain::Week, date(2026, 7, 6), Of::Ae("gone".to_owned()), &[("created", 9)]),
    ];
    let report = Report::new(span(), &rows);
    let ids: Vec<&str> = report.questions.iter().map(|line| line.id.as_str()).collect();
    assert_eq!(ids, ["bad", "good", "open"]);
    assert_eq!(report.questions[0].now.made().kept().percent(), Some(20));
    assert_eq!(report.questions[1].now.wrong(), Part { part: 1, whole: 4 });
    assert_eq!((report.csms[0].name.as_str(), report.aes.len()), ("Grace Lin", 1));
    assert_eq!(report.templates[0].id, "Standard");
}
