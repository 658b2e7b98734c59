//! Why a local run does not start.

use crate::aws::dynamodb::TableError;
use crate::crm::CrmError;
use crate::organization::OrganizationError;
use crate::state::StateError;
use handoff_runtime::ConfigError;

/// Why a local run does not start. Each says what to do about it, where something can be done.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Variables are missing or bad.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Another program has the port.
    #[error("cannot listen on 127.0.0.1:{port}: set PORT to another one, or to 0 for any")]
    Port {
        /// The port asked for.
        port: u16,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The data directory cannot be used.
    #[error("the data directory cannot be used: set HANDOFF_DATA_DIR to another one, or to :memory:")]
    DataDir(#[source] std::io::Error),
    /// Another local run uses the same data.
    #[error("another local run uses the same data directory: stop it, or set HANDOFF_DATA_DIR")]
    InUse,
    /// A stand-in cannot listen.
    #[error("a stand-in cannot listen on the loopback interface")]
    Loopback(#[source] std::io::Error),
    /// The queues' and mails' state.
    #[error(transparent)]
    State(#[from] StateError),
    /// The embedded table.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The built-in CRM.
    #[error(transparent)]
    Crm(#[from] CrmError),
    /// The organization.
    #[error(transparent)]
    Organization(#[from] OrganizationError),
    /// Items of an earlier release.
    #[error("the table's items cannot be brought up to the current format")]
    Format(#[source] handoff_store::StoreError),
    /// An HTTP client.
    #[error("an HTTP client cannot be made")]
    Client(#[source] reqwest::Error),
    /// A function's clients.
    #[error("a function cannot be set up")]
    Function(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The webhook secret is empty.
    #[error("HUBSPOT_CLIENT_SECRET is empty")]
    Secret,
}
