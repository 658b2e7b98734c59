//! Starts the function: configuration and clients once, then one batch after the other.

use aws_lambda_events::event::sqs::SqsEvent;
use handoff_runtime::start;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use mail_events::{Deps, handle};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let deps = &start(Deps::from_environment)?;
    run(service_fn(|event: LambdaEvent<SqsEvent>| async move {
        Ok::<_, Error>(handle(deps, event.payload).await)
    }))
    .await
}
