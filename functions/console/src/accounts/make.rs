//! Makes an account by hand, and has it drafted. Safe to repeat: the id is chosen before, and a message that comes twice
//! drafts once.

use crate::app::App;
use crate::gate::Viewer;
use handoff_domain::by_hand::NewAccount;
use handoff_domain::event::Who;
use handoff_domain::id::AccountId;
use handoff_domain::message::{AccountMade, QueuedMessage, WorkerMessage};
use handoff_queue::QueueError;
use handoff_runtime::new_correlation;
use handoff_store::{Intake, StoreError};

/// Why an account could not be made, or not be handed on.
#[derive(Debug, thiserror::Error)]
pub(super) enum MakeError {
    /// The table.
    #[error("an account could not be made")]
    Store(#[source] StoreError),
    /// The queue.
    #[error("nobody could be told to draft an account")]
    Queue(#[source] QueueError),
}

impl MakeError {
    pub(super) fn is_retryable(&self) -> bool {
        match self {
            Self::Store(error) => error.is_retryable(),
            Self::Queue(_) => true,
        }
    }
}

/// Whether it is new.
pub(super) async fn make(
    app: &App,
    viewer: &Viewer,
    intake: &Intake,
    id: AccountId,
    new: &NewAccount,
) -> Result<bool, MakeError> {
    let correlation = Some(new_correlation());
    let mut handoff = new.begin(&viewer.organization, id.clone(), intake.questions.version, viewer.now);
    handoff.correlation = correlation;
    let who = Who::from(&*viewer.member);
    let is_new =
        app.deps.store.create_by_hand(&handoff, &new.raw_payload, who).await.map_err(MakeError::Store)?;
    // Told again for one that is there: its first message may never have left.
    let made = AccountMade { organization: viewer.organization.id.clone(), account: id };
    let message = QueuedMessage { correlation, message: WorkerMessage::AccountMade(made) };
    app.deps.queue.send(&message).await.map_err(MakeError::Queue)?;
    Ok(is_new)
}
