//! The journal: what was asked of whom, when, and what became of it, for whoever counts effects or holds rates against limits.

use crate::aws::faults::{Mode, Service};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// Entries that are kept; the oldest go first.
const KEPT: usize = 200_000;

/// One request.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// When it came, by the system's clock.
    pub at: Timestamp,
    /// The function that signed it, where it is a call to AWS.
    pub by: Option<String>,
    /// Who was asked.
    pub service: Service,
    /// For what: the operation, or method and path without ids.
    pub operation: String,
    /// Whether it changes something where it is done.
    pub effect: bool,
    /// The fault that struck.
    pub fault: Option<Mode>,
    /// The HTTP status; `null` where nothing was answered.
    pub status: Option<u16>,
}

/// All entries, the oldest first.
#[derive(Debug, Clone, Default)]
pub struct Journal(Arc<Mutex<VecDeque<Entry>>>);

impl Journal {
    /// Keeps an entry.
    pub(crate) fn note(&self, entry: Entry) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() == KEPT {
            entries.pop_front();
        }
        entries.push_back(entry);
    }

    /// What was kept.
    pub fn list(&self) -> Vec<Entry> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Begins anew.
    pub(crate) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// Whether an operation changes something.
pub(crate) fn is_effect(service: Service, operation: &str) -> bool {
    match service {
        Service::DynamoDb => super::dynamodb::WRITES.contains(&operation),
        Service::Sqs | Service::Ses | Service::Receivers => true,
        Service::Bedrock | Service::Websites => false,
        Service::HubSpot => {
            let reads = ["GET ", "HEAD "].iter().any(|method| operation.starts_with(method));
            let asks = ["/search", "/batch/read"].iter().any(|end| operation.ends_with(end));
            !reads && !asks
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn to_search_is_no_effect_and_to_write_is_one() {
        assert!(!is_effect(Service::HubSpot, "POST /crm/objects/2026-09/deals/search"));
        assert!(!is_effect(Service::HubSpot, "GET /crm/objects/2026-09/deals/{id}"));
        assert!(is_effect(Service::HubSpot, "POST /crm/objects/2026-09/notes"));
        assert!(is_effect(Service::DynamoDb, "TransactWriteItems"));
        assert!(!is_effect(Service::DynamoDb, "Query"));
    }
}
