//! The moment that a reply header names, in the languages and spellings of common mail programs.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

/// Months by how they begin, in English, German, French and Spanish; the longer of two that begin alike first.
const MONTHS: [(&str, i8); 34] = [
    ("jan", 1),
    ("jän", 1),
    ("ene", 1),
    ("feb", 2),
    ("fév", 2),
    ("fev", 2),
    ("mar", 3),
    ("mär", 3),
    ("mrz", 3),
    ("apr", 4),
    ("avr", 4),
    ("abr", 4),
    ("may", 5),
    ("mai", 5),
    ("juin", 6),
    ("jun", 6),
    ("juil", 7),
    ("jul", 7),
    ("aug", 8),
    ("août", 8),
    ("aout", 8),
    ("ago", 8),
    ("sep", 9),
    ("set", 9),
    ("oct", 10),
    ("okt", 10),
    ("nov", 11),
    ("dec", 12),
    ("dez", 12),
    ("déc", 12),
    ("dic", 12),
    ("mayo", 5),
    ("juni", 6),
    ("juli", 7),
];

/// Days of the week that begin as a month does: `Mardi`, `mar.`, `Martes`.
const DAYS_LIKE_MONTHS: [&str; 4] = ["mar", "mardi", "martes", "marti"];

/// A little more than a day: a header is written in a time zone that it seldom names.
const AHEAD_SECONDS: i64 = 27 * 3600;

/// Reads the first date, with its time where one stands there. Without a year it is the last such day before `carried`.
/// The time zone is not known and taken as UTC. Nothing when the order of day and month is not certain, or when the
/// moment is later than the mail that carries it.
pub(crate) fn read(text: &str, carried: Option<Timestamp>) -> Option<Timestamp> {
    let tokens: Vec<String> = tokens(text);
    let (day, after) = written(&tokens, carried).or_else(|| numeric(&tokens))?;
    let time = time(tokens.get(after..).unwrap_or_default()).unwrap_or(Time::midnight());
    let at = TimeZone::UTC.to_timestamp(DateTime::from_parts(day, time)).ok()?;
    let is_later = carried.is_some_and(|carried| at.as_second() > carried.as_second() + AHEAD_SECONDS);
    (!is_later).then_some(at)
}

/// Words, numbers, and the marks between numbers.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut last = ' ';
    for c in text.to_lowercase().chars() {
        let joins = c.is_alphabetic() && last.is_alphabetic() || c.is_ascii_digit() && last.is_ascii_digit();
        if joins {
            if let Some(token) = tokens.last_mut() {
                token.push(c);
            }
        } else if !c.is_whitespace() {
            tokens.push(c.to_string());
        }
        last = c;
    }
    tokens
}

fn number(token: Option<&String>) -> Option<i16> {
    token.filter(|token| token.len() <= 4)?.parse().ok()
}

fn month(token: &str) -> Option<i8> {
    if token.chars().count() < 3 {
        return None;
    }
    MONTHS.iter().find(|(begin, _)| token.starts_with(begin)).map(|(_, month)| *month)
}

/// `14 May 2026`, `May 14, 2026`, `11. Mai 2026`, `3 de nov. de 2026`, `May 13`.
fn written(tokens: &[String], carried: Option<Timestamp>) -> Option<(Date, usize)> {
    for (at, token) in tokens.iter().enumerate() {
        let Some(month) = month(token) else { continue };
        let next_words = |from: usize| {
            let rest = tokens.iter().enumerate().skip(from);
            rest.filter(|(_, token)| {
                !matches!(token.as_str(), "." | "," | "de" | "of" | "th" | "st" | "nd" | "rd")
            })
        };
        let before = tokens.iter().take(at).rev().find(|token| {
            !matches!(token.as_str(), "." | "," | "de" | "of" | "th" | "st" | "nd" | "rd" | "er")
        });
        let day_before = number(before).filter(|day| (1..=31).contains(day));
        if day_before.is_none()
            && DAYS_LIKE_MONTHS.contains(&token.as_str())
            && next_words(at + 1).next().is_some_and(|(next, _)| {
                tokens.iter().skip(next + 1).take(2).any(|token| self::month(token).is_some())
            })
        {
            continue;
        }
        let mut after = next_words(at + 1);
        let (day, year) = match day_before {
            Some(day) => (day, after.next()),
            None => {
                let Some((_, day)) = after.next() else { continue };
                let Some(day) = number(Some(day)).filter(|day| (1..=31).contains(day)) else { continue };
                (day, after.next())
            }
        };
        let day = i8::try_from(day).ok()?;
        let year = year.and_then(|(at, token)| Some((at, number(Some(token)).filter(|year| *year >= 1990)?)));
        return match year {
            Some((at, year)) => Some((Date::new(year, month, day).ok()?, at + 1)),
            None => Some((without_year(month, day, carried?)?, at + 1)),
        };
    }
    None
}

