//! Which parts of which index hold the rows of a list.

use crate::keys::{self, AES_INDEX, COMPANIES_INDEX, CSMS_INDEX, LANES_INDEX};
use handoff_domain::id::{MemberId, OrganizationId};
use handoff_domain::listing::{Filter, Lane, Listed, Standing, fold};

/// After every text that begins with what stands before it.
const END: char = '\u{10ffff}';

/// A part of one index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Segment {
    /// Companies whose folded name begins so, in its order.
    Company(String),
    /// AEs whose folded name begins so, in its order.
    Ae(String),
    /// Accounts of this CSM, the newest first.
    Csm(MemberId),
    /// Handoffs in this lane, the newest first.
    Lane(Lane),
}

/// How an index is asked for a segment.
pub(super) struct Range {
    pub(super) index: &'static str,
    /// Names of the partition key and the sort key.
    pub(super) keys: (&'static str, &'static str),
    pub(super) partition: String,
    /// Sort keys, both ends included.
    pub(super) from: String,
    pub(super) to: String,
    pub(super) is_ascending: bool,
}

impl Segment {
    /// The segments that hold every row of a filter, the most selective ones that there are.
    pub(super) fn of(filter: &Filter) -> Vec<Self> {
        if let Some(csm) = &filter.csm {
            return vec![Self::Csm(csm.clone())];
        }
        if !filter.text.is_empty() {
            let named = filter.csms_named.iter().cloned().map(Self::Csm);
            return [Self::Company(filter.text.clone()), Self::Ae(filter.text.clone())]
                .into_iter()
                .chain(named)
                .collect();
        }
        if !filter.ae.is_empty() {
            return vec![Self::Ae(filter.ae.clone())];
        }
        let is_by_age = filter.made_from.is_some() || filter.made_before.is_some();
        match filter.standing {
            Some(Standing::Attention) => vec![Self::Lane(Lane::Attention)],
            Some(Standing::State(state)) => {
                vec![Self::Lane(Lane::Attention), Self::Lane(Lane::of(state, false))]
            }
            None if is_by_age => Lane::ALL.map(Self::Lane).to_vec(),
            None => vec![Self::Company(String::new())],
        }
    }

    /// Whether the row stands in this segment.
    pub(super) fn covers(&self, listed: &Listed) -> bool {
        match self {
            Self::Company(start) => fold(&listed.row.company).starts_with(start),
            Self::Ae(start) => !listed.row.ae.is_empty() && fold(&listed.row.ae).starts_with(start),
            Self::Csm(csm) => listed.row.csm.as_ref() == Some(csm),
            Self::Lane(lane) => Lane::of(listed.state, !listed.attention.is_empty()) == *lane,
        }
    }

    /// Whether a filter may refuse rows of this segment.
    pub(super) fn is_narrowed_by(&self, filter: &Filter) -> bool {
        let rest = match self {
            Self::Company(_) => Filter { text: String::new(), csms_named: Vec::new(), ..filter.clone() },
            Self::Ae(_) => {
                Filter { text: String::new(), csms_named: Vec::new(), ae: String::new(), ..filter.clone() }
            }
            Self::Csm(_) => Filter { csm: None, made_from: None, made_before: None, ..filter.clone() },
            Self::Lane(Lane::Attention) => Filter { made_from: None, made_before: None, ..filter.clone() },
            Self::Lane(_) => Filter { standing: None, made_from: None, made_before: None, ..filter.clone() },
        };
        rest != Filter::default()
    }

    pub(super) fn range(&self, organization: &OrganizationId, filter: &Filter) -> Range {
        let named = |index, sort, start: &str| Range {
            index,
            keys: (keys::LIST_PK, sort),
            partition: keys::list_partition(organization),
            // A key is never empty, and no sort key is below this one.
            from: if start.is_empty() { " ".to_owned() } else { start.to_owned() },
            to: format!("{start}{END}"),
            is_ascending: true,
        };
        let made = |index, partition_key, partition| Range {
            index,
            keys: (partition_key, keys::MADE_SK),
            partition,
            from: filter.made_from.map_or_else(|| "0".to_owned(), keys::sortable),
            to: filter.made_before.map_or_else(|| END.to_string(), keys::sortable),
            is_ascending: false,
        };
        match self {
            Self::Company(start) => named(COMPANIES_INDEX, keys::COMPANY_SK, start),
            Self::Ae(start) => named(AES_INDEX, keys::AE_SK, start),
            Self::Csm(csm) => made(CSMS_INDEX, keys::CSM_PK, keys::csm_partition(organization, csm)),
            Self::Lane(lane) => made(LANES_INDEX, keys::LANE_PK, keys::lane_partition(organization, *lane)),
        }
    }
}
