//! What a signature tells of a person whom no contact record names: the only place where their role may stand.

use crate::mail::signature::Name;
use crate::words::{count, stream};
use handoff_domain::email::EmailAddress;
use handoff_domain::source::{Source, SourceKind};
use std::collections::BTreeSet;

/// Longest role, in words.
const ROLE_MAX_WORDS: usize = 8;

/// Who is known, and who belongs to the customer.
pub(super) struct Roles {
    contacts: Vec<String>,
    /// The customer's.
    domains: BTreeSet<String>,
    /// Sales' own, where it is known.
    ours: Option<String>,
    told: BTreeSet<String>,
}

impl Roles {
    /// From the records of contacts and companies among the sources, and an address of our own people.
    pub(super) fn of(sources: &[Source], ours: Option<&EmailAddress>) -> Self {
        let of_kind = |kind: SourceKind| sources.iter().filter(move |source| source.kind == kind);
        let contacts = of_kind(SourceKind::Contact);
        let contacts =
            contacts.map(|contact| stream(&format!("{} {}", contact.title, contact.body))).collect();
        let records = of_kind(SourceKind::Contact).chain(of_kind(SourceKind::Company));
        let domains = records.flat_map(|record| record.body.lines()).filter_map(domain).collect();
        let ours = ours.map(|address| host(address.as_str()));
        Self { contacts, domains, ours, told: BTreeSet::new() }
    }

    /// The name and role to keep of a signature that was taken off: once for each person who is none of ours.
    pub(super) fn keep(&mut self, author: Option<&str>, signature: &[String]) -> Vec<String> {
        let Some(author) = author else { return Vec::new() };
        let address = author.split(['<', '>']).find(|part| part.contains('@')).unwrap_or_default();
        let host = host(address);
        let person = stream(author.split('<').next().unwrap_or_default());
        let is_theirs = match &self.ours {
            Some(ours) => !host.is_empty() && host != *ours,
            None => self.domains.contains(&host),
        };
        if count(&person) < 2 || self.is_recorded(&person) || !is_theirs || self.told.contains(&person) {
            return Vec::new();
        }
        let name = Name::of(Some(author));
        let is_full = |line: &&String| stream(line).starts_with(&person) && name.is_line(line);
        let Some(at) = signature.iter().position(|line| is_full(&line)) else { return Vec::new() };
        let on_line = signature.get(at).filter(|line| stream(line) != person);
        let role = on_line.or_else(|| signature.get(at + 1).filter(|line| is_role(line)));
        let Some(role) = role else { return Vec::new() };
        self.told.insert(person);
        let lines = [signature.get(at), Some(role)].into_iter().flatten().cloned();
        if on_line.is_some() { lines.take(1).collect() } else { lines.collect() }
    }

    fn is_recorded(&self, person: &str) -> bool {
        let names =
            |record: &String| person.split_whitespace().all(|word| record.contains(&format!(" {word} ")));
        self.contacts.iter().any(names)
    }
}

fn host(address: &str) -> String {
    address.rsplit_once('@').map(|(_, host)| host.trim().to_lowercase()).unwrap_or_default()
}

fn is_role(line: &str) -> bool {
    let has_number = line.bytes().any(|byte| byte.is_ascii_digit() || byte == b'@');
    !has_number && (1..=ROLE_MAX_WORDS).contains(&count(&stream(line)))
}

/// The domain of an address, or of the company's own line.
fn domain(line: &str) -> Option<String> {
    let host = match line.split_once('@') {
        Some((_, host)) => host,
        None => line.strip_prefix("Domain: ")?,
    };
    let host = host.split_whitespace().next()?.trim_matches(|c: char| !c.is_alphanumeric());
    Some(host.to_lowercase()).filter(|host| host.contains('.'))
}
