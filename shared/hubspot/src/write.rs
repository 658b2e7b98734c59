//! What flows back: one note on the deal, properties of the deal, the owner of the company.
//!
//! HubSpot has no key that would make the creation of a note safe to repeat. So a note carries a marker, and whoever does not know what
//! became of an attempt looks for it among the deal's notes first.

use crate::api::{
    Associated, BATCH_MAX, associations_body, associations_path, batch_read_body, batch_read_path,
    object_path, objects_path, owners_path, read_association_page, read_id, read_records,
};
use crate::client::HubSpot;
use crate::error::HubSpotError;
use crate::transport::Request;
use handoff_domain::email::EmailAddress;
use handoff_domain::id::DealId;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// HubSpot's own type of the association from a note to a deal.
const NOTE_TO_DEAL: u32 = 214;

/// Longest body of a note, in characters; HubSpot's own limit.
pub const NOTE_MAX_CHARS: usize = 65_536;

/// Pages of a deal's notes that are looked through, so that no answer keeps us reading for ever.
const PAGES_MAX: usize = 20;

impl HubSpot {
    /// The note of a deal whose text holds `marker`; `None` when there is none. One request, and one for every hundred notes.
    pub async fn find_note(&self, deal: &DealId, marker: &str) -> Result<Option<String>, HubSpotError> {
        let notes = self.associated(deal, "notes").await?;
        for ids in notes.chunks(BATCH_MAX) {
            let body = batch_read_body(&["hs_note_body"], ids);
            let answer = self.call(&Request::post(batch_read_path("notes"), body)).await?;
            let answer = answer.ok_or(HubSpotError::Unreadable("there are no notes"))?;
            let records =
                read_records(&answer).ok_or(HubSpotError::Unreadable("it is not a list of notes"))?;
            let holds = |body: Option<&str>| body.is_some_and(|body| body.contains(marker));
            if let Some(found) = records.into_iter().find(|note| holds(note.properties.raw("hs_note_body"))) {
                return Ok(Some(found.id));
            }
        }
        Ok(None)
    }

    /// Writes a note on a deal; answers with its id. Sent again only where HubSpot surely did nothing: after any other error there may
    /// be a note. `None` when there is no such deal.
    pub async fn create_note(
        &self,
        deal: &DealId,
        body: &str,
        at: Timestamp,
    ) -> Result<Option<String>, HubSpotError> {
        let body = json!({
            "properties": { "hs_timestamp": at.as_millisecond().to_string(), "hs_note_body": body },
            "associations": [{
                "to": { "id": deal.as_str() },
                "types": [{ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": NOTE_TO_DEAL }],
            }],
        });
        let Some(answer) = self.call(&Request::create(objects_path("notes"), body)).await? else {
            return Ok(None);
        };
        let id = answer.get("id").and_then(read_id);
        id.map(Some).ok_or(HubSpotError::Unreadable("it is not a note"))
    }

    /// Writes a note anew; `false` when somebody deleted it.
    pub async fn change_note(&self, id: &str, body: &str) -> Result<bool, HubSpotError> {
        self.set("notes", id, &[("hs_note_body", body.to_owned())]).await
    }

    /// Sets properties of a deal; `false` when there is no such deal.
    pub async fn set_deal_properties(
        &self,
        deal: &DealId,
        properties: &[(&str, String)],
    ) -> Result<bool, HubSpotError> {
        self.set("deals", deal.as_str(), properties).await
    }

    /// The user of HubSpot with this address; `None` when nobody present has it.
    pub async fn find_owner(&self, email: &EmailAddress) -> Result<Option<String>, HubSpotError> {
        let query = vec![("email", email.as_str().to_owned())];
        let answer = self.call(&Request::get(owners_path(), query)).await?;
        let answer = answer.ok_or(HubSpotError::Unreadable("there are no owners"))?;
        let owners = answer.get("results").and_then(Value::as_array);
        let owners = owners.ok_or(HubSpotError::Unreadable("it is not a list of owners"))?;
        let is_them = |owner: &&Value| {
            let address = owner.get("email").and_then(Value::as_str).unwrap_or_default();
            address.eq_ignore_ascii_case(email.as_str())
        };
        Ok(owners.iter().find(is_them).and_then(|owner| read_id(owner.get("id")?)))
    }

    /// The deal's primary company; `None` when there is none.
    pub async fn find_company(&self, deal: &DealId) -> Result<Option<String>, HubSpotError> {
        let query = vec![("associations", "companies".to_owned())];
        let path = crate::api::deal_path(deal);
        let Some(deal) = self.call(&Request::get(path, query)).await? else { return Ok(None) };
        Ok(crate::api::read_inline_associations(&deal, "companies").ids.into_iter().next())
    }

    /// Makes somebody the owner of a company; `false` when there is no such company.
    pub async fn set_company_owner(&self, company: &str, owner: &str) -> Result<bool, HubSpotError> {
        self.set("companies", company, &[("hubspot_owner_id", owner.to_owned())]).await
    }

    async fn set(&self, object: &str, id: &str, properties: &[(&str, String)]) -> Result<bool, HubSpotError> {
        let properties: Map<String, Value> =
            properties.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        let body = json!({ "properties": properties });
        Ok(self.call(&Request::patch(object_path(object, id), body)).await?.is_some())
    }

    /// Ids of all records of one type that hang on a deal.
    async fn associated(&self, deal: &DealId, to: &str) -> Result<Vec<String>, HubSpotError> {
        let (mut all, mut after) = (Associated::default(), None::<String>);
        for _ in 0..PAGES_MAX {
            let body = associations_body(deal, after.as_deref());
            let answer = self.call(&Request::post(associations_path(to), body)).await?;
            let page = answer.as_ref().and_then(read_association_page);
            let page = page.ok_or(HubSpotError::Unreadable("it is not a list of associations"))?;
            all.extend(page.ids);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        Ok(all.ids)
    }
}
