//! The function's environment, typed.

use crate::Deps;
use handoff_domain::link::LinkKey;
use handoff_hubspot::{HubSpot, HubSpotConfig};
use handoff_queue::Queue;
use handoff_runtime::{Aws, Clock, ConfigError, Environment, Service, SharedPermits, Timeouts, report};
use handoff_store::Store;
use std::sync::Arc;
use std::time::Duration;

mod drafter;

pub use drafter::DrafterChoice;

/// A handoff's item with its sources is large, so its transaction gets more time than other calls.
const TABLE_TIMEOUTS: Timeouts =
    Timeouts { attempt: Duration::from_secs(6), operation: Duration::from_secs(20), ..Timeouts::WORKER };

/// What the function reads from its environment.
#[derive(Debug, Clone)]
pub struct Config {
    /// `TABLE_NAME`.
    pub table_name: String,
    /// `INTAKE_QUEUE_URL`: where deliveries come from.
    pub intake_queue_url: String,
    /// `DRAFTING_QUEUE_URL`: where single deals of a large delivery go.
    pub drafting_queue_url: String,
    /// `RESEARCH_QUEUE_URL`: where websites to read go; absent where they are not read.
    pub research_queue_url: Option<String>,
    /// `RESEARCHED_QUEUE_URL`: where what was read comes from.
    pub researched_queue_url: String,
    /// `LINK_KEY`: what links are derived under.
    pub link_key: LinkKey,
    /// `HUBSPOT_API_BASE_URL` and the portal's `HUBSPOT_ACCESS_TOKEN`.
    pub hubspot: HubSpotConfig,
    /// `HANDOFF_DRAFTER`, and for a model what [`DrafterChoice::read`] names.
    pub drafter: DrafterChoice,
}

impl Config {
    /// Reads the environment; the error names every missing or bad variable.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        let reader = environment.reader();
        let table_name = reader.required("TABLE_NAME");
        let intake_queue_url = reader.required("INTAKE_QUEUE_URL");
        let drafting_queue_url = reader.required("DRAFTING_QUEUE_URL");
        let research_queue_url = reader.optional("RESEARCH_QUEUE_URL");
        let researched_queue_url = reader.required("RESEARCHED_QUEUE_URL");
        let hubspot = HubSpotConfig::new(
            reader.required("HUBSPOT_API_BASE_URL"),
            reader.required("HUBSPOT_ACCESS_TOKEN"),
        );
        let drafter = DrafterChoice::read(&reader);
        let link_key = reader.required_as("LINK_KEY", LinkKey::EXPECTED);
        let config = link_key.map(|link_key| Self {
            table_name,
            intake_queue_url,
            drafting_queue_url,
            research_queue_url,
            researched_queue_url,
            link_key,
            hubspot,
            drafter,
        });
        reader.finish(config)
    }
}

impl Deps {
    /// Everything that the function needs; all problems of the environment are named together.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        let (config, aws) =
            ConfigError::join(Config::from_environment(environment), Aws::from_environment(environment))?;
        let hubspot = HubSpot::new(config.hubspot).map_err(|error| ConfigError::new(report(&error)))?;
        let store = Store::new(&aws.config(Service::DynamoDb, TABLE_TIMEOUTS), config.table_name);
        let permits = SharedPermits::new(Arc::new(store.clone()), Clock::system());
        let hubspot = hubspot.with_permits(Some(Arc::new(permits)));
        let queue = |url| Queue::new(&aws.config(Service::Sqs, Timeouts::WORKER), url);
        let drafter = config.drafter.make(&aws);
        Ok(Self {
            store,
            hubspot,
            intake_queue: queue(config.intake_queue_url),
            drafting_queue: queue(config.drafting_queue_url),
            research_queue: config.research_queue_url.map(queue),
            researched_queue: queue(config.researched_queue_url),
            drafter,
            link_key: config.link_key,
            clock: Clock::system(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_environment_is_told_everything_at_once() {
        let error = Deps::from_environment(&Environment::default()).unwrap_err();
        for name in [
            "TABLE_NAME",
            "INTAKE_QUEUE_URL",
            "DRAFTING_QUEUE_URL",
            "RESEARCHED_QUEUE_URL",
            "LINK_KEY",
            "HUBSPOT_ACCESS_TOKEN",
            "BEDROCK_MODEL_ID",
            "AWS_REGION",
        ] {
            assert!(error.problems.iter().any(|problem| problem.contains(name)), "{name}: {error}");
        }
    }
}
