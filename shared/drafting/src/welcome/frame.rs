//! The words around what was handed over: greeting, who writes, the next step, the end.

use super::words::Blocks;
use super::{Fact, WelcomeRequest};
use crate::clean;
use handoff_domain::kickoff::KickoffTime;
use handoff_domain::limits::WELCOME_SUBJECT_MAX_CHARS;
use handoff_domain::welcome::{WelcomeLine, WelcomePart};
use linkify::LinkFinder;

/// One mail's frame, with its names filled in.
pub(super) struct Frame<'a> {
    request: &'a WelcomeRequest<'a>,
    blocks: Blocks,
}

impl<'a> Frame<'a> {
    pub(super) fn of(request: &'a WelcomeRequest<'a>) -> Self {
        Self { request, blocks: Blocks::of(request.language) }
    }

    pub(super) fn subject(&self) -> String {
        let subject = self.filled(self.blocks.subject);
        subject.chars().take(WELCOME_SUBJECT_MAX_CHARS).collect()
    }

    /// The whole body around the lines of the four subjects; a subject without lines is not named.
    pub(super) fn around(&self, lines: [Vec<WelcomeLine>; 4]) -> Vec<WelcomePart> {
        let mut parts = vec![WelcomePart::own(self.blocks.greeting), self.own(self.blocks.who)];
        if lines.iter().any(|lines| !lines.is_empty()) {
            let told =
                if name(self.request.ae).is_empty() { self.blocks.told_by_nobody } else { self.blocks.told };
            parts.push(self.own(told));
        }
        let titled = self.blocks.titles.into_iter().zip(lines).filter(|(_, points)| !points.is_empty());
        parts.extend(titled.map(|(title, points)| WelcomePart { text: title.to_owned(), points }));
        parts.push(WelcomePart::own(self.next_step()));
        parts.push(self.own(self.blocks.forward));
        parts.push(self.own(self.blocks.regards));
        parts
    }

    /// What the kickoff is for, and what they said that they want.
    pub(super) fn agenda(&self) -> String {
        let material = self.request.material;
        let subjects = [&material.use_case, &material.goals, &material.go_live];
        let mut text = self.filled(self.blocks.agenda);
        for (title, facts) in
            self.blocks.titles.into_iter().zip(subjects).filter(|(_, facts)| !facts.is_empty())
        {
            text.push_str("\n\n");
            text.push_str(title);
            text.extend(facts.iter().map(|fact: &Fact| format!("\n- {}", fact.text)));
        }
        text
    }

    fn next_step(&self) -> String {
        let link = clean::one_line(self.request.booking_link);
        match (self.request.kickoff, link.as_str()) {
            (Some(kickoff), _) => self.filled(self.blocks.planned).replace("<when>", &self.moment(kickoff)),
            (None, "") => self.filled(self.blocks.propose),
            (None, link) => format!("{}\n{link}", self.filled(self.blocks.book)),
        }
    }

    /// For example `Tuesday, 24 November 2026, 10:00 (Europe/Berlin)`.
    fn moment(&self, kickoff: &KickoffTime) -> String {
        let at = &kickoff.at;
        let weekday = usize::from(at.weekday().to_monday_zero_offset().unsigned_abs());
        let month = usize::from(at.month().unsigned_abs()).saturating_sub(1);
        let (weekdays, months) = (self.blocks.weekdays, self.blocks.months);
        self.blocks
            .moment
            .replace("<weekday>", weekdays.get(weekday).unwrap_or(&""))
            .replace("<day>", &at.day().to_string())
            .replace("<month>", months.get(month).unwrap_or(&""))
            .replace("<year>", &at.year().to_string())
            .replace("<time>", &at.strftime("%H:%M").to_string())
            .replace("<zone>", at.time_zone().iana_name().unwrap_or("UTC"))
    }

    fn own(&self, block: &str) -> WelcomePart {
        WelcomePart::own(self.filled(block))
    }

    fn filled(&self, block: &str) -> String {
        let request = self.request;
        let company = name(request.company);
        // Without a name of the customer the comma before it goes as well.
        let block = if company.is_empty() { block.replace(", <company>", "") } else { block.to_owned() };
        let names = [
            ("<organization>", name(request.organization)),
            ("<company>", company),
            ("<csm>", name(request.csm)),
            ("<ae>", name(request.ae)),
        ];
        names.iter().fold(block, |text, (mark, name)| text.replace(mark, name))
    }
}

/// A name of the CRM's: one line, nothing that a name is filled into, no address.
fn name(text: &str) -> String {
    let text = clean::one_line(text).replace(['{', '}', '<', '>'], "");
    let has_link = LinkFinder::new().links(&text).next().is_some();
    if has_link { String::new() } else { text.trim().to_owned() }
}

impl WelcomeRequest<'_> {
    /// The time of the kickoff as its reader says it.
    pub fn moment(&self, kickoff: &KickoffTime) -> String {
        Frame::of(self).moment(kickoff)
    }
}
