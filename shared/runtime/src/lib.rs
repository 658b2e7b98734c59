//! What every door needs: its environment, a clock, logs, AWS configuration, and the batch manners of queues.

pub mod aws;
pub mod batch;
pub mod class;
pub mod clock;
pub mod environment;
pub mod logs;
pub mod start;

pub use aws::{Aws, Service, Timeouts};
pub use class::{Class, report};
pub use clock::Clock;
pub use environment::{ConfigError, Environment, Reader};
pub use logs::init_logs;
pub use start::start;

/// Makes ring the one TLS provider of this process. Safe to call more than once.
pub fn tls() {
    // An error only says that a provider was installed before, which is what is wanted.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
