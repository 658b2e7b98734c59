//! The invitation as an iCalendar file: one event, the same for ever by its UID, newer by its sequence.

use super::super::welcome::Shown;
use handoff_domain::account::Contact;
use handoff_domain::email::EmailAddress;
use handoff_domain::kickoff::KickoffTime;
use icalendar::{Calendar, Component as _, Event, Property};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Longest part of a file's name that a company's gives, in characters.
const NAME_MAX_CHARS: usize = 40;

/// `None` only if text could not be written into memory.
pub(super) fn invitation(shown: &Shown<'_>, time: &KickoffTime) -> Option<String> {
    let (handoff, now) = (shown.handoff(), shown.viewer.now);
    let csm = shown.csm.unwrap_or(&shown.viewer.member);
    let mut event = Event::new();
    event.uid(&handoff.kickoff_uid());
    event.sequence(sequence(shown, time));
    event.summary(&one_line(&format!(
        "Kickoff: {} and {}",
        handoff.account.company, shown.viewer.organization.name
    )));
    event.description(&description(shown, time));
    // In UTC: every calendar shows its reader's own time, and no definition of a zone can be missing or old.
    event.add_property("DTSTAMP", utc(now));
    event.add_property("LAST-MODIFIED", utc(now));
    event.add_property("DTSTART", utc(time.at.timestamp()));
    event.add_property("DTEND", utc(time.end()));
    event.add_property("STATUS", "CONFIRMED");
    event.append_property(person("ORGANIZER", &csm.name, &csm.email));
    for (name, address) in guests(shown) {
        event.append_multi_property(guest(&name, &address, "REQ-PARTICIPANT"));
    }
    if let Some(address) = &handoff.ae.email {
        event.append_multi_property(guest(&handoff.ae.name, address, "OPT-PARTICIPANT"));
    }
    if let Some(link) = Some(csm.booking_link.trim()).filter(|link| link.starts_with("https://")) {
        event.add_property("URL", one_line(link));
    }
    let mut calendar = Calendar::empty();
    calendar.append_property(Property::new("VERSION", "2.0"));
    calendar.append_property(Property::new("PRODID", "-//Handoff//Kickoff//EN"));
    calendar.append_property(Property::new("CALSCALE", "GREGORIAN"));
    calendar.push(event);
    let mut text = String::new();
    std::fmt::write(&mut text, format_args!("{calendar}")).ok()?;
    Some(text)
}

/// As often as the plan was moved; a time that is not the planned one comes after it.
fn sequence(shown: &Shown<'_>, time: &KickoffTime) -> u32 {
    shown.account.kickoff.as_ref().map_or(0, |kickoff| kickoff.moves + u32::from(!time.is(kickoff)))
}

fn description(shown: &Shown<'_>, time: &KickoffTime) -> String {
    let zone = time.at.time_zone().iana_name().unwrap_or("UTC");
    let when = time.at.strftime("%Y-%m-%d %H:%M");
    let text = format!("{}\n\n{when} ({zone})", shown.agenda());
    text.chars().filter(|c| !c.is_control() || *c == '\n').collect()
}

/// Whom the welcome mail went to, else whom it is meant for, else everybody with an address.
fn guests(shown: &Shown<'_>) -> Vec<(String, EmailAddress)> {
    let welcome = shown.account.welcome.as_ref();
    let sent = welcome.and_then(|welcome| welcome.last_sent()).map(|sent| &sent.letter.to);
    let chosen = sent.or(welcome.and_then(|welcome| welcome.letter.as_ref()).map(|letter| &letter.to));
    let is_chosen = |address: &EmailAddress| {
        chosen.is_none_or(|chosen| {
            chosen.is_empty() || chosen.iter().any(|one| one.folded() == address.folded())
        })
    };
    let contacts = shown.handoff().account.contacts.iter();
    let mut guests: Vec<(String, EmailAddress)> = contacts
        .filter_map(|contact: &Contact| Some((contact.name.clone(), contact.address()?)))
        .filter(|(_, address)| is_chosen(address))
        .collect();
    guests.dedup_by(|one, other| one.1.folded() == other.1.folded());
    guests
}

fn person(property: &str, name: &str, address: &EmailAddress) -> Property {
    let mut property = Property::new(property, format!("mailto:{address}"));
    // A quote mark cannot stand in a parameter at all.
    let name = one_line(name).replace('"', "'");
    if !name.is_empty() {
        property.add_parameter("CN", &name);
    }
    property.done()
}

fn guest(name: &str, address: &EmailAddress, role: &str) -> Property {
    let mut guest = person("ATTENDEE", name, address);
    guest.add_parameter("ROLE", role);
    guest.add_parameter("PARTSTAT", "NEEDS-ACTION");
    guest.add_parameter("RSVP", "TRUE");
    guest.done()
}

fn one_line(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn utc(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// For example `kickoff-acme-health.ics`.
pub(super) fn name(company: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' };
    let words: String = company.chars().map(safe).take(NAME_MAX_CHARS).collect();
    let words: Vec<&str> = words.split_whitespace().collect();
    if words.is_empty() { "kickoff.ics".to_owned() } else { format!("kickoff-{}.ics", words.join("-")) }
}
