//! A deal as it is now.

use crate::api::{Associated, RECORD_TYPES, read_id, read_inline_associations};
use crate::properties::Properties;
use crate::text;
use handoff_domain::account::Money;
use handoff_domain::id::DealId;
use handoff_domain::intake::DealFacts;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

/// A deal as HubSpot shows it at this moment.
#[derive(Debug, Clone)]
pub struct Deal {
    /// The id that HubSpot answered with: after a merge, not the one that was asked for.
    pub id: DealId,
    /// What decides whether it becomes an account.
    pub facts: DealFacts,
    /// Deals that were merged into this one.
    pub merged_ids: Vec<DealId>,
    /// HubSpot's id of the owner.
    pub owner_id: Option<u64>,
    /// Its name, one line; may be empty.
    pub name: String,
    /// Annual recurring revenue, or the amount where HubSpot holds none.
    pub arr: Option<Money>,
    /// Its close date, a moment in HubSpot.
    pub closed_at: Option<Timestamp>,
    /// All properties that were asked for.
    pub properties: Properties,
    pub(crate) associations: Vec<Associated>,
}

impl Deal {
    /// Reads an answer of the object API; `None` when it has no usable id.
    pub(crate) fn from_value(answer: &Value) -> Option<Self> {
        let id = DealId::parse(read_id(answer.get("id")?)?).ok()?;
        let properties = Properties::from_value(answer.get("properties"));
        let has_value = |money: &Money| money.amount.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
        Some(Self {
            id,
            facts: read_facts(answer, &properties),
            merged_ids: properties.deal_ids("hs_merged_object_ids"),
            owner_id: properties.raw("hubspot_owner_id").and_then(|id| id.trim().parse().ok()),
            name: text::title(&properties.line("dealname")),
            // HubSpot calculates an ARR of 0 for deals without line items.
            arr: properties.money("hs_arr").filter(has_value).or_else(|| properties.money("amount")),
            closed_at: properties.timestamp("closedate"),
            associations: RECORD_TYPES
                .iter()
                .map(|kind| read_inline_associations(answer, kind.name))
                .collect(),
            properties,
        })
    }

    /// The day on which the deal closed in a time zone.
    pub fn close_date(&self, zone: &TimeZone) -> Option<Date> {
        self.closed_at.map(|at| zone.to_datetime(at).date())
    }
}

fn read_facts(answer: &Value, properties: &Properties) -> DealFacts {
    let won_dates = ["hs_v2_date_entered_current_stage", "hs_closed_won_date", "closedate"];
    DealFacts {
        is_won: properties.is_true("hs_is_closed_won"),
        is_archived: answer.get("archived").and_then(Value::as_bool).unwrap_or(false),
        won_at: won_dates.iter().find_map(|name| properties.timestamp(name)),
        pipeline: properties.line("pipeline"),
        deal_type: properties.line("dealtype"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn deal(properties: Value) -> Deal {
        Deal::from_value(&json!({"id": "7", "properties": properties})).unwrap()
    }

    #[test]
    fn the_moment_of_winning_is_the_best_date_there_is() {
        let dates = json!({"hs_v2_date_entered_current_stage": "2026-03-03T00:00:00Z", "hs_closed_won_date": "2026-02-02", "closedate": "2026-01-01"});
        let won_at = |properties: Value| deal(properties).facts.won_at.map(|at| at.to_string());
        assert_eq!(won_at(dates.clone()).as_deref(), Some("2026-03-03T00:00:00Z"));
        assert_eq!(
            won_at(json!({"hs_v2_date_entered_current_stage": "?", "closedate": "2026-01-01"})).as_deref(),
            Some("2026-01-01T00:00:00Z")
        );
        assert_eq!(won_at(json!({})), None);
    }

    #[test]
    fn an_arr_of_nothing_gives_way_to_the_amount() {
        let amount = |properties: Value| deal(properties).arr.map(|money| money.amount);
        assert_eq!(amount(json!({"hs_arr": "0", "amount": "48000"})).as_deref(), Some("48000"));
        assert_eq!(amount(json!({"hs_arr": "12000", "amount": "48000"})).as_deref(), Some("12000"));
        assert_eq!(amount(json!({"amount": null})), None);
    }

    #[test]
    fn a_close_date_is_a_day_in_a_zone() {
        let deal = deal(json!({"closedate": "2026-10-31T23:30:00Z"}));
        assert_eq!(deal.close_date(&TimeZone::UTC).unwrap().to_string(), "2026-10-31");
        assert_eq!(
            deal.close_date(&TimeZone::get("Europe/Berlin").unwrap()).unwrap().to_string(),
            "2026-11-01"
        );
    }

    #[test]
    fn an_answer_without_a_usable_id_is_no_deal() {
        for answer in [
            json!([]),
            json!({}),
            json!({"id": "../x"}),
            json!({"id": null}),
            json!("x"),
            json!({"id": "9".repeat(30)}),
        ] {
            assert!(Deal::from_value(&answer).is_none(), "{answer}");
        }
        let odd = Deal::from_value(&json!({"id": 7, "properties": [], "archived": "x", "associations": 5}))
            .unwrap();
        assert!(!odd.facts.is_won && !odd.facts.is_archived);
    }
}
