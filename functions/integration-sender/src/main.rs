//! Starts the function: configuration and clients once, then one event after the other.

use handoff_runtime::{invocation, start};
use integration_sender::{Deps, Trigger, serve};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let deps = &start(Deps::from_environment)?;
    run(service_fn(|LambdaEvent { payload, context }: LambdaEvent<Trigger>| async move {
        Ok::<_, Error>(invocation(context.xray_trace_id.as_deref(), serve(deps, payload)).await?)
    }))
    .await
}
