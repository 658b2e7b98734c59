//! The function's environment, typed.

use crate::Deps;
use handoff_domain::link::{LinkKey, LinkKeys};
use handoff_hubspot::{HubSpot, HubSpotConfig};
use handoff_research::Poster;
use handoff_runtime::{Aws, Clock, ConfigError, Environment, Service, SharedPermits, Timeouts, report};
use handoff_store::Store;
use std::sync::Arc;

/// What the function reads from its environment.
#[derive(Debug, Clone)]
pub struct Config {
    /// `TABLE_NAME`.
    pub table_name: String,
    /// `BASE_URL`: the public origin that links begin with.
    pub base_url: String,
    /// `LINK_KEY`: what signing secrets are derived under, and addresses and tokens sealed. `LINK_KEY_PREVIOUS`, during a rotation: the
    /// other one.
    pub link_keys: LinkKeys,
    /// `HUBSPOT_API_BASE_URL` and the portal's `HUBSPOT_ACCESS_TOKEN`.
    pub hubspot: HubSpotConfig,
}

impl Config {
    /// Reads the environment; the error names every missing or bad variable.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        let reader = environment.reader();
        let table_name = reader.required("TABLE_NAME");
        let base_url = reader.required("BASE_URL");
        let hubspot = HubSpotConfig::new(
            reader.required("HUBSPOT_API_BASE_URL"),
            reader.required("HUBSPOT_ACCESS_TOKEN"),
        );
        let link_key = reader.required_as("LINK_KEY", LinkKey::EXPECTED);
        let previous = reader.parsed("LINK_KEY_PREVIOUS", LinkKey::EXPECTED);
        let config = link_key.map(|link_key| Self {
            table_name,
            base_url,
            hubspot,
            link_keys: LinkKeys::new(link_key, previous),
        });
        reader.finish(config)
    }
}

impl Deps {
    /// Everything that the function needs; all problems of the environment are named together.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        let (config, aws) =
            ConfigError::join(Config::from_environment(environment), Aws::from_environment(environment))?;
        let store = Store::new(&aws.config(Service::DynamoDb, Timeouts::WORKER), config.table_name);
        let permits = SharedPermits::new(Arc::new(store.clone()), Clock::system());
        let hubspot = HubSpot::new(config.hubspot).map_err(|error| ConfigError::new(report(&error)))?;
        Ok(Self {
            store,
            hubspot: hubspot.with_permits(Some(Arc::new(permits))),
            poster: Poster::new().map_err(|error| ConfigError::new(report(&error)))?,
            link_keys: config.link_keys,
            base_url: config.base_url,
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
        for name in ["TABLE_NAME", "BASE_URL", "LINK_KEY", "HUBSPOT_ACCESS_TOKEN", "AWS_REGION"] {
            assert!(error.problems.iter().any(|problem| problem.contains(name)), "{name}: {error}");
        }
    }
}
