//! Starts the function: environment, clients, router.

use handoff_runtime::Environment;
use hubspot_webhook::{Deps, router};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    handoff_runtime::init_logs();
    handoff_runtime::tls();
    let deps = Deps::from_environment(&Environment::from_process())?;
    lambda_http::run(router(deps)).await
}
