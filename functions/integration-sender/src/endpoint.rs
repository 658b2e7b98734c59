//! Signed messages to an organization's endpoints, as the Standard Webhooks specification has them
//! (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>).

mod payload;

pub(crate) use payload::payload;

use crate::{Deps, wait};
use handoff_domain::delivery::{Delivery, Outcome};
use handoff_domain::id::EndpointId;
use handoff_domain::integration::{Endpoint, SEALED_FOR_ENDPOINT};
use handoff_research::{Answered, PostError};
use handoff_store::{DeliveryPage, StoreError};
use standardwebhooks::Webhook;

/// Sends one message.
pub(crate) async fn send(
    deps: &Deps,
    page: &DeliveryPage,
    claimed: &Delivery,
    id: &EndpointId,
) -> Result<Outcome, StoreError> {
    let never = |words: &str| Ok(Outcome::Never { words: words.to_owned() });
    let Some(endpoint) = page.integrations.endpoint(id) else { return never("The endpoint was removed") };
    if endpoint.paused_at.is_some() {
        return never("The endpoint is paused");
    }
    let Some(payload) = claimed.payload.clone() else { return never("There is nothing to tell") };
    let Some(url) = deps.link_keys.open(&claimed.organization, SEALED_FOR_ENDPOINT, &endpoint.url) else {
        return never(
            "The address was sealed under a link key that is gone. Type it again on the settings page.",
        );
    };
    let Some(headers) = headers(deps, claimed, endpoint, &payload) else {
        return never("The message could not be signed");
    };
    let answered = deps.poster.post(&url, &headers, "application/json", payload).await;
    if matches!(answered, Ok(Answered { status: 410, .. })) {
        pause(deps, claimed, id).await?;
    }
    Ok(outcome(answered))
}

/// The three headers of the specification; signed with each secret that holds now.
fn headers(
    deps: &Deps,
    claimed: &Delivery,
    endpoint: &Endpoint,
    payload: &str,
) -> Option<Vec<(&'static str, String)>> {
    let now = deps.clock.now();
    let secrets =
        deps.link_keys.webhook_secrets(&claimed.organization, &endpoint.id, &endpoint.generations(now));
    let sign = |secret: &String| {
        Webhook::new(secret).ok()?.sign(claimed.id.as_str(), now.as_second(), payload.as_bytes()).ok()
    };
    let signatures = secrets.iter().map(sign).collect::<Option<Vec<_>>>()?;
    Some(vec![
        ("webhook-id", claimed.id.as_str().to_owned()),
        ("webhook-timestamp", now.as_second().to_string()),
        ("webhook-signature", signatures.join(" ")),
    ])
}

/// The endpoint says that it is gone for good. It is told nothing more until an admin says so; whoever changes the settings at this
/// moment has the last word, and the next message asks again.
async fn pause(deps: &Deps, claimed: &Delivery, id: &EndpointId) -> Result<(), StoreError> {
    let found =
        deps.store.get_integrations(&claimed.organization, handoff_store::Consistency::Strong).await?;
    if let Some((_, integrations)) = found {
        let paused = integrations.paused(id, deps.clock.now());
        deps.store.put_integrations(&claimed.organization, &paused, None).await?;
    }
    Ok(())
}

fn outcome(answered: Result<Answered, PostError>) -> Outcome {
    match answered {
        Ok(Answered { status: status @ 200..=299, .. }) => {
            Outcome::Done { words: format!("Answered {status}") }
        }
        Ok(Answered { status: 410, .. }) => {
            Outcome::Never { words: "Answered 410: gone for good. The endpoint is paused.".to_owned() }
        }
        Ok(Answered { status: status @ 300..=399, .. }) => {
            Outcome::Later { words: format!("Answered {status}: redirects are not followed"), after: None }
        }
        Ok(Answered { status, retry_after, .. }) => {
            Outcome::Later { words: format!("Answered {status}"), after: wait(retry_after) }
        }
        Err(PostError::Refused(_)) => {
            Outcome::Never { words: "The address is not one of the public internet".to_owned() }
        }
        Err(PostError::TimedOut) => {
            Outcome::Later { words: "No answer within 15 seconds".to_owned(), after: None }
        }
        Err(PostError::Unreachable(_)) => {
            Outcome::Later { words: "Could not be reached".to_owned(), after: None }
        }
    }
}
