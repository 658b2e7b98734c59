//! The function's environment, typed.

use crate::{BUDGET, Deps};
use handoff_hubspot::{HubSpot, HubSpotConfig};
use handoff_queue::Queue;
use handoff_runtime::{Aws, Clock, ConfigError, Environment, Service, SharedPermits, Timeouts, report};
use handoff_store::Store;
use std::sync::Arc;

/// Searches a second. HubSpot allows an account five; three are left for whoever looks at a page that searches.
const SEARCHES_PER_SECOND: u32 = 2;

/// What the function reads from its environment.
#[derive(Debug, Clone)]
pub struct Config {
    /// `TABLE_NAME`.
    pub table_name: String,
    /// `DRAFTING_QUEUE_URL`: where hints go.
    pub drafting_queue_url: String,
    /// `HUBSPOT_API_BASE_URL` and the portal's `HUBSPOT_ACCESS_TOKEN`.
    pub hubspot: HubSpotConfig,
}

impl Config {
    /// Reads the environment; the error names every missing or bad variable.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        let reader = environment.reader();
        let table_name = reader.required("TABLE_NAME");
        let drafting_queue_url = reader.required("DRAFTING_QUEUE_URL");
        let manners = HubSpotConfig::new(
            reader.required("HUBSPOT_API_BASE_URL"),
            reader.required("HUBSPOT_ACCESS_TOKEN"),
        );
        let hubspot = HubSpotConfig { requests_per_second: SEARCHES_PER_SECOND, ..manners };
        reader.finish(Some(Self { table_name, drafting_queue_url, hubspot }))
    }
}

impl Deps {
    /// Everything that the function needs; all problems of the environment are named together.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        let (config, aws) =
            ConfigError::join(Config::from_environment(environment), Aws::from_environment(environment))?;
        let hubspot = HubSpot::new(config.hubspot).map_err(|error| ConfigError::new(report(&error)))?;
        let store = Store::new(&aws.config(Service::DynamoDb, Timeouts::WORKER), config.table_name);
        let permits = SharedPermits::new(Arc::new(store.clone()), Clock::system());
        let hubspot = hubspot.with_permits(Some(Arc::new(permits)));
        Ok(Self {
            store,
            hubspot,
            drafting_queue: Queue::new(
                &aws.config(Service::Sqs, Timeouts::WORKER),
                config.drafting_queue_url,
            ),
            clock: Clock::system(),
            budget: BUDGET,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_missing_variable_is_named_at_once() {
        let error = Deps::from_environment(&Environment::default()).unwrap_err();
        for name in ["TABLE_NAME", "DRAFTING_QUEUE_URL", "HUBSPOT_ACCESS_TOKEN", "AWS_REGION"] {
            assert!(error.problems.iter().any(|problem| problem.contains(name)), "{name}: {error}");
        }
    }
}
