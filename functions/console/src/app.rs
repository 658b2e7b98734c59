//! What all handlers share: the clients and the cookies.

use handoff_domain::Timestamp;
use handoff_domain::link::LinkKeys;
use handoff_queue::Queue;
use handoff_runtime::Clock;
use handoff_store::Store;
use handoff_web::cookie::{Cookie, SESSION};

/// What the router needs from outside.
#[derive(Debug, Clone)]
pub struct Deps {
    /// The table.
    pub store: Store,
    /// Where accounts that were made by hand are drafted.
    pub queue: Queue,
    /// Under which links and proofs are derived.
    pub link_keys: LinkKeys,
    /// Our public origin.
    pub base_url: String,
    /// The time.
    pub clock: Clock,
}

/// The clients and the cookies.
#[derive(Debug)]
pub struct App {
    pub(crate) deps: Deps,
    /// Of a signed-in browser.
    pub(crate) session: Cookie,
    /// Of a browser that signs in.
    pub(crate) browser: Cookie,
    /// Set by every post, so that the page read next is not older than what was just written.
    pub(crate) fresh: Cookie,
}

impl App {
    pub(crate) fn new(deps: Deps) -> Self {
        let cookie = |name| Cookie::new(name, &deps.base_url);
        // Lax, because people come from a mail on the web; posts are held by proofs.
        Self { session: cookie(SESSION).lax(), browser: cookie("login").lax(), fresh: cookie("fresh"), deps }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.deps.clock.now()
    }
}
