//! An account made by hand: what a person typed, checked field by field.

use crate::account::{Account, AccountStatus, Contact, Money};
use crate::email::EmailAddress;
use crate::form::FieldErrors;
use crate::handoff::{Ae, Handoff};
use crate::id::{AccountId, OrganizationId};
use crate::limits::PAYLOAD_MAX_BYTES;
use crate::organization::Organization;
use jiff::Timestamp;
use jiff::civil::Date;
use ring::digest;

/// Longest line that a person may type, in characters.
const LINE_MAX_CHARS: usize = 200;
/// People at the customer, at most.
const CONTACTS_MAX: usize = 50;
/// A number with fewer digits is no phone's.
const PHONE_MIN_DIGITS: usize = 6;

/// The fields as they were typed; the names are those of `POST /accounts`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountForm {
    /// The customer's name; required.
    pub company: String,
    /// Annual recurring revenue: a number, and a currency if there is one.
    pub arr: String,
    /// When the deal closed: `2026-11-22`.
    pub close_date: String,
    /// The customer's website.
    pub website: String,
    /// What the customer does.
    pub industry: String,
    /// How many people work there.
    pub size: String,
    /// One person to a line: name, job title, address, phone, parted by commas.
    pub contacts: String,
    /// The AE's address; required.
    pub ae: String,
    /// Notes, pasted conversation, e-mail thread, meeting notes.
    pub raw_payload: String,
}

/// An account that can be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// The customer; of no deal.
    pub account: Account,
    /// Where the link goes.
    pub ae: EmailAddress,
    /// As it was typed.
    pub raw_payload: String,
}

impl AccountForm {
    /// Sets the field of this name; `false` for a name that is no field.
    pub fn set(&mut self, name: &str, value: &str) -> bool {
        let field = match name {
            "company" => &mut self.company,
            "arr" => &mut self.arr,
            "close_date" => &mut self.close_date,
            "website" => &mut self.website,
            "industry" => &mut self.industry,
            "size" => &mut self.size,
            "contacts" => &mut self.contacts,
            "ae" => &mut self.ae,
            "raw_payload" => &mut self.raw_payload,
            _ => return false,
        };
        value.clone_into(field);
        true
    }

    /// Reads every field; the errors name each one that must be mended, with the remedy.
    pub fn check(&self) -> Result<NewAccount, FieldErrors> {
        let mut errors = FieldErrors::new();
        let line = |name: &str, text: &str, errors: &mut FieldErrors| {
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            if text.chars().count() > LINE_MAX_CHARS {
                errors
                    .insert(name.to_owned(), format!("Please keep this under {LINE_MAX_CHARS} characters."));
            }
            text
        };
        let company = line("company", &self.company, &mut errors);
        if company.is_empty() {
            errors.insert("company".to_owned(), "Please name the customer.".to_owned());
        }
        let arr = optional(&self.arr, money).unwrap_or_else(|()| {
            let remedy = "Please write a number and, if you like, a currency: 48000 EUR.";
            errors.insert("arr".to_owned(), remedy.to_owned());
            None
        });
        let close_date = optional(&self.close_date, |text| text.parse::<Date>().ok()).unwrap_or_else(|()| {
            let remedy = "Please write the day as year, month, day: 2026-11-22.";
            errors.insert("close_date".to_owned(), remedy.to_owned());
            None
        });
        let website = line("website", &self.website, &mut errors);
        if !website.is_empty() && !is_site(&website) {
            let remedy = "Please write an address such as www.example.com.";
            errors.insert("website".to_owned(), remedy.to_owned());
        }
        let (industry, size) =
            (line("industry", &self.industry, &mut errors), line("size", &self.size, &mut errors));
        let contacts = contacts(&self.contacts).unwrap_or_else(|remedy| {
            errors.insert("contacts".to_owned(), remedy);
            Vec::new()
        });
        if self.raw_payload.len() > PAYLOAD_MAX_BYTES {
            let remedy = format!("This is too long: please keep it under {} KB.", PAYLOAD_MAX_BYTES / 1024);
            errors.insert("raw_payload".to_owned(), remedy);
        }
        let ae = EmailAddress::parse(&self.ae).map_err(|_| {
            let remedy = "Please give the account executive\u{2019}s e-mail address.";
            errors.insert("ae".to_owned(), remedy.to_owned());
        });
        let (Ok(ae), true) = (ae, errors.is_empty()) else { return Err(errors) };
        let account = Account {
            company,
            deal_name: String::new(),
            deal: None,
            arr,
            close_date,
            won_at: None,
            contacts,
            website,
            industry,
            size,
            status: AccountStatus::Handoff,
        };
        Ok(NewAccount { account, ae, raw_payload: self.raw_payload.clone() })
    }
}

impl NewAccount {
    /// The id of an account that is made from a list: the same content has the same one, so that a list that is sent twice
    /// makes nothing twice.
    pub fn derived_id(&self, organization: &OrganizationId) -> AccountId {
        let account = &self.account;
        let mut context = digest::Context::new(&digest::SHA256);
        let arr = account.arr.as_ref().map(Money::to_plain_text).unwrap_or_default();
        let closed = account.close_date.map(|date| date.to_string()).unwrap_or_default();
        let company = account.company.to_lowercase();
        let parts = [
            organization.as_str(),
            &company,
            self.ae.as_str(),
            &arr,
            &closed,
            &account.website,
            &self.raw_payload,
        ];
        for part in parts {
            // Length first, so that no two lists of parts read the same.
            context.update(&part.len().to_be_bytes());
            context.update(part.as_bytes());
        }
        let mut random = [0; 16];
        random.copy_from_slice(&context.finish().as_ref()[..16]);
        AccountId::by_hand(u128::from_be_bytes(random))
    }

