//! Starts the function: configuration and clients once, then one batch after the other.

use aws_lambda_events::event::sqs::SqsEvent;
use handoff_runtime::{Environment, init_logs, tls};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use mail_events::{Deps, handle};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    init_logs();
    tls();
    let deps = &Deps::from_environment(&Environment::from_process())?;
    let handler = service_fn(|event: LambdaEvent<SqsEvent>| async move {
        Ok::<_, Error>(handle(deps, event.payload).await)
    });
    run(handler).await
}
