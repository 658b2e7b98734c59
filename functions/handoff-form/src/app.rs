//! What all handlers share: the clients, and the questions of handoffs seen before.

use handoff_domain::draft::Drafts;
use handoff_domain::id::{AccountId, OrganizationId};
use handoff_domain::link::LinkKeys;
use handoff_queue::Queue;
use handoff_runtime::Clock;
use handoff_store::{Store, StoreError};
use handoff_web::cookie::Cookie;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How many handoffs' questions one process remembers.
const REMEMBERED_MAX: usize = 256;

/// What the router needs from outside.
#[derive(Debug, Clone)]
pub struct Deps {
    /// The table.
    pub store: Store,
    /// The drafting queue.
    pub queue: Queue,
    /// Under which links are derived.
    pub link_keys: LinkKeys,
    /// Our public origin.
    pub base_url: String,
    /// The time.
    pub clock: Clock,
}

type Key = (OrganizationId, AccountId);

/// The clients and what this process remembers.
pub(crate) struct App {
    pub(crate) deps: Deps,
    /// Set by every post, so that the page read next is not older than what was just written.
    pub(crate) fresh: Cookie,
    questions: Mutex<HashMap<Key, Arc<Drafts>>>,
}

impl App {
    pub(crate) fn new(deps: Deps) -> Self {
        let fresh = Cookie::new("fresh", &deps.base_url);
        Self { deps, fresh, questions: Mutex::default() }
    }

    /// The questions of a handoff, as drafts without anything else: they never change while it lasts, so a save needs no
    /// read for them. `None` when nothing was drafted.
    pub(crate) async fn questions(
        &self,
        organization: &OrganizationId,
        account: &AccountId,
    ) -> Result<Option<Arc<Drafts>>, StoreError> {
        let key = (organization.clone(), account.clone());
        let known = self.questions.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if known.is_some() {
            return Ok(known);
        }
        let drafts = self.deps.store.get_drafts(organization, account).await?;
        Ok(drafts.map(|drafts| self.remember(organization, account, &drafts)))
    }

    /// Remembers the questions of a handoff.
    pub(crate) fn remember(
        &self,
        organization: &OrganizationId,
        account: &AccountId,
        drafts: &Drafts,
    ) -> Arc<Drafts> {
        let questions = Arc::new(Drafts {
            questions: drafts.questions.clone(),
            drafts: Vec::new(),
            sources: Vec::new(),
            gaps: Vec::new(),
            conflicts: Vec::new(),
            promises: Vec::new(),
            earlier: Vec::new(),
            run: drafts.run.clone(),
        });
        let mut known = self.questions.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED_MAX {
            known.clear();
        }
        known.insert((organization.clone(), account.clone()), questions.clone());
        questions
    }
}
