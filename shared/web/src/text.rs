//! Dates, times and addresses as people read them.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use maud::{Markup, html};

/// The time zone of this IANA name; UTC when there is none of that name.
pub fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// A calendar day: `22 Nov 2026`.
pub fn day(date: Date) -> String {
    date.strftime("%-d %b %Y").to_string()
}

/// The day of a moment in a time zone: `22 Nov 2026`.
pub fn day_at(moment: Timestamp, zone: &TimeZone) -> String {
    day(moment.to_zoned(zone.clone()).date())
}

/// A moment with its time, marked up for machines: `22 Nov 2026, 14:02`.
pub fn moment(moment: Timestamp, zone: &TimeZone) -> Markup {
    let text = moment.to_zoned(zone.clone()).strftime("%-d %b %Y, %H:%M").to_string();
    html! { time datetime=(moment.to_string()) { (text) } }
}

/// A website as the CRM holds it: a link when it plainly is one, else the text as it stands.
pub fn website(text: &str) -> Markup {
    let text = text.trim();
    let address = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let plain = address.parse::<http::Uri>().ok().filter(|uri| {
        let web = matches!(uri.scheme_str(), Some("https" | "http"));
        let host = uri.host().unwrap_or("");
        web && host.contains('.') && !uri.authority().is_some_and(|all| all.as_str().contains('@'))
    });
    let shown = text.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/');
    match plain {
        Some(uri) => html! {
            a href=(uri.to_string()) target="_blank" rel="noopener noreferrer nofollow" { (shown) }
        },
        None => html! { (text) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_stand_in_the_organizations_zone() {
        let late: Timestamp = "2026-11-22T23:30:00Z".parse().unwrap();
        assert_eq!(day_at(late, &zone("Europe/Berlin")), "23 Nov 2026");
        assert_eq!(day_at(late, &zone("No/Where")), "22 Nov 2026");
        assert!(moment(late, &zone("UTC")).into_string().contains("22 Nov 2026, 23:30"));
    }

    #[test]
    fn only_a_plain_web_address_becomes_a_link() {
        assert!(website("acme.test/about").into_string().contains("href=\"https://acme.test/about\""));
        assert!(website("http://acme.test").into_string().contains("href=\"http://acme.test/\""));
        for text in [
            "javascript:alert(1)",
            "javascript://a.b/%0aalert(1)",
            "https://us.test@evil.test",
            "n/a",
            "\"><script>",
        ] {
            let shown = website(text).into_string();
            assert!(!shown.contains("href") && !shown.contains("<script"), "{shown}");
        }
    }
}
