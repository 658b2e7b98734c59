//! What all handlers share: the clients and the door.

use crate::accounts::dead_letters::Place;
use handoff_domain::link::LinkKeys;
use handoff_hubspot::HubSpot;
use handoff_queue::{DeadLetters, Queue};
use handoff_research::Poster;
use handoff_runtime::Clock;
use handoff_signed_in::Door;
use handoff_store::Store;
use std::sync::Arc;

/// What the router needs from outside.
#[derive(Debug, Clone)]
pub struct Deps {
    /// The table.
    pub store: Store,
    /// Where accounts that were made by hand are drafted.
    pub queue: Queue,
    /// Messages that could not be worked, by where they lie.
    pub dead_letters: Vec<(Place, DeadLetters)>,
    /// The portal's API, for its people.
    pub hubspot: HubSpot,
    /// Which addresses an endpoint can have.
    pub poster: Poster,
    /// Under which links and proofs are derived.
    pub link_keys: LinkKeys,
    /// Our public origin.
    pub base_url: String,
    /// The time.
    pub clock: Clock,
}

/// The clients, and what the gate needs of them.
#[derive(Debug)]
pub struct App {
    pub(crate) deps: Deps,
    pub(crate) door: Arc<Door>,
}

impl App {
    pub(crate) fn new(deps: Deps) -> Self {
        let Deps { store, link_keys, base_url, clock, .. } = deps.clone();
        Self { deps, door: Arc::new(Door::new(store, link_keys, base_url, clock)) }
    }
}