    /// Its handoff, to be drafted.
    pub fn begin(
        &self,
        organization: &Organization,
        id: AccountId,
        question_set: u32,
        now: Timestamp,
    ) -> Handoff {
        let ae = Ae { name: String::new(), email: Some(self.ae.clone()) };
        Handoff::begin(organization, id, self.account.clone(), ae, question_set, now)
    }
}

fn optional<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, ()> {
    match text.trim() {
        "" => Ok(None),
        text => read(text).map(Some).ok_or(()),
    }
}

/// `48000`, `48,000.50 USD`, `EUR 48 000`: grouped by commas or spaces, with a point before the decimals.
fn money(text: &str) -> Option<Money> {
    let currency: String = text.chars().filter(char::is_ascii_alphabetic).collect();
    let amount: String = text.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
    let is_clean = text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | ',' | ' ' | '\''));
    let (whole, decimals) = amount.split_once('.').unwrap_or((&amount, ""));
    let is_grouped =
        text.split(',').skip(1).all(|group| group.bytes().take_while(u8::is_ascii_digit).count() == 3);
    let is_amount = !whole.is_empty() && whole.len() <= 15 && decimals.len() <= 2 && !decimals.contains('.');
    (is_clean && is_grouped && is_amount && matches!(currency.len(), 0 | 3)).then(|| Money {
        amount: amount.trim_end_matches('.').to_owned(),
        currency: currency.to_ascii_uppercase(),
    })
}

fn is_site(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(text);
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let is_label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    host.contains('.') && host.split('.').all(is_label)
}

fn contacts(text: &str) -> Result<Vec<Contact>, String> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.len() > CONTACTS_MAX {
        return Err(format!("Please name at most {CONTACTS_MAX} people."));
    }
    let read = |line: &&str| {
        contact(line).ok_or_else(|| {
            let start: String = line.chars().take(40).collect();
            format!("Please write each person as name, job title, address, phone. This line cannot be read: {start}")
        })
    };
    lines.iter().map(read).collect()
}

/// `Dana Kim, VP Ops, dana@kim.test, +1 555 0100`, in any order after the name; `Dana Kim <dana@kim.test>` too.
fn contact(line: &str) -> Option<Contact> {
    let line = line.replace(['<', '>'], ",");
    let mut contact =
        Contact { name: String::new(), email: String::new(), phone: String::new(), title: String::new() };
    for part in line.split([',', ';', '\t']).map(str::trim).filter(|part| !part.is_empty()) {
        let digits = part.chars().filter(char::is_ascii_digit).count();
        let field = if part.contains('@') {
            EmailAddress::parse(part).ok()?;
            &mut contact.email
        } else if digits >= PHONE_MIN_DIGITS && !part.chars().any(char::is_alphabetic) {
            &mut contact.phone
        } else if contact.name.is_empty() {
            &mut contact.name
        } else {
            &mut contact.title
        };
        if !field.is_empty() || part.chars().count() > LINE_MAX_CHARS {
            return None;
        }
        part.clone_into(field);
    }
    (!contact.name.is_empty() || !contact.email.is_empty()).then_some(contact)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> AccountForm {
        AccountForm { company: " Acme  Ltd ".into(), ae: "ana@us.test".into(), ..AccountForm::default() }
    }

    #[test]
    fn a_name_and_an_ae_are_enough() {
        let made = form().check().unwrap();
        assert_eq!((made.account.company.as_str(), made.ae.as_str()), ("Acme Ltd", "ana@us.test"));
        assert_eq!((made.account.arr, made.account.deal), (None, None));
    }

    #[test]
    fn every_field_is_read() {
        let filled = AccountForm {
            arr: "48,000.50 usd".into(),
            close_date: "2026-11-20".into(),
            website: "https://acme.test/x".into(),
            industry: "Retail".into(),
            size: "51-200".into(),
            contacts: "Dana Kim, VP Ops, dana@kim.test, +1 555 0100\n\nTom <tom@kim.test>".into(),
            raw_payload: "notes".into(),
            ..form()
        };
        let account = filled.check().unwrap().account;
        assert_eq!(account.arr, Some(Money { amount: "48000.50".into(), currency: "USD".into() }));
        assert_eq!(account.close_date, Some(jiff::civil::date(2026, 11, 20)));
        assert_eq!(
            (account.contacts[0].title.as_str(), account.contacts[0].phone.as_str()),
            ("VP Ops", "+1 555 0100")
        );
        assert_eq!(
            (account.contacts[1].name.as_str(), account.contacts[1].email.as_str()),
            ("Tom", "tom@kim.test")
        );
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let wrong = AccountForm {
            company: " ".into(),
            arr: "a lot".into(),
            close_date: "22/11/2026".into(),
            website: "no site".into(),
            industry: "x".repeat(201),
            contacts: "a, b, c, d".into(),
            ae: "nobody".into(),
            raw_payload: "x".repeat(PAYLOAD_MAX_BYTES + 1),
            ..AccountForm::default()
        };
        let errors = wrong.check().unwrap_err();
        let names: Vec<&str> = errors.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            ["ae", "arr", "close_date", "company", "contacts", "industry", "raw_payload", "website"]
        );
    }

    #[test]
    fn amounts_that_could_mean_two_things_are_refused() {
        for text in ["48.000,50", "1,5", "12 or 13", "-5", "48.000.000", "5 DOLLARS"] {
            assert_eq!(money(text), None, "{text}");
        }
        assert_eq!(money("EUR 48 000").unwrap().to_plain_text(), "48,000 EUR");
    }
}
