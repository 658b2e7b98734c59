//! What a person typed about a customer, as the records that HubSpot would hold.

use handoff_domain::account::{Account, Contact, Money};
use handoff_domain::id::SourceId;
use handoff_domain::source::{Source, SourceKind};

/// The company, and each contact, of an account made by hand.
pub fn typed(account: &Account) -> Vec<Source> {
    let money = account.arr.as_ref().map(Money::to_plain_text).unwrap_or_default();
    let close_date = account.close_date.map(|day| day.to_string()).unwrap_or_default();
    let company = [
        ("Company", &account.company),
        ("Website", &account.website),
        ("Industry", &account.industry),
        ("Employees", &account.size),
        ("Annual recurring revenue", &money),
        ("Close date", &close_date),
    ];
    let company = source(SourceKind::Company, "company-1".to_owned(), &account.company, &company);
    let contacts = account.contacts.iter().enumerate().filter_map(|(at, contact)| of_contact(at, contact));
    company.into_iter().chain(contacts).collect()
}

fn of_contact(at: usize, contact: &Contact) -> Option<Source> {
    let lines = [
        ("Name", &contact.name),
        ("Job title", &contact.title),
        ("E-mail", &contact.email),
        ("Phone", &contact.phone),
    ];
    let title = if contact.name.is_empty() { &contact.email } else { &contact.name };
    source(SourceKind::Contact, format!("contact-{}", at + 1), title, &lines)
}

fn source(kind: SourceKind, id: String, title: &str, lines: &[(&str, &String)]) -> Option<Source> {
    let filled = lines.iter().filter(|(_, value)| !value.is_empty());
    let body = filled.map(|(label, value)| format!("{label}: {value}")).collect::<Vec<_>>().join("\n");
    let id = SourceId::parse(id).ok()?;
    (!body.is_empty()).then(|| Source { id, kind, title: title.to_owned(), author: None, date: None, body })
}
