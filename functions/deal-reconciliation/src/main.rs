//! Starts the function: configuration and clients once, then one event after the other.

use deal_reconciliation::{Deps, Trigger, reconcile};
use handoff_runtime::{invocation, start};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let deps = &start(Deps::from_environment)?;
    run(service_fn(|event: LambdaEvent<Trigger>| async move {
        Ok::<_, Error>(invocation(event.context.xray_trace_id.as_deref(), reconcile(deps)).await?)
    }))
    .await
}
