//! Who the deal's owner is, and whether a mail can reach them.

use crate::api::{OWNERS_AT_ONCE, owner_path, owners_path};
use crate::client::HubSpot;
use crate::deal::Deal;
use crate::error::HubSpotError;
use crate::text;
use crate::transport::Request;
use handoff_domain::email::EmailAddress;
use handoff_domain::handoff::{Ae, Attention};
use serde_json::Value;

/// The account executive, and why somebody should look when no mail can go to them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) ae: Ae,
    pub(crate) attention: Option<Attention>,
}

/// A present user of HubSpot who owns records and has an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Full name; the address for somebody without one.
    pub name: String,
    /// Where mails go.
    pub email: EmailAddress,
}

/// Pages of owners that are read, so that no answer keeps us reading for ever.
const PAGES_MAX: usize = 20;

impl Owner {
    /// Nobody whom a mail could reach.
    pub(crate) fn unknown() -> Self {
        Self { ae: Ae::default(), attention: Some(Attention::NoAeAddress) }
    }
}

impl HubSpot {
    /// Reads the owner, in the archive as well. One request, or two for an owner who left.
    /// The deal's owner, and why no mail can go to them. One or two requests.
    pub async fn find_ae(&self, deal: &Deal) -> Result<(Ae, Option<Attention>), HubSpotError> {
        let owner = self.read_owner(deal.owner_id).await?;
        Ok((owner.ae, owner.attention))
    }

    /// All present people, by name: one request for every hundred. Queues, and people without an address, are left out.
    pub async fn list_owners(&self) -> Result<Vec<Person>, HubSpotError> {
        let (mut people, mut after) = (Vec::new(), None);
        for _ in 0..PAGES_MAX {
            let mut query = vec![("limit", OWNERS_AT_ONCE.to_string())];
            query.extend(after.map(|after| ("after", after)));
            let answer = self.call(&Request::get(owners_path(), query)).await?;
            let answer = answer.ok_or(HubSpotError::Unreadable("there are no owners"))?;
            let page = answer.get("results").and_then(Value::as_array);
            let page = page.ok_or(HubSpotError::Unreadable("it is not a list of owners"))?;
            people.extend(page.iter().filter_map(person));
            after = answer.pointer("/paging/next/after").and_then(Value::as_str).map(str::to_owned);
            if after.is_none() {
                break;
            }
        }
        people.sort_by_key(|person: &Person| person.name.to_lowercase());
        Ok(people)
    }

    pub(crate) async fn read_owner(&self, id: Option<u64>) -> Result<Owner, HubSpotError> {
        let Some(id) = id else { return Ok(Owner::unknown()) };
        if let Some(owner) = self.call(&Request::get(owner_path(id), Vec::new())).await? {
            return read_owner(&owner).ok_or(HubSpotError::Unreadable("it is not an owner"));
        }
        let archive = vec![("archived", "true".to_owned())];
        let left = self.call(&Request::get(owner_path(id), archive)).await?;
        Ok(left.map_or_else(Owner::unknown, |owner| Owner {
            ae: Ae { name: full_name(&owner), email: None },
            attention: Some(Attention::AeLeft),
        }))
    }
}

/// `None` when the answer is no owner at all. An owner who left keeps the name and loses the address: it may be read
/// by nobody, or by somebody else.
fn read_owner(owner: &Value) -> Option<Owner> {
    owner.as_object()?;
    let name = full_name(owner);
    if owner.get("archived").and_then(Value::as_bool).unwrap_or(false) {
        return Some(Owner { ae: Ae { name, email: None }, attention: Some(Attention::AeLeft) });
    }
    let is_person = owner.get("type").and_then(Value::as_str) != Some("QUEUE");
    let address = owner.get("email").and_then(Value::as_str).filter(|_| is_person);
    let email = address.and_then(|address| EmailAddress::parse(address).ok());
    let attention = if email.is_some() { None } else { Some(Attention::NoAeAddress) };
    Some(Owner { ae: Ae { name, email }, attention })
}

fn person(owner: &Value) -> Option<Person> {
    let Ae { name, email } = read_owner(owner)?.ae;
    let email = email?;
    Some(Person { name: if name.is_empty() { email.to_string() } else { name }, email })
}

fn full_name(owner: &Value) -> String {
    let part = |name: &str| owner.get(name).and_then(Value::as_str).unwrap_or_default();
    text::title(&format!("{} {}", part("firstName"), part("lastName")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_a_present_person_with_an_address_is_reached() {
        let attention = |value: Value| read_owner(&value).unwrap().attention;
        assert_eq!(attention(json!({"email": "a@b.test", "type": "PERSON"})), None);
        assert_eq!(attention(json!({"email": "a@b.test", "type": "QUEUE"})), Some(Attention::NoAeAddress));
        assert_eq!(
            attention(json!({"email": "a@b.test\r\nBcc: x@y.test", "type": "PERSON"})),
            Some(Attention::NoAeAddress)
        );
        assert_eq!(attention(json!({"type": "PERSON"})), Some(Attention::NoAeAddress));
        assert_eq!(attention(json!({"email": 5})), Some(Attention::NoAeAddress));
        let left =
            read_owner(&json!({"email": "a@b.test", "archived": true, "firstName": "Ana", "lastName": "E"}))
                .unwrap();
        assert_eq!(left.ae, Ae { name: "Ana E".into(), email: None });
        assert_eq!(left.attention, Some(Attention::AeLeft));
        assert_eq!(read_owner(&json!([])), None);
    }
}
