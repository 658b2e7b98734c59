//! How a stand-in misbehaves, in its own service's words.

use crate::aws::calls::operation;
use crate::aws::faults::{Doing, Faults, Mode, Service};
use crate::aws::journal::is_effect;
use crate::aws::shapes;
use crate::serve::{hang_up, truncate};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use std::time::Duration;

/// Long enough that every client of ours has given up.
const NO_ANSWER: Duration = Duration::from_mins(1);
/// Noticeable, and within every client's patience.
const SLOW: Duration = Duration::from_millis(500);

/// Tells the journal which fault struck.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Struck(pub(crate) Mode);

/// The middleware of one stand-in.
pub(crate) async fn misbehave(
    State((faults, service)): State<(Faults, Service)>,
    request: Request,
    next: Next,
) -> Response {
    let name = operation(service, &request);
    let is_effect = is_effect(service, &name);
    let Some(mode) = faults.strike(Doing { service, operation: &name, is_effect }) else {
        return next.run(request).await;
    };
    let mut response = answer(&faults, service, mode, (request, next)).await;
    response.extensions_mut().insert(Struck(mode));
    response
}

async fn answer(faults: &Faults, service: Service, mode: Mode, (request, next): (Request, Next)) -> Response {
    // On its own task: a client that gives up does not undo what the service does.
    let done = |next: Next, request: Request| async move {
        tokio::spawn(next.run(request)).await.unwrap_or_else(|_| hang_up())
    };
    match mode {
        Mode::Throttle => shapes::throttled(service),
        Mode::Error => shapes::internal_error(service),
        Mode::Timeout => {
            tokio::time::sleep(NO_ANSWER).await;
            hang_up()
        }
        Mode::LostReply => {
            done(next, request).await;
            hang_up()
        }
        Mode::Slow => {
            tokio::time::sleep(SLOW).await;
            done(next, request).await
        }
        Mode::Truncated => truncate(done(next, request).await).await,
        Mode::Duplicate => next.run(request).await,
        Mode::CrashBefore => {
            faults.kill();
            hang_up()
        }
        Mode::CrashAfter => {
            done(next, request).await;
            faults.kill();
            hang_up()
        }
    }
}
