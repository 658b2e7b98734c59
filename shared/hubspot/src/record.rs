//! HubSpot's records as sources and as the account's facts: labels for people, one source per record.

use crate::api::Record;
use crate::deal::Deal;
use crate::owner::Owner;
use crate::properties::{Properties, humanize};
use crate::text;
use handoff_domain::account::{Account, AccountStatus, Contact};
use handoff_domain::id::SourceId;
use handoff_domain::source::{Source, SourceKind};
use jiff::tz::TimeZone;
use serde_json::Value;

/// How a property is written in a source.
#[derive(Debug, Clone, Copy)]
enum Form {
    Line,
    Text,
    Words,
    Money,
    Day,
}

const DEAL_LINES: &[(&str, &str, Form)] = &[
    ("Deal", "dealname", Form::Line),
    ("Deal type", "dealtype", Form::Words),
    ("Amount", "amount", Form::Money),
    ("Annual recurring revenue", "hs_arr", Form::Money),
    ("Monthly recurring revenue", "hs_mrr", Form::Money),
    ("Annual contract value", "hs_acv", Form::Money),
    ("Total contract value", "hs_tcv", Form::Money),
    ("Created", "createdate", Form::Day),
    ("Close date", "closedate", Form::Day),
    ("Priority", "hs_priority", Form::Words),
    ("Description", "description", Form::Text),
    ("Closed won reason", "closed_won_reason", Form::Text),
    ("Next step", "hs_next_step", Form::Text),
];

const COMPANY_LINES: &[(&str, &str, Form)] = &[
    ("Company", "name", Form::Line),
    ("Website", "website", Form::Line),
    ("Domain", "domain", Form::Line),
    ("Industry", "industry", Form::Words),
    ("Type", "type", Form::Words),
    ("Employees", "numberofemployees", Form::Line),
    ("Annual revenue", "annualrevenue", Form::Line),
    ("Founded", "founded_year", Form::Line),
    ("City", "city", Form::Line),
    ("State", "state", Form::Line),
    ("Country", "country", Form::Line),
    ("Time zone", "timezone", Form::Line),
    ("Phone", "phone", Form::Line),
    ("Publicly traded", "is_public", Form::Line),
    ("LinkedIn page", "linkedin_company_page", Form::Line),
    ("Web technologies", "web_technologies", Form::Line),
    ("Description", "description", Form::Text),
    ("About", "about_us", Form::Text),
    ("LinkedIn", "linkedinbio", Form::Text),
];

const CONTACT_LINES: &[(&str, &str, Form)] = &[
    ("First name", "firstname", Form::Line),
    ("Last name", "lastname", Form::Line),
    ("Job title", "jobtitle", Form::Line),
    ("Buying role", "hs_buying_role", Form::Words),
    ("Company", "company", Form::Line),
    ("E-mail", "email", Form::Line),
    ("Phone", "phone", Form::Line),
    ("Mobile phone", "mobilephone", Form::Line),
    ("Lifecycle stage", "lifecyclestage", Form::Words),
    ("City", "city", Form::Line),
    ("Country", "country", Form::Line),
    ("Language", "hs_language", Form::Line),
    ("Message", "message", Form::Text),
];

/// The deal itself as a source.
pub(crate) fn deal_source(deal: &Deal) -> Option<Source> {
    let body = describe(DEAL_LINES, &deal.properties);
    build(SourceKind::Deal, deal.id.as_str(), &deal.name, None, body)
        .map(|source| Source { date: deal.closed_at, ..source })
}

/// A record as a source; `None` when it says nothing.
pub(crate) fn record_source(
    kind: SourceKind,
    record: &Record,
    owner: &Owner,
    owner_id: Option<u64>,
) -> Option<Source> {
    let read = &record.properties;
    let is_owners =
        owner_id.is_some() && read.raw("hubspot_owner_id").and_then(|id| id.trim().parse().ok()) == owner_id;
    let by_owner = Some(owner.ae.name.clone()).filter(|name| is_owners && !name.is_empty());
    let (title, author, body) = match kind {
        SourceKind::Company => (company_name(read), None, describe(COMPANY_LINES, read)),
        SourceKind::Contact => (contact_name(read), None, describe(CONTACT_LINES, read)),
        SourceKind::Email => email_parts(read),
        SourceKind::Note => note_parts(read, by_owner),
        SourceKind::Call => {
            activity_parts(read, "hs_call_title", &["hs_call_body", "hs_call_summary"], by_owner)
        }
        SourceKind::Meeting => activity_parts(
            read,
            "hs_meeting_title",
            &["hs_meeting_body", "hs_internal_meeting_notes"],
            by_owner,
        ),
        SourceKind::Task => activity_parts(read, "hs_task_subject", &["hs_task_body"], by_owner),
        _ => return None,
    };
    let source = build(kind, &record.id, &title, author, body)?;
    let date = read.timestamp("hs_timestamp").or_else(|| read.timestamp("hs_meeting_start_time"));
    Some(Source { date, ..source })
}

/// Contacts that the account's summary names; all of them are sources.
const CONTACTS_MAX: usize = 50;

/// The account as far as HubSpot knows it; the close date is the day in UTC.
pub(crate) fn account(deal: &Deal, company: Option<&Record>, contacts: &[Record]) -> Account {
    let none = Properties::default();
    let read = company.map_or(&none, |company| &company.properties);
    let names = [company_name(read), deal.name.clone(), format!("Deal {}", deal.id)];
    Account {
        company: text::title(&names.into_iter().find(|name| !name.is_empty()).unwrap_or_default()),
        deal_name: deal.name.clone(),
        deal: Some(deal.id.clone()),
        arr: deal.arr.clone(),
        close_date: deal.close_date(&TimeZone::UTC),
        won_at: deal.facts.won_at,
        contacts: contacts
            .iter()
            .take(CONTACTS_MAX)
            .map(|contact| read_contact(&contact.properties))
            .collect(),
        website: company.map(website).unwrap_or_default(),
        industry: text::title(&humanize(&read.line("industry"))),
        size: text::title(&read.line("numberofemployees")),
        status: AccountStatus::Handoff,
    }
}

