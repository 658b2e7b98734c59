//! Starts the function: configuration and clients once, then one batch after the other.

use aws_lambda_events::event::sqs::SqsEvent;
use company_research::{Deps, handle};
use handoff_runtime::{invocation, start};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let deps = &start(Deps::from_environment)?;
    run(service_fn(|LambdaEvent { payload, context }: LambdaEvent<SqsEvent>| async move {
        Ok::<_, Error>(invocation(context.xray_trace_id.as_deref(), handle(deps, payload)).await)
    }))
    .await
}
