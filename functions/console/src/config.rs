//! The function's environment, typed.

use crate::Deps;
use crate::accounts::dead_letters::Place;
use handoff_domain::link::{LinkKey, LinkKeys};
use handoff_hubspot::{HubSpot, HubSpotConfig};
use handoff_queue::{DeadLetters, Queue};
use handoff_research::Poster;
use handoff_runtime::{Aws, Clock, ConfigError, Environment, Service, SharedPermits, Timeouts, report};
use handoff_store::Store;
use std::sync::Arc;

/// What the function reads from its environment.
#[derive(Debug, Clone)]
pub struct Config {
    /// `TABLE_NAME`.
    pub table_name: String,
    /// `DRAFTING_QUEUE_URL`: where accounts that were made by hand are drafted.
    pub drafting_queue_url: String,
    /// `INTAKE_DEAD_LETTERS_URL` and its like: messages that could not be worked, for the board; those that are named.
    pub dead_letters: Vec<(Place, String)>,
    /// `HUBSPOT_API_BASE_URL` and the portal's `HUBSPOT_ACCESS_TOKEN`: whom the roster can be filled from.
    pub hubspot: HubSpotConfig,
    /// `BASE_URL`: the public origin.
    pub base_url: String,
    /// `LINK_KEY`: what links and proofs are derived under. `LINK_KEY_PREVIOUS`, during a rotation: the other one.
    pub link_keys: LinkKeys,
}

impl Config {
    /// Reads the environment; the error names every missing or bad variable.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        let reader = environment.reader();
        let table_name = reader.required("TABLE_NAME");
        let base_url = reader.required("BASE_URL");
        let drafting_queue_url = reader.required("DRAFTING_QUEUE_URL");
        let dead_letters = [
            (Place::Intake, reader.optional("INTAKE_DEAD_LETTERS_URL")),
            (Place::Drafting, reader.optional("DRAFTING_DEAD_LETTERS_URL")),
            (Place::Researched, reader.optional("RESEARCHED_DEAD_LETTERS_URL")),
            (Place::MailEvents, reader.optional("MAIL_EVENTS_DEAD_LETTERS_URL")),
        ];
        let dead_letters = dead_letters.into_iter().filter_map(|(place, url)| Some((place, url?))).collect();
        let hubspot = HubSpotConfig::new(
            reader.required("HUBSPOT_API_BASE_URL"),
            reader.required("HUBSPOT_ACCESS_TOKEN"),
        );
        let link_key = reader.required_as("LINK_KEY", LinkKey::EXPECTED);
        let previous = reader.parsed("LINK_KEY_PREVIOUS", LinkKey::EXPECTED);
        let config = link_key.map(|link_key| Self {
            table_name,
            drafting_queue_url,
            dead_letters,
            hubspot,
            base_url,
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
        let hubspot = HubSpot::new(config.hubspot).map_err(|error| ConfigError::new(report(&error)))?;
        let store = Store::new(&aws.config(Service::DynamoDb, Timeouts::INTERACTIVE), config.table_name);
        let permits = SharedPermits::new(Arc::new(store.clone()), Clock::system());
        let hubspot = hubspot.with_permits(Some(Arc::new(permits)));
        let letters =
            |(place, url)| (place, DeadLetters::new(&aws.config(Service::Sqs, Timeouts::INTERACTIVE), url));
        Ok(Self {
            dead_letters: config.dead_letters.into_iter().map(letters).collect(),
            hubspot,
            poster: Poster::new().map_err(|error| ConfigError::new(report(&error)))?,
            store,
            queue: Queue::new(&aws.config(Service::Sqs, Timeouts::INTERACTIVE), config.drafting_queue_url),
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
        let error = Deps::from_environment(&Environment::from_pairs([("LINK_KEY", "short")])).unwrap_err();
        for name in
            ["TABLE_NAME", "BASE_URL", "DRAFTING_QUEUE_URL", "HUBSPOT_API_BASE_URL", "LINK_KEY", "AWS_REGION"]
        {
            assert!(error.problems.iter().any(|problem| problem.contains(name)), "{name}");
        }
        assert!(!error.to_string().contains("short;"));
    }
}
