//! How a deal became known to us.

use serde::{Deserialize, Serialize};

/// How a handoff's deal became known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A webhook told of it, or a person made the account by hand.
    #[default]
    Told,
    /// No webhook told of it: the reconciliation found it.
    Found,
    /// A person picked it from the deals of the past. Nobody is mailed by itself.
    Imported,
}

impl Origin {
    /// Whether it is the usual one.
    pub fn is_told(&self) -> bool {
        *self == Self::Told
    }
}
