//! From the typed fields to the organization, and what of it changed.

use handoff_domain::Timestamp;
use handoff_domain::audit::FieldChange;
use handoff_domain::limits::LINK_LIFE_DAYS;
use handoff_domain::logo::LogoImage;
use handoff_domain::organization::{MATERIAL_MONTHS, NextCsm, Organization, WorkingHours};
use handoff_web::form::Form;
use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

const NAME_MAX_CHARS: usize = 100;
const SENDER_MAX_CHARS: usize = 60;
const LIST_MAX: usize = 50;
const LIST_ENTRY_MAX_CHARS: usize = 100;
const REMINDERS_MAX: usize = 10;
const MOMENT: &str = "%Y-%m-%dT%H:%M";

/// Languages that drafts and pages of the organization can have.
pub(super) const LANGUAGES: [(&str, &str); 3] = [("en", "English"), ("de", "German"), ("fr", "French")];

/// For how long material from Sales is kept where no time is chosen.
pub(super) const AS_THE_ACCOUNT: &str = "As long as the account";

pub(super) type Errors = BTreeMap<String, String>;

/// The fields as text: as they are stored, or as somebody typed them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) revision: String,
    pub(super) name: String,
    pub(super) sender: String,
    pub(super) keeps_logo: bool,
    pub(super) time_zone: String,
    pub(super) language: String,
    pub(super) works_from: String,
    pub(super) works_until: String,
    pub(super) reminder_days: String,
    pub(super) next_csm: String,
    pub(super) link_life_days: String,
    pub(super) material_months: String,
    pub(super) handoffs_from: String,
    pub(super) pipelines: String,
    pub(super) deal_types: String,
}

impl Typed {
    /// What is stored.
    pub(super) fn of(organization: &Organization) -> Self {
        let days = organization.reminder_days.iter().map(u8::to_string);
        Self {
            revision: organization.revision.to_string(),
            name: organization.name.clone(),
            sender: organization.sender.clone(),
            keeps_logo: true,
            time_zone: organization.time_zone.clone(),
            language: organization.language.clone(),
            works_from: hour(organization.working_hours.from),
            works_until: hour(organization.working_hours.until),
            reminder_days: days.collect::<Vec<_>>().join(", "),
            next_csm: organization.next_csm.as_str().to_owned(),
            link_life_days: organization.link_life_days.to_string(),
            material_months: organization
                .material_months
                .map(|months| months.to_string())
                .unwrap_or_default(),
            handoffs_from: local(organization.handoffs_from, &organization.time_zone),
            pipelines: organization.pipelines.join("\n"),
            deal_types: organization.deal_types.join("\n"),
        }
    }

    /// What somebody typed.
    pub(super) fn read(form: &Form) -> Self {
        let text = |name| form.last(name).unwrap_or_default().trim().to_owned();
        Self {
            revision: text("revision"),
            name: text("name"),
            sender: text("sender"),
            keeps_logo: text("remove_logo").is_empty(),
            time_zone: text("time_zone"),
            language: text("language"),
            works_from: text("works_from"),
            works_until: text("works_until"),
            reminder_days: text("reminder_days"),
            next_csm: text("next_csm"),
            link_life_days: text("link_life_days"),
            material_months: text("material_months"),
            handoffs_from: text("handoffs_from"),
            pipelines: text("pipelines"),
            deal_types: text("deal_types"),
        }
    }

