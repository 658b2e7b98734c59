//! From an event to the messages that are owed of it.

use crate::Deps;
use handoff_domain::delivery::Delivery;
use handoff_domain::fact::Fact;
use handoff_domain::id::OrganizationId;
use handoff_domain::integration::{Integrations, TOLD_WITHIN};
use handoff_runtime::metrics;
use handoff_store::{Consistency, StoreError, Untold};
use std::collections::HashMap;

/// What organizations want told, each read once for a batch.
#[derive(Debug, Default)]
pub(crate) struct Wishes(HashMap<OrganizationId, Integrations>);

impl Wishes {
    async fn of(&mut self, deps: &Deps, id: &OrganizationId) -> Result<&Integrations, StoreError> {
        if !self.0.contains_key(id) {
            let found = deps.store.get_integrations(id, Consistency::Strong).await?;
            // An organization that is gone wants nothing.
            let nothing =
                || Integrations { hubspot: std::collections::BTreeSet::new(), ..Integrations::default() };
            self.0.insert(id.clone(), found.map_or_else(nothing, |(_, integrations)| integrations));
        }
        // Just put there.
        Ok(self.0.entry(id.clone()).or_default())
    }
}

/// Owes the messages of an event, each once however often this is asked for. What happened too long ago is told to nobody.
pub(crate) async fn owe(deps: &Deps, wishes: &mut Wishes, untold: &Untold) -> Result<usize, StoreError> {
    let Untold { organization, account, event } = untold;
    let Some(fact) = Fact::of(event) else { return Ok(0) };
    let wanted = wishes.of(deps, organization).await?.targets(fact, event, account.is_of_deal());
    let is_late = deps.clock.now().duration_since(event.at) > TOLD_WITHIN;
    if is_late && !wanted.is_empty() {
        metrics::EVENT_TOO_LATE_TO_TELL.count();
        tracing::warn!(%organization, %account, event = %event.id, "what happened is too long ago to be told");
    }
    let targets = wanted.into_iter().filter(|_| !is_late);
    let owed: Vec<Delivery> =
        targets.map(|target| Delivery::of_event(organization, account, (fact, event), target)).collect();
    deps.store.owe_deliveries(untold, &owed).await?;
    Ok(owed.len())
}