fn without_year(month: i8, day: i8, carried: Timestamp) -> Option<Date> {
    let carried = TimeZone::UTC.to_datetime(carried).date();
    let same = Date::new(carried.year(), month, day).ok();
    same.filter(|date| *date <= carried).or_else(|| Date::new(carried.year() - 1, month, day).ok())
}

/// `2026-05-14`, `27.05.2026`, `27/5/2026`. With slashes, day and month must not both be possible months.
fn numeric(tokens: &[String]) -> Option<(Date, usize)> {
    tokens.windows(5).enumerate().find_map(|(at, window)| {
        let [first, mark, second, mark_again, third] = window else { return None };
        let (a, b, c) = (number(Some(first))?, number(Some(second))?, number(Some(third))?);
        let (year, month, day) = match mark.as_str() {
            _ if mark != mark_again => return None,
            "-" if a >= 1990 => (a, b, c),
            "." => (c, b, a),
            "/" if b > 12 || a == b => (c, a, b),
            "/" if a > 12 => (c, b, a),
            _ => return None,
        };
        let year = if (0..100).contains(&year) { 2000 + year } else { year };
        let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        Some((date, at + 5))
    })
}

/// `09:20`, `9h20`, `3:04 PM`.
fn time(tokens: &[String]) -> Option<Time> {
    tokens.windows(3).enumerate().find_map(|(at, window)| {
        let [hour, mark, minute] = window else { return None };
        if !matches!(mark.as_str(), ":" | "h") || minute.len() != 2 {
            return None;
        }
        let hour = i8::try_from(number(Some(hour))?).ok()?;
        let rest: Vec<&str> = tokens.iter().skip(at + 3).take(4).map(String::as_str).collect();
        let rest = rest.strip_prefix(&[":"]).and_then(|rest| rest.get(1..)).unwrap_or(&rest);
        let hour = match rest.first() {
            Some(&"pm") if hour < 12 => hour + 12,
            Some(&"am") if hour == 12 => 0,
            _ => hour,
        };
        Time::new(hour, i8::try_from(number(Some(minute))?).ok()?, 0, 0).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Option<String> {
        read(text, "2026-11-20T10:00:00Z".parse().ok()).map(|at| at.to_string())
    }

    #[test]
    fn dates_of_four_languages_are_read() {
        for (text, expected) in [
            ("14 May 2026 09:20", "2026-05-14T09:20:00Z"),
            ("Tue, Jun 30, 2026 at 09:20", "2026-06-30T09:20:00Z"),
            ("Thursday, November 5, 2026 3:04 PM", "2026-11-05T15:04:00Z"),
            ("27.05.2026 um 09:20", "2026-05-27T09:20:00Z"),
            ("Montag, 11. Mai 2026 08:12", "2026-05-11T08:12:00Z"),
            ("Di., 3. März 2026 um 12:05 Uhr", "2026-03-03T12:05:00Z"),
            ("mar. 2 juin 2026 à 09:20", "2026-06-02T09:20:00Z"),
            ("mardi 14 juillet 2026 9h05", "2026-07-14T09:05:00Z"),
            ("mar, 3 nov 2026 a las 10:00", "2026-11-03T10:00:00Z"),
            ("martes, 3 de marzo de 2026 10:00", "2026-03-03T10:00:00Z"),
            ("2026-05-14 09:20:31", "2026-05-14T09:20:00Z"),
            ("May 13", "2026-05-13T00:00:00Z"),
            ("Dec 13", "2025-12-13T00:00:00Z"),
            ("5/14/2026 9:20 AM", "2026-05-14T09:20:00Z"),
        ] {
            assert_eq!(date(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_certain_is_not_a_date() {
        for text in ["", "Tuesday", "3/4/2026 10:00", "1 May 2027", "31 Feb 2026", "99.99.2026", "in May"] {
            assert_eq!(date(text), None, "{text}");
        }
    }
}
