//! What all handlers share: the clients, and the questions of handoffs seen before.

use handoff_domain::draft::Drafts;
use handoff_domain::form::FormInput;
use handoff_domain::id::{AccountId, OrganizationId, QuestionId};
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

    /// What a form of this handoff may send, so that a save needs no read for it: see [`App::remember`]. `None` when
    /// nothing was drafted.
    pub(crate) async fn questions(
        &self,
        organization: &OrganizationId,
        account: &AccountId,
        sent: &FormInput,
    ) -> Result<Option<Arc<Drafts>>, StoreError> {
        let key = (organization.clone(), account.clone());
        let known = self.questions.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if known.as_ref().is_some_and(|known| knows(known, sent)) {
            return Ok(known);
        }
        let drafts = self.deps.store.get_drafts(organization, account).await?;
        Ok(drafts.map(|drafts| self.remember(organization, account, &drafts)))
    }

    /// Remembers the questions of a handoff, which never change while it lasts, and what can be chosen in it: conflicts with
    /// the drafts that hang on them, and promises. A new draft may bring others of those, under new ids.
    pub(crate) fn remember(
        &self,
        organization: &OrganizationId,
        account: &AccountId,
        drafts: &Drafts,
    ) -> Arc<Drafts> {
        let questions = Arc::new(Drafts {
            questions: drafts.questions.clone(),
            drafts: drafts
                .drafts
                .iter()
                .filter(|draft| is_disputed(drafts, &draft.question))
                .cloned()
                .collect(),
            sources: Vec::new(),
            gaps: Vec::new(),
            conflicts: drafts.conflicts.clone(),
            promises: drafts.promises.clone(),
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

fn is_disputed(drafts: &Drafts, question: &QuestionId) -> bool {
    drafts.conflicts.iter().any(|conflict| conflict.question.as_ref() == Some(question))
}

/// Whether every choice that was sent is one of these; a new draft may have brought others since they were remembered.
fn knows(drafts: &Drafts, sent: &FormInput) -> bool {
    sent.conflicts.keys().all(|id| drafts.conflict(id).is_some())
        && sent.promises.keys().all(|id| drafts.promise(id).is_some())
}
