//! The function's environment, typed.

use crate::Deps;
use handoff_runtime::{Aws, Clock, ConfigError, Environment, Service, Timeouts};
use handoff_store::Store;

/// What the function reads from its environment.
#[derive(Debug, Clone)]
pub struct Config {
    /// `TABLE_NAME`.
    pub table_name: String,
}

impl Config {
    /// Reads the environment; the error names every missing or bad variable.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        let reader = environment.reader();
        let table_name = reader.required("TABLE_NAME");
        reader.finish(Some(Self { table_name }))
    }
}

impl Deps {
    /// Everything that the function needs; all problems of the environment are named together.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        let (config, aws) =
            ConfigError::join(Config::from_environment(environment), Aws::from_environment(environment))?;
        let table = aws.config(Service::DynamoDb, Timeouts::WORKER);
        Ok(Self { store: Store::new(&table, config.table_name), clock: Clock::system() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_missing_variable_is_named_at_once() {
        let error = Deps::from_environment(&Environment::default()).unwrap_err();
        for name in ["TABLE_NAME", "AWS_REGION"] {
            assert!(error.problems.iter().any(|problem| problem.starts_with(name)), "{name}: {error}");
        }
    }
}