    /// The organization with these fields, or what is wrong with each.
    pub(super) fn check(
        &self,
        before: &Organization,
        image: Option<&Result<LogoImage, &'static str>>,
    ) -> Result<Organization, Errors> {
        let mut errors = Errors::new();
        let mut wrong = |field: &str, remedy: &str| drop(errors.insert(field.to_owned(), remedy.to_owned()));
        let mut after = before.clone();
        match self.name.chars().count() {
            1..=NAME_MAX_CHARS => after.name.clone_from(&self.name),
            _ => wrong("name", "Give a name of 1 to 100 characters."),
        }
        match self.sender.chars().count() {
            0..=SENDER_MAX_CHARS if !self.sender.contains(['<', '>', '@']) => {
                after.sender.clone_from(&self.sender);
            }
            _ => wrong("sender", "Give a name of at most 60 characters, without an address."),
        }
        match image {
            Some(Ok(image)) => after.logo = Some(image.logo.clone()),
            Some(Err(remedy)) => wrong("logo", remedy),
            None if !self.keeps_logo => after.logo = None,
            None => {}
        }
        match TimeZone::get(&self.time_zone) {
            Ok(_) => after.time_zone.clone_from(&self.time_zone),
            Err(_) => wrong(
                "time_zone",
                "No time zone has this name. Write it like Europe/Berlin or America/New_York.",
            ),
        }
        if LANGUAGES.iter().any(|(code, _)| *code == self.language) {
            after.language.clone_from(&self.language);
        } else {
            wrong("language", "Choose one of the languages.");
        }
        match (self.works_from.parse::<Time>(), self.works_until.parse::<Time>()) {
            (Ok(from), Ok(until)) if from < until => after.working_hours = WorkingHours { from, until },
            (Ok(_), Ok(_)) => wrong("works_until", "The end must be later than the beginning."),
            (Err(_), _) => wrong("works_from", "Write a time like 09:00."),
            (_, Err(_)) => wrong("works_until", "Write a time like 17:00."),
        }
        match NextCsm::ALL.into_iter().find(|one| one.as_str() == self.next_csm) {
            Some(next_csm) => after.next_csm = next_csm,
            // A form from before there was the choice.
            None if self.next_csm.is_empty() => {}
            None => wrong("next_csm", "Choose one of the two."),
        }
        match days(&self.reminder_days) {
            Some(days) => after.reminder_days = days,
            None => wrong(
                "reminder_days",
                "Write up to ten days between 1 and 29, for example 3, 7, 14. Leave it empty for no reminders.",
            ),
        }
        match self.link_life_days.parse::<i64>() {
            Ok(days @ 1..=LINK_LIFE_DAYS) => after.link_life_days = days,
            _ => wrong("link_life_days", "Write a number of days from 1 to 30."),
        }
        match self.material_months.parse::<u8>() {
            _ if self.material_months.is_empty() => after.material_months = None,
            Ok(months) if MATERIAL_MONTHS.contains(&months) => after.material_months = Some(months),
            _ => wrong("material_months", "Choose one of the times in the list."),
        }
        match from_local(&self.handoffs_from, before, &after.time_zone) {
            Some(from) => after.handoffs_from = from,
            None => wrong("handoffs_from", "Write a date and time like 2026-11-22T09:00."),
        }
        for (field, text, list) in [
            ("pipelines", &self.pipelines, &mut after.pipelines),
            ("deal_types", &self.deal_types, &mut after.deal_types),
        ] {
            match entries(text) {
                Some(entries) => *list = entries,
                None => wrong(field, "Write one on each line, at most 50, each up to 100 characters."),
            }
        }
        if errors.is_empty() { Ok(after) } else { Err(errors) }
    }
}

/// What tells `after` from `before`, field by field.
pub(super) fn changes(before: &Organization, after: &Organization) -> Vec<FieldChange> {
    let (old, new) = (Typed::of(before), Typed::of(after));
    let logo = |organization: &Organization| {
        let told = organization
            .logo
            .as_ref()
            .map(|logo| format!("{} × {} ({:.8})", logo.width, logo.height, logo.id.as_str()));
        told.unwrap_or_default()
    };
    let lines = |text: &str| text.replace('\n', ", ");
    let moment = |organization: &Organization, typed: &Typed| {
        format!("{} ({})", typed.handoffs_from.replace('T', " "), organization.time_zone)
    };
    let handoffs_from = (before.handoffs_from != after.handoffs_from)
        .then(|| FieldChange::of("Deals won from", moment(before, &old), moment(after, &new)))
        .flatten();
    let fields = [
        FieldChange::of("Name", old.name, new.name),
        FieldChange::of("Sender of mails", old.sender, new.sender),
        FieldChange::of("Logo", logo(before), logo(after)),
        FieldChange::of("Time zone", old.time_zone, new.time_zone),
        FieldChange::of("Language", old.language, new.language),
        FieldChange::of("Working hours begin", old.works_from, new.works_from),
        FieldChange::of("Working hours end", old.works_until, new.works_until),
        FieldChange::of("Who takes the next handoff", before.next_csm.label(), after.next_csm.label()),
        FieldChange::of("Reminder days", old.reminder_days, new.reminder_days),
        FieldChange::of("Material is kept", kept(before), kept(after)),
        FieldChange::of("Life of a link in days", old.link_life_days, new.link_life_days),
        handoffs_from,
        FieldChange::of("Pipelines", lines(&old.pipelines), lines(&new.pipelines)),
        FieldChange::of("Deal types", lines(&old.deal_types), lines(&new.deal_types)),
    ];
    fields.into_iter().flatten().collect()
}

