//! The function's environment, typed.

use crate::Deps;
use handoff_domain::link::{LinkKey, LinkKeys};
use handoff_mail::{Renderer, Sender, SesMailer};
use handoff_runtime::{Aws, Clock, ConfigError, Environment, Service, SharedPermits, Timeouts};
use handoff_store::Store;
use std::sync::Arc;
use std::time::Duration;

/// One attempt: what comes after an unclear answer is the outbox's decision, not the SDK's.
const SES_TIMEOUTS: Timeouts = Timeouts {
    connect: Duration::from_secs(2),
    attempt: Duration::from_secs(8),
    operation: Duration::from_secs(8),
    attempts: 1,
};

/// What the function reads from its environment.
#[derive(Debug, Clone)]
pub struct Config {
    /// `TABLE_NAME`.
    pub table_name: String,
    /// `BASE_URL`: the public origin that links begin with.
    pub base_url: String,
    /// `LINK_KEY`: what links are derived under. `LINK_KEY_PREVIOUS`, during a rotation: the other key that links are known by.
    pub link_keys: LinkKeys,
    /// `MAIL_FROM`: an address, or a name and an address in angle brackets.
    pub mail_from: Sender,
    /// `MAILS_PER_SECOND`: what all senders together may send; 10 without it. SES's own limit is the account's.
    pub mails_per_second: u32,
    /// `MAIL_CONFIGURATION_SET`: the SES configuration set whose events confirm mails, if there is one.
    pub configuration_set: Option<String>,
}

impl Config {
    /// Reads the environment; the error names every missing or bad variable.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        let reader = environment.reader();
        let table_name = reader.required("TABLE_NAME");
        let base_url = reader.required("BASE_URL");
        let mails_per_second = reader.parsed("MAILS_PER_SECOND", "a whole number of mails").unwrap_or(10);
        let configuration_set = reader.optional("MAIL_CONFIGURATION_SET");
        let link_key = reader.required_as("LINK_KEY", LinkKey::EXPECTED);
        let previous = reader.parsed("LINK_KEY_PREVIOUS", LinkKey::EXPECTED);
        let mail_from =
            reader.required_as("MAIL_FROM", "an address, or a plain name with an address in angle brackets");
        let config = link_key.zip(mail_from).map(|(link_key, mail_from)| Self {
            table_name,
            base_url,
            link_keys: LinkKeys::new(link_key, previous),
            mail_from,
            mails_per_second,
            configuration_set,
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
        Ok(Self {
            permits: Some(Arc::new(permits.with_mails(config.mails_per_second))),
            store,
            mailer: SesMailer::new(
                &aws.config(Service::Ses, SES_TIMEOUTS),
                config.mail_from,
                config.configuration_set,
            ),
            renderer: Renderer::new(config.base_url, config.link_keys),
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
        for name in ["TABLE_NAME", "BASE_URL", "LINK_KEY", "MAIL_FROM", "AWS_REGION"] {
            assert!(error.problems.iter().any(|problem| problem.starts_with(name)), "{name}: {error}");
        }
    }

    #[test]
    fn a_sender_that_could_add_a_header_is_refused() {
        let environment = |from: &str| {
            let key = "k".repeat(32);
            Environment::from_pairs([
                ("TABLE_NAME", "t"),
                ("BASE_URL", "http://h"),
                ("LINK_KEY", &key),
                ("MAIL_FROM", from),
            ])
        };
        assert!(Config::from_environment(&environment("Handoff <handoff@example.com>")).is_ok());
        let error = Config::from_environment(&environment("a@b.test, c@d.test")).unwrap_err();
        assert!(!error.to_string().contains("b.test"));
    }
}
