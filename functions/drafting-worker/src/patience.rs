//! When failed work comes back, and when to stop waiting for what is missing.
//!
//! A short trouble costs seconds, a long one is waited out: a message is received for the seventh time after four hours and a
//! quarter, for the eighth and last time after ten, which also outlasts most of what is left of a day's limit at HubSpot.

use crate::{Deps, is_from};
use aws_lambda_events::event::sqs::SqsMessage;
use handoff_runtime::batch::receive_count;
use handoff_runtime::report;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// How often the queue hands a message out before it lies with the dead letters, as in the template.
pub(crate) const RECEIVES_MAX: u32 = 8;

/// From this try on, what HubSpot does not give is told as a gap instead of waited for.
pub(crate) const PATIENT_TRIES: u32 = 7;

/// Waits after the first tries, in seconds; the last one is also that of all later tries. SQS allows 12 hours.
const WAITS_SECONDS: [u32; 7] = [10, 30, 120, 900, 3600, 10_800, 21_600];

/// Most that is added to a wait, in percent of it, so that what failed together does not come back together.
const SPREAD_PERCENT: u64 = 15;

/// Lets a failed message come back when it is worth another try, instead of after the queue's whole visibility.
pub(crate) async fn come_back_later(deps: &Deps, message: &SqsMessage) {
    let (Some(receipt), Some(id)) = (&message.receipt_handle, &message.message_id) else { return };
    let queues = [&deps.intake_queue, &deps.drafting_queue, &deps.researched_queue];
    let Some(queue) = queues.into_iter().find(|queue| is_from(message, queue)) else { return };
    let wait_seconds = wait_seconds(id, receive_count(message));
    match queue.hide(receipt, wait_seconds).await {
        Ok(()) => tracing::info!(wait_seconds, "comes back"),
        // It comes back all the same, when its visibility ends.
        Err(error) => tracing::warn!(error = report(&error), "could not be told when to come back"),
    }
}

/// How long message `id` waits after it was received so often. The same message waits the same each time it is asked.
fn wait_seconds(id: &str, receives: u32) -> u32 {
    if receives >= RECEIVES_MAX {
        // Nobody works it again: the sooner it lies with the dead letters, the sooner somebody looks.
        return 0;
    }
    let step = usize::try_from(receives.saturating_sub(1)).unwrap_or(usize::MAX);
    let wait = WAITS_SECONDS.get(step).or(WAITS_SECONDS.last()).copied().unwrap_or_default();
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    let percent = u32::try_from(hasher.finish() % (SPREAD_PERCENT + 1)).unwrap_or_default();
    wait + wait * percent / 100
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span_until(receive: u32, id: &str) -> u32 {
        (1..receive).map(|receives| wait_seconds(id, receives)).sum()
    }

    #[test]
    fn an_outage_of_hours_is_waited_out_before_anything_is_left_out_or_given_up() {
        for id in ["a", "b", "2fc07efb-7391-4210-859a-6c6d0c844c81"] {
            let (patient, last) = (span_until(PATIENT_TRIES, id), span_until(RECEIVES_MAX, id));
            assert!((15_460..=17_780).contains(&patient), "{patient}");
            assert!((37_060..=42_620).contains(&last), "{last}");
        }
    }

    #[test]
    fn a_short_trouble_costs_seconds_and_a_dead_message_is_not_held_back() {
        assert!((10..=11).contains(&wait_seconds("a", 1)));
        assert!((30..=34).contains(&wait_seconds("a", 2)));
        assert_eq!(wait_seconds("a", RECEIVES_MAX), 0);
    }

    #[test]
    fn messages_that_failed_together_come_back_one_by_one() {
        let waits: std::collections::BTreeSet<u32> =
            (0..50).map(|id| wait_seconds(&format!("m-{id}"), 5)).collect();
        assert!(waits.len() > 8, "{waits:?}");
        assert!(waits.iter().all(|wait| (3600..=4140).contains(wait)));
    }
}
