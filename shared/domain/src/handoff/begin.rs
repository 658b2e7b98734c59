//! The first moment of a handoff, whatever its account is made from.

use super::{Ae, Handoff, HandoffState, Origin};
use crate::account::Account;
use crate::id::AccountId;
use crate::organization::Organization;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

impl Handoff {
    /// The handoff as it begins, drafting, with nobody at it.
    pub fn begin(
        organization: &Organization,
        id: AccountId,
        account: Account,
        ae: Ae,
        question_set: u32,
        now: Timestamp,
    ) -> Self {
        Self {
            organization: organization.id.clone(),
            id,
            organization_name: organization.name.clone(),
            time_zone: organization.time_zone.clone(),
            account,
            ae,
            round: 1,
            state: HandoffState::Drafting,
            attention: BTreeSet::new(),
            attention_since: None,
            question_set,
            created_at: now,
            correlation: None,
            claim: None,
            research: None,
            link: None,
            version: 0,
            revision: 0,
            answers: BTreeMap::new(),
            note: String::new(),
            settled: BTreeMap::new(),
            dropped_promises: BTreeSet::new(),
            csm: None,
            opened_at: None,
            origin: Origin::default(),
            redrafts: 0,
            redraft: None,
            renewals: 0,
            submission: None,
            assigned: None,
            assignments: 0,
            returned: None,
            reminders: 0,
            reminder: None,
            reminded_at: None,
            skip_reason: String::new(),
            material_until: None,
        }
    }
}
