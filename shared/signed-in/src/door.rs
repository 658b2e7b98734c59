//! What the gate and the answers need from outside: clients, keys and cookies.

use axum::http::header;
use axum::response::Response;
use handoff_domain::Timestamp;
use handoff_domain::link::LinkKeys;
use handoff_runtime::Clock;
use handoff_store::Store;
use handoff_web::cookie::{Cookie, SESSION};

/// How long reads are strong after a post, in seconds: far longer than replicas lag.
const FRESH_SECONDS: u32 = 60;

/// The clients and the cookies of signed-in pages.
#[derive(Debug, Clone)]
pub struct Door {
    /// The table.
    pub store: Store,
    /// Under which proofs are derived.
    pub link_keys: LinkKeys,
    /// Our public origin.
    pub base_url: String,
    /// The time.
    pub clock: Clock,
    /// Of a signed-in browser.
    pub session: Cookie,
    /// Of a browser that signs in.
    pub browser: Cookie,
    /// Set by every post, so that the page read next is not older than what was just written.
    pub fresh: Cookie,
}

impl Door {
    /// The door of a function with these clients.
    pub fn new(store: Store, link_keys: LinkKeys, base_url: String, clock: Clock) -> Self {
        let cookie = |name| Cookie::new(name, &base_url);
        // Lax, because people come from a mail on the web; posts are held by proofs.
        let (session, browser, fresh) = (cookie(SESSION).lax(), cookie("login").lax(), cookie("fresh"));
        Self { store, link_keys, base_url, clock, session, browser, fresh }
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// 303 after a post: the page is then read freshly.
    pub fn see_other(&self, path: &str) -> Response {
        let mut response = crate::redirect(path);
        if let Some(cookie) = self.fresh.set("1", FRESH_SECONDS) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }
}
