//! The one table: the only crate that knows DynamoDB. Every access pattern is one method, a point read, a query of one
//! partition or of its index, or one transaction. Only the operator's migration walks the whole table. The chart is `docs/data-model.md`, and `keys.rs` is its author.

mod account;
mod assignment;
mod attention;
mod before;
mod by_hand;
mod delivery;
mod due;
mod error;
mod event;
mod everything;
mod form;
pub mod format;
mod handoff;
mod history;
mod item;
pub mod keys;
mod listing;
mod migrate;
mod organization;
mod outbox;
mod pace;
mod plan;
mod quarantine;
mod reconciliation;
mod rollup;
mod round;
mod settings;
mod sign_in;
mod sweep;
mod table;
mod update;
mod weekly;
mod welcome;

pub use account::AccountView;
pub use assignment::Choice;
pub use delivery::{DeliveryPage, DueDelivery, Untold, delivery_from_image, untold_from_image};
pub use due::{DueHandoff, DueList};
pub use error::StoreError;
pub use everything::{TakenOut, Whole};
pub use form::{AskOutcome, SaveOutcome};
pub use handoff::{Consistency, Created, HandoffPage, SubmitPage};
pub use listing::{AccountsPage, Cursor};
pub use migrate::{Migrated, ParsePositionError, Position};
pub use organization::Intake;
pub use outbox::outbox_from_image;
pub use rollup::{ToCount, Uncounted};
pub use round::{SOURCES_MAX_BYTES, stored_bytes};
pub use sign_in::Visit;
pub use table::table_definition;

use aws_sdk_dynamodb::Client;
use aws_types::SdkConfig;

/// Reads and writes the table. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    client: Client,
    table: String,
}

impl Store {
    /// A store over the table with this name.
    pub fn new(config: &SdkConfig, table: impl Into<String>) -> Self {
        Self { client: Client::new(config), table: table.into() }
    }
}
