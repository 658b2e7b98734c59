//! What both handlers share: the clients and the door.

use handoff_domain::link::LinkKeys;
use handoff_runtime::Clock;
use handoff_signed_in::Door;
use handoff_store::Store;
use std::sync::Arc;

/// What the router needs from outside.
#[derive(Debug, Clone)]
pub struct Deps {
    /// The table.
    pub store: Store,
    /// Under which proofs are derived.
    pub link_keys: LinkKeys,
    /// Our public origin.
    pub base_url: String,
    /// The time.
    pub clock: Clock,
}

/// The clients, and what the gate needs of them.
#[derive(Debug)]
pub struct App {
    pub(crate) store: Store,
    pub(crate) door: Arc<Door>,
}

impl App {
    pub(crate) fn new(deps: Deps) -> Self {
        let Deps { store, link_keys, base_url, clock } = deps;
        Self { door: Arc::new(Door::new(store.clone(), link_keys, base_url, clock)), store }
    }
}
