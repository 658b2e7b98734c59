//! The admins' daily digest.

use crate::Deps;
use futures_util::future::try_join;
use handoff_domain::Timestamp;
use handoff_domain::digest::{DIGEST_ROWS, DigestMark};
use handoff_domain::listing::Lane;
use handoff_domain::organization::Organization;
use handoff_store::StoreError;

/// Owes the digest where one is due and there is something to say. Nothing is read until it is due; then two queries at
/// once, and a transaction by which of two sweeps one goes on.
pub(crate) async fn owe(
    deps: &Deps,
    organization: &Organization,
    mark: &DigestMark,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let rhythm = organization.rhythm();
    if !mark.is_due(&rhythm, now) {
        return Ok(false);
    }
    let lane = |lane| deps.store.list_lane(&organization.id, lane, DIGEST_ROWS);
    let ((mut waiting, more), (expired, more_expired)) =
        try_join(lane(Lane::Attention), lane(Lane::Expired)).await?;
    waiting.extend(expired);
    let digest = mark.digest(organization, &waiting, more || more_expired, &rhythm, now);
    let entry = digest.and_then(|digest| digest.owed(organization, &rhythm, now).ok().flatten());
    let is_ours = deps.store.put_digest(&organization.id, &mark.looked(now), entry.as_ref()).await?;
    Ok(is_ours && entry.is_some())
}
