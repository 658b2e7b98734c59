//! Which deals become accounts.

use crate::organization::{NEW_BUSINESS, Organization};
use jiff::Timestamp;

/// What is known of a deal at the moment it is read again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DealFacts {
    /// HubSpot's calculated `hs_is_closed_won`.
    pub is_won: bool,
    /// Whether it was deleted.
    pub is_archived: bool,
    /// When it entered its won stage, as well as the CRM can tell.
    pub won_at: Option<Timestamp>,
    /// Its pipeline's id; empty when unknown.
    pub pipeline: String,
    /// Its deal type; empty when unset.
    pub deal_type: String,
}

/// Why a deal becomes no account by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotWanted {
    /// It is not won now.
    NotWon,
    /// It was deleted.
    Archived,
    /// It was won before the organization's `handoffs_from`.
    TooOld,
    /// It is in a pipeline that the organization did not choose.
    OtherPipeline,
    /// It is of a type that the organization did not choose.
    OtherType,
}

impl NotWanted {
    /// A fixed word for logs and counts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotWon => "not_won",
            Self::Archived => "archived",
            Self::TooOld => "too_old",
            Self::OtherPipeline => "other_pipeline",
            Self::OtherType => "other_type",
        }
    }
}

/// Decides whether a deal becomes an account. A deal without a type counts as new business; one whose winning has no
/// date counts as won now: better a handoff that an AE skips than a customer whom nobody hands over.
pub fn judge(deal: &DealFacts, organization: &Organization) -> Result<(), NotWanted> {
    let deal_type = if deal.deal_type.is_empty() { NEW_BUSINESS } else { &deal.deal_type };
    let chosen = |list: &[String], value: &str| list.is_empty() || list.iter().any(|entry| entry == value);
    if deal.is_archived {
        Err(NotWanted::Archived)
    } else if !deal.is_won {
        Err(NotWanted::NotWon)
    } else if deal.won_at.is_some_and(|won_at| won_at < organization.handoffs_from) {
        Err(NotWanted::TooOld)
    } else if !chosen(&organization.pipelines, &deal.pipeline) {
        Err(NotWanted::OtherPipeline)
    } else if !chosen(&organization.deal_types, deal_type) {
        Err(NotWanted::OtherType)
    } else {
        Ok(())
    }
}

/// The same for a deal that a person picked from the past: no deal is too old.
pub fn judge_import(deal: &DealFacts, organization: &Organization) -> Result<(), NotWanted> {
    judge(&DealFacts { won_at: None, ..deal.clone() }, organization)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::email::EmailAddress;
    use crate::id::PortalId;

    fn organization() -> Organization {
        let admin = EmailAddress::parse("admin@us.test").unwrap();
        let mut organization =
            Organization::new(PortalId(1), "Us".into(), admin, Timestamp::from_second(1000).unwrap());
        organization.pipelines = vec!["default".into()];
        organization
    }

    fn won(second: i64) -> DealFacts {
        DealFacts {
            is_won: true,
            is_archived: false,
            won_at: Timestamp::from_second(second).ok(),
            pipeline: "default".into(),
            deal_type: NEW_BUSINESS.into(),
        }
    }

    #[test]
    fn only_deals_won_since_the_connection_count() {
        assert_eq!(judge(&won(1000), &organization()), Ok(()));
        assert_eq!(judge(&won(999), &organization()), Err(NotWanted::TooOld));
        assert_eq!(judge(&DealFacts { won_at: None, ..won(0) }, &organization()), Ok(()));
    }

    #[test]
    fn lost_reopened_archived_and_foreign_deals_do_not_count() {
        let ok = won(2000);
        assert_eq!(
            judge(&DealFacts { is_won: false, ..ok.clone() }, &organization()),
            Err(NotWanted::NotWon)
        );
        assert_eq!(
            judge(&DealFacts { is_archived: true, ..ok.clone() }, &organization()),
            Err(NotWanted::Archived)
        );
        assert_eq!(
            judge(&DealFacts { pipeline: "77".into(), ..ok.clone() }, &organization()),
            Err(NotWanted::OtherPipeline)
        );
        let renewal = DealFacts { deal_type: "existingbusiness".into(), ..ok.clone() };
        assert_eq!(judge(&renewal, &organization()), Err(NotWanted::OtherType));
        assert_eq!(judge(&DealFacts { deal_type: String::new(), ..ok }, &organization()), Ok(()));
    }
}
