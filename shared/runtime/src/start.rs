//! What every function does before its first event.

use crate::{ConfigError, Environment, init_logs, tls};

/// Starts logs and TLS, and makes what the function works with from the process's environment.
pub fn start<D>(make: impl FnOnce(&Environment) -> Result<D, ConfigError>) -> Result<D, ConfigError> {
    init_logs();
    tls();
    make(&Environment::from_process())
}
