//! Starts the function.

use handoff_form::{Config, router};
use handoff_runtime::{Environment, init_logs};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    init_logs();
    let deps = Config::from_environment(&Environment::from_process())?.deps();
    lambda_http::run(router(deps)).await
}