/// How long material is kept, in words.
fn kept(organization: &Organization) -> String {
    organization
        .material_months
        .map_or_else(|| AS_THE_ACCOUNT.to_owned(), |months| format!("{months} months"))
}

fn hour(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

fn local(moment: Timestamp, zone: &str) -> String {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    moment.to_zoned(zone).strftime(MOMENT).to_string()
}

/// The moment of a local time. What was not touched keeps the seconds that the field does not show.
fn from_local(text: &str, before: &Organization, zone: &str) -> Option<Timestamp> {
    if text == local(before.handoffs_from, &before.time_zone) {
        return Some(before.handoffs_from);
    }
    let zone = TimeZone::get(zone).ok()?;
    text.parse::<DateTime>().ok()?.to_zoned(zone).ok().map(|zoned| zoned.timestamp())
}

fn days(text: &str) -> Option<Vec<u8>> {
    let parts = text.split([',', ' ', ';']).filter(|part| !part.is_empty());
    let mut days: Vec<u8> = parts.map(|part| part.parse().ok()).collect::<Option<_>>()?;
    days.sort_unstable();
    days.dedup();
    (days.len() <= REMINDERS_MAX && days.iter().all(|day| (1..=29).contains(day))).then_some(days)
}

fn entries(text: &str) -> Option<Vec<String>> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned);
    let lines: Vec<String> = lines.collect();
    let fits =
        lines.len() <= LIST_MAX && lines.iter().all(|line| line.chars().count() <= LIST_ENTRY_MAX_CHARS);
    fits.then_some(lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use handoff_testing::fixtures;

    #[test]
    fn what_is_shown_and_sent_back_changes_nothing() {
        let mut before = fixtures::organization();
        before.handoffs_from = "2026-11-22T10:11:12.345678Z".parse().unwrap();
        before.time_zone = "Europe/Berlin".to_owned();
        assert_eq!(Typed::of(&before).check(&before, None).unwrap(), before);
        assert!(changes(&before, &before).is_empty());
    }

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let before = fixtures::organization();
        let typed = Typed {
            revision: "0".into(),
            name: String::new(),
            sender: "Me <me@us.test>".into(),
            keeps_logo: true,
            time_zone: "Mars/Olympus".into(),
            language: "xx".into(),
            works_from: "17:00".into(),
            works_until: "09:00".into(),
            reminder_days: "3, 99".into(),
            next_csm: "dice".into(),
            link_life_days: "31".into(),
            material_months: "7".into(),
            handoffs_from: "yesterday".into(),
            pipelines: "x\n".repeat(51),
            deal_types: String::new(),
        };
        let errors: Vec<String> =
            typed.check(&before, Some(&Err("no image"))).unwrap_err().into_keys().collect();
        let expected = [
            "handoffs_from",
            "language",
            "link_life_days",
            "logo",
            "material_months",
            "name",
            "next_csm",
            "pipelines",
            "reminder_days",
            "sender",
            "time_zone",
            "works_until",
        ];
        assert_eq!(errors, expected);
    }

    #[test]
    fn a_local_time_is_read_in_the_zone_that_was_typed() {
        let before = fixtures::organization();
        let typed = Typed {
            time_zone: "Europe/Berlin".into(),
            handoffs_from: "2026-07-01T09:00".into(),
            reminder_days: "14 3,3".into(),
            ..Typed::of(&before)
        };
        let after = typed.check(&before, None).unwrap();
        assert_eq!(after.handoffs_from, "2026-07-01T07:00:00Z".parse().unwrap());
        assert_eq!(after.reminder_days, [3, 14]);
        let told: Vec<_> = changes(&before, &after).into_iter().map(|change| change.field).collect();
        assert_eq!(told, ["Time zone", "Reminder days", "Deals won from"]);
    }
}
