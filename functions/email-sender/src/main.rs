//! Starts the function: configuration and clients once, then one event after the other.

use email_sender::{Deps, Trigger, run};
use handoff_runtime::{Environment, init_logs, tls};
use lambda_runtime::{Error, LambdaEvent, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    init_logs();
    tls();
    let deps = &Deps::from_environment(&Environment::from_process())?;
    let handler =
        service_fn(
            |event: LambdaEvent<Trigger>| async move { Ok::<_, Error>(run(deps, event.payload).await?) },
        );
    lambda_runtime::run(handler).await
}
