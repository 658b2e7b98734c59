//! What begins an onboarding: the welcome mail and the kickoff. Each write is one transaction with what it tells, the plan
//! that it moves on and the mails that it owes.

use crate::Store;
use crate::error::StoreError;
use crate::handoff::Consistency;
use crate::item::{packed_item, unpack_item};
use crate::keys::{self, Kind};
use aws_sdk_dynamodb::types::TransactWriteItem;
use handoff_domain::event::Event;
use handoff_domain::handoff::Handoff;
use handoff_domain::id::{AccountId, OrganizationId};
use handoff_domain::kickoff::Kickoff;
use handoff_domain::outbox::OutboxEntry;
use handoff_domain::plan::{Moved, Plan};
use handoff_domain::welcome::Welcome;

impl Store {
    /// The welcome mail as it is kept, strongly read; `None` as long as nobody did anything about it.
    pub async fn get_welcome(
        &self,
        organization: &OrganizationId,
        account: &AccountId,
    ) -> Result<Option<Welcome>, StoreError> {
        let key = keys::welcome(organization, account);
        let mut found = self.batch_get(std::slice::from_ref(&key), Consistency::Strong).await?;
        found.remove(&key).map(|item| unpack_item(Kind::Welcome, item)).transpose()
    }

    /// Keeps the welcome mail, and tells what is to be told; `false` when it changed since it was read.
    pub async fn put_welcome(
        &self,
        handoff: &Handoff,
        welcome: &Welcome,
        told: &[Event],
    ) -> Result<bool, StoreError> {
        let mut writes = vec![self.next_welcome(handoff, welcome)?];
        writes.extend(self.put_events(&handoff.organization, &handoff.id, told)?);
        self.transact("keeping a welcome mail", writes).await
    }

    /// Sends the welcome mail: what is kept of it, the mails that are owed, the plan and the handoff as they are then, and
    /// what is told. `false` when mail, plan or handoff changed since they were read: nothing is sent.
    pub async fn send_welcome(
        &self,
        handoff: &Handoff,
        welcome: &Welcome,
        plan: Option<(&Plan, &Moved)>,
        owed: &OutboxEntry,
        told: &[Event],
    ) -> Result<bool, StoreError> {
        let mut more = vec![self.next_welcome(handoff, welcome)?];
        more.extend(self.next_plan(handoff, plan)?);
        let (after, told) = with_plan(handoff, plan, told);
        let owed = std::slice::from_ref(owed);
        self.replace_with(handoff, after, more, owed, &told, "sending a welcome mail").await
    }

    /// Plans the kickoff, or moves it, with plan and handoff as they are then; `false` when somebody planned it, or changed
    /// one of the others, since they were read.
    pub async fn put_kickoff(
        &self,
        handoff: &Handoff,
        kickoff: &Kickoff,
        plan: Option<(&Plan, &Moved)>,
        told: &[Event],
    ) -> Result<bool, StoreError> {
        const OPERATION: &str = "planning a kickoff";
        let item = packed_item(Kind::Kickoff, &keys::kickoff(&handoff.organization, &handoff.id), kickoff)?;
        let number = usize::try_from(kickoff.moves).unwrap_or(usize::MAX).saturating_add(1);
        let mut writes = vec![self.put_next(item, number)?];
        writes.extend(self.next_plan(handoff, plan)?);
        let (after, told) = with_plan(handoff, plan, told);
        if after != handoff {
            return self.replace_with(handoff, after, writes, &[], &told, OPERATION).await;
        }
        writes.extend(self.put_events(&handoff.organization, &handoff.id, &told)?);
        self.transact(OPERATION, writes).await
    }

    /// The write of the welcome mail over the one that was read: its revision is raised here.
    fn next_welcome(&self, handoff: &Handoff, welcome: &Welcome) -> Result<TransactWriteItem, StoreError> {
        let mut next = welcome.clone();
        next.revision = welcome.revision + 1;
        let key = keys::welcome(&handoff.organization, &handoff.id);
        let number = usize::try_from(next.revision).unwrap_or(usize::MAX);
        self.put_next(packed_item(Kind::Welcome, &key, &next)?, number)
    }

    fn next_plan(
        &self,
        handoff: &Handoff,
        plan: Option<(&Plan, &Moved)>,
    ) -> Result<Option<TransactWriteItem>, StoreError> {
        let Some((before, moved)) = plan else { return Ok(None) };
        self.put_plan(handoff, Some(before), &moved.plan).map(Some)
    }
}

/// The handoff after what the plan does to it, and everything that is told.
fn with_plan<'a>(
    handoff: &'a Handoff,
    plan: Option<(&Plan, &'a Moved)>,
    told: &[Event],
) -> (&'a Handoff, Vec<Event>) {
    let mut told = told.to_vec();
    let Some((_, moved)) = plan else { return (handoff, told) };
    told.extend_from_slice(&moved.told);
    (&moved.handoff, told)
}