/// The company's address on the web, or else its domain.
pub(crate) fn website(company: &Record) -> String {
    text::title(&first_of(&company.properties, &["website", "domain"]))
}

fn read_contact(read: &Properties) -> Contact {
    Contact {
        name: text::title(&contact_name(read)),
        email: text::title(&read.line("email")),
        phone: text::title(&first_of(read, &["phone", "mobilephone"])),
        title: text::title(&read.line("jobtitle")),
    }
}

fn build(kind: SourceKind, id: &str, title: &str, author: Option<String>, body: String) -> Option<Source> {
    let prefix = match kind {
        SourceKind::Deal => "deal",
        SourceKind::Company => "company",
        SourceKind::Contact => "contact",
        SourceKind::Note => "note",
        SourceKind::Email => "email",
        SourceKind::Call => "call",
        SourceKind::Meeting => "meeting",
        _ => "task",
    };
    let id = SourceId::parse(format!("{prefix}-{id}")).ok()?;
    let title = Some(text::title(title)).filter(|title| !title.is_empty());
    let title = title.unwrap_or_else(|| kind.label().to_owned());
    if body.is_empty() { None } else { Some(Source { id, kind, title, author, date: None, body }) }
}

fn describe(lines: &[(&str, &str, Form)], read: &Properties) -> String {
    let line = |(label, name, form): &(&str, &str, Form)| {
        let value = match form {
            Form::Line => read.line(name),
            Form::Text => read.rich(name),
            Form::Words => words(&read.line(name)),
            Form::Money => read.money(name).map_or_else(|| read.line(name), |money| money.to_plain_text()),
            Form::Day => {
                let day = read.timestamp(name).map(|at| TimeZone::UTC.to_datetime(at).date().to_string());
                day.unwrap_or_else(|| read.line(name))
            }
        };
        (!value.is_empty()).then(|| format!("{label}: {value}"))
    };
    text::clean(&lines.iter().filter_map(line).collect::<Vec<_>>().join("\n"))
}

/// HubSpot's own enumeration values as words; several are separated by `;`.
fn words(value: &str) -> String {
    let word = |part: &str| match part {
        "newbusiness" => "New business".to_owned(),
        "existingbusiness" => "Existing business".to_owned(),
        other => humanize(other),
    };
    value.split(';').map(str::trim).filter(|part| !part.is_empty()).map(word).collect::<Vec<_>>().join(", ")
}

fn first_of(read: &Properties, names: &[&str]) -> String {
    names.iter().map(|name| read.line(name)).find(|line| !line.is_empty()).unwrap_or_default()
}

fn company_name(read: &Properties) -> String {
    first_of(read, &["name", "domain"])
}

fn contact_name(read: &Properties) -> String {
    let name = text::clean_line(&format!("{} {}", read.line("firstname"), read.line("lastname")));
    if name.is_empty() { read.line("email") } else { name }
}

type Parts = (String, Option<String>, String);

fn note_parts(read: &Properties, author: Option<String>) -> Parts {
    let body = read.rich("hs_note_body");
    (body.lines().next().unwrap_or_default().to_owned(), author, body)
}

/// An activity without a text still tells that it happened, by its title.
fn activity_parts(read: &Properties, title: &str, bodies: &[&str], author: Option<String>) -> Parts {
    let title = read.line(title);
    let mut texts: Vec<String> =
        bodies.iter().map(|name| read.rich(name)).filter(|text| !text.is_empty()).collect();
    texts.dedup();
    let body = if texts.is_empty() { title.clone() } else { text::clean(&texts.join("\n\n")) };
    (title, author, body)
}

fn email_parts(read: &Properties) -> Parts {
    let subject = read.line("hs_email_subject");
    let from = sender(read);
    let typed = read.plain("hs_email_text");
    let body = if typed.is_empty() { read.rich("hs_email_html") } else { typed };
    if body.is_empty() && subject.is_empty() {
        return (subject, None, String::new());
    }
    let head = [("From", from.clone()), ("To", read.line("hs_email_to_email")), ("Subject", subject.clone())];
    let head: Vec<String> =
        head.iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| format!("{k}: {v}")).collect();
    let body = text::clean(&format!("{}\n\n{body}", head.join("\n")));
    (subject, Some(from).filter(|from| !from.is_empty()), body)
}

/// The sender's name and address, from the properties or, where these are empty, from the header property.
fn sender(read: &Properties) -> String {
    let headers: Value =
        read.raw("hs_email_headers").and_then(|raw| serde_json::from_str(raw).ok()).unwrap_or_default();
    let part = |property: &str, header: &str| {
        let line = read.line(property);
        let spare = || {
            headers
                .get("from")
                .and_then(|from| from.get(header))
                .and_then(Value::as_str)
                .map(text::clean_line)
        };
        if line.is_empty() { spare().unwrap_or_default() } else { line }
    };
    let name = format!(
        "{} {}",
        part("hs_email_from_firstname", "firstName"),
        part("hs_email_from_lastname", "lastName")
    );
    let (name, address) = (name.trim().to_owned(), part("hs_email_from_email", "email"));
    match (name.is_empty(), address.is_empty()) {
        (true, _) => address,
        (false, true) => name,
        (false, false) => format!("{name} <{address}>"),
    }
}
