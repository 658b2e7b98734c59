//! The function's environment, typed.

use crate::Deps;
use handoff_queue::Queue;
use handoff_research::Reader;
use handoff_runtime::{Aws, Clock, ConfigError, Environment, Service, Timeouts, report};

/// What the function reads from its environment.
#[derive(Debug, Clone)]
pub struct Config {
    /// `RESEARCHED_QUEUE_URL`: where answers go.
    pub researched_queue_url: String,
}

impl Config {
    /// Reads the environment; the error names every missing or bad variable.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        let reader = environment.reader();
        let researched_queue_url = reader.required("RESEARCHED_QUEUE_URL");
        reader.finish(Some(Self { researched_queue_url }))
    }
}

impl Deps {
    /// Everything that the function needs; all problems of the environment are named together. It reads the public
    /// internet: no variable leads it elsewhere.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        let (config, aws) =
            ConfigError::join(Config::from_environment(environment), Aws::from_environment(environment))?;
        let queue = aws.config(Service::Sqs, Timeouts::WORKER);
        Ok(Self {
            reader: Reader::new().map_err(|error| ConfigError::new(report(&error)))?,
            researched_queue: Queue::new(&queue, config.researched_queue_url),
            clock: Clock::system(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_missing_variable_is_named_at_once() {
        let error = Deps::from_environment(&Environment::default()).unwrap_err();
        for name in ["RESEARCHED_QUEUE_URL", "AWS_REGION"] {
            assert!(error.problems.iter().any(|problem| problem.starts_with(name)), "{name}: {error}");
        }
    }
}
