//! The correlation id of what is worked on, in every log line.

use handoff_domain::id::CorrelationId;

/// The name of the span field.
pub(crate) const FIELD: &str = "correlation";

/// A new id for a new way.
pub fn new_correlation() -> CorrelationId {
    CorrelationId::from_random(rand::random())
}

/// Names the way that the work of the current span is a step of. The span has made room for it: see [`crate::batch`] and
/// [`crate::http`].
pub fn correlate(id: Option<CorrelationId>) {
    if let Some(id) = id {
        tracing::Span::current().record(FIELD, tracing::field::display(id));
    }
}
