//! What every function does before its first event.

use crate::traces::Traces;
use crate::{ConfigError, Environment, init_logs, metrics, tls};
use std::io::{stderr, stdout};

/// Starts logs, traces, metrics and TLS, and makes what the function works with, all from the process's environment.
pub fn start<D>(make: impl FnOnce(&Environment) -> Result<D, ConfigError>) -> Result<D, ConfigError> {
    let environment = Environment::from_process();
    init_logs(stderr, Traces::from_environment(&environment));
    if let Some(namespace) = environment.get("METRICS_NAMESPACE") {
        metrics::init(namespace, stdout());
    }
    tls();
    make(&environment)
}
