//! What is worth keeping of a delivery, as the one message that the worker gets.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use handoff_domain::limits::WEBHOOK_BODY_MAX_BYTES;
use handoff_domain::message::{Delivery, DeliveryRoute, WorkerMessage};
use handoff_hubspot::event::{condense, parse};
use jiff::Timestamp;

/// Largest body that still fits into a message as base64, in bytes.
const KEPT_WHOLE_MAX_BYTES: usize = WEBHOOK_BODY_MAX_BYTES / 4 * 3;

/// The message for a signed delivery, or `None` when it can concern no won deal.
pub(crate) fn message(route: DeliveryRoute, body: &[u8], received_at: Timestamp) -> Option<WorkerMessage> {
    let (hints, deleted, unusable) = match parse(&route, body) {
        Ok(delivered) => {
            let unusable = delivered.unusable.first().map(|event| event.reason.to_owned());
            (delivered.hints, delivered.deleted, unusable)
        }
        Err(error) => (Vec::new(), Vec::new(), Some(error.to_string())),
    };
    tracing::info!(
        bytes = body.len(),
        deals = hints.len(),
        deleted = deleted.len(),
        unusable = unusable.is_some(),
        "delivery received"
    );
    let is_empty = hints.is_empty() && deleted.is_empty();
    if is_empty && unusable.is_none() {
        return None;
    }
    let is_large = body.len() > KEPT_WHOLE_MAX_BYTES;
    let unusable = if is_empty { unusable } else { None };
    let body = match (is_large, is_empty) {
        (false, _) => URL_SAFE_NO_PAD.encode(body),
        (true, false) => URL_SAFE_NO_PAD.encode(condense(&route, &hints, &deleted)),
        (true, true) => URL_SAFE_NO_PAD.encode(body.get(..KEPT_WHOLE_MAX_BYTES).unwrap_or_default()),
    };
    let unusable =
        unusable.map(|reason| if is_large { format!("{reason} (its end was cut off)") } else { reason });
    Some(WorkerMessage::Delivered(Delivery { route, received_at, body, unusable }))
}
