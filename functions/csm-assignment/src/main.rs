//! Starts the function: configuration and clients once, then one request after the other.

use csm_assignment::{Deps, router};
use handoff_runtime::start;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    lambda_http::run(router(start(Deps::from_environment)?)).await
}
