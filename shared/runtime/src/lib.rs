//! What every door needs: its environment, a clock, logs, metrics, traces, AWS configuration, and the manners of queues
//! and of HTTP.

pub mod aws;
pub mod batch;
pub mod class;
pub mod clock;
pub mod correlation;
pub mod environment;
pub mod http;
pub mod invocation;
pub mod logs;
pub mod metrics;
pub mod permits;
pub mod start;
mod traced;
pub mod traces;

pub use aws::{Aws, Service, Timeouts};
pub use class::{Class, report};
pub use clock::Clock;
pub use correlation::{correlate, new_correlation};
pub use environment::{ConfigError, Environment, Reader};
pub use invocation::invocation;
pub use logs::init_logs;
pub use permits::SharedPermits;
pub use start::start;

/// Makes ring the one TLS provider of this process. Safe to call more than once.
pub fn tls() {
    // An error only says that a provider was installed before, which is what is wanted.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
