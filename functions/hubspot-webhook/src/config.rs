//! The function's environment, typed.

use crate::Deps;
use handoff_hubspot::signature::Secret;
use handoff_queue::Queue;
use handoff_runtime::{Aws, Clock, ConfigError, Environment, Reader, Service, Timeouts};

/// What the function reads from its environment.
#[derive(Debug, Clone)]
pub struct Config {
    /// `BASE_URL`: the public origin that HubSpot calls, without a slash at its end.
    pub base_url: String,
    /// `INTAKE_QUEUE_URL`: where deliveries are kept.
    pub intake_queue_url: String,
    /// `HUBSPOT_CLIENT_SECRET` and, during a rotation, `HUBSPOT_CLIENT_SECRET_PREVIOUS`.
    pub secrets: Vec<Secret>,
}

impl Config {
    /// Reads the environment and names everything that is missing or bad.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        let reader = environment.reader();
        let base_url = reader.required("BASE_URL");
        if !base_url.is_empty() && !is_origin(&base_url) {
            reader.complain("BASE_URL is not an origin such as https://handoff.example.com");
        }
        let config = Self {
            base_url: base_url.trim_end_matches('/').to_owned(),
            intake_queue_url: reader.required("INTAKE_QUEUE_URL"),
            secrets: read_secrets(&reader),
        };
        reader.finish(Some(config))
    }
}

impl Deps {
    /// Everything that the function needs, with AWS at `AWS_ENDPOINT_URL[_SQS]` or at its own place. All problems of
    /// the environment are named together.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        let (config, aws) =
            ConfigError::join(Config::from_environment(environment), Aws::from_environment(environment))?;
        Ok(Self {
            queue: Queue::new(&aws.config(Service::Sqs, Timeouts::INTERACTIVE), config.intake_queue_url),
            base_url: config.base_url,
            secrets: config.secrets,
            clock: Clock::system(),
        })
    }
}

fn read_secrets(reader: &Reader<'_>) -> Vec<Secret> {
    let texts = [
        reader.required("HUBSPOT_CLIENT_SECRET"),
        reader.optional("HUBSPOT_CLIENT_SECRET_PREVIOUS").unwrap_or_default(),
    ];
    texts.into_iter().filter_map(|text| Secret::parse(text).ok()).collect()
}

fn is_origin(text: &str) -> bool {
    let uri: Option<http::Uri> = text.parse().ok();
    uri.is_some_and(|uri| {
        matches!(uri.scheme_str(), Some("https" | "http")) && uri.path() == "/" && uri.query().is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_missing_variable_is_named_at_once() {
        let error = Deps::from_environment(&Environment::default()).unwrap_err();
        for name in ["BASE_URL", "INTAKE_QUEUE_URL", "HUBSPOT_CLIENT_SECRET", "AWS_REGION"] {
            assert!(error.problems.iter().any(|problem| problem.starts_with(name)), "{name}: {error}");
        }
    }

    #[test]
    fn a_base_url_is_an_origin_and_an_empty_previous_secret_is_none() {
        let environment = |base_url: &str| {
            Environment::from_pairs([
                ("BASE_URL", base_url),
                ("INTAKE_QUEUE_URL", "http://127.0.0.1:1/1/intake"),
                ("HUBSPOT_CLIENT_SECRET", "secret"),
                ("HUBSPOT_CLIENT_SECRET_PREVIOUS", ""),
            ])
        };
        let config = Config::from_environment(&environment("https://handoff.example.com/")).unwrap();
        assert_eq!((config.base_url.as_str(), config.secrets.len()), ("https://handoff.example.com", 1));
        for bad in ["handoff.example.com", "ftp://x.test", "https://x.test/path", "https://x.test/?q"] {
            assert!(Config::from_environment(&environment(bad)).is_err(), "{bad}");
        }
    }
}
