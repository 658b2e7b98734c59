//! The function's environment, typed.

use crate::app::Deps;
use handoff_domain::link::LinkKey;
use handoff_queue::Queue;
use handoff_runtime::{Aws, Clock, ConfigError, Environment, Service, Timeouts};
use handoff_store::Store;

/// Everything that the function is started with.
#[derive(Debug)]
pub struct Config {
    aws: Aws,
    table_name: String,
    drafting_queue_url: String,
    base_url: String,
    link_key: LinkKey,
}

impl Config {
    /// Reads `TABLE_NAME`, `BASE_URL`, `DRAFTING_QUEUE_URL`, `LINK_KEY` and the standard AWS variables.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        let reader = environment.reader();
        let table_name = reader.required("TABLE_NAME");
        let base_url = reader.required("BASE_URL");
        let drafting_queue_url = reader.required("DRAFTING_QUEUE_URL");
        let link_key = LinkKey::new(&reader.required("LINK_KEY"));
        if link_key.is_err() && reader.optional("LINK_KEY").is_some() {
            reader.complain("LINK_KEY is shorter than 32 characters");
        }
        let aws = Aws::from_environment(environment);
        if let Err(error) = &aws {
            error.problems.iter().for_each(|problem| reader.complain(problem));
        }
        reader.finish()?;
        let link_key = link_key.map_err(|_| ConfigError {
            problems: vec!["LINK_KEY is shorter than 32 characters".to_owned()],
        })?;
        Ok(Self { aws: aws?, table_name, drafting_queue_url, base_url, link_key })
    }

    /// The clients, made once.
    pub fn deps(self) -> Deps {
        let config = |service| self.aws.config(service, Timeouts::INTERACTIVE);
        Deps {
            store: Store::new(&config(Service::DynamoDb), self.table_name),
            queue: Queue::new(&config(Service::Sqs), self.drafting_queue_url),
            link_key: self.link_key,
            base_url: self.base_url,
            clock: Clock::system(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_missing_variable_is_named_at_once() {
        let error = Config::from_environment(&Environment::from_pairs([("LINK_KEY", "short")])).unwrap_err();
        for name in ["TABLE_NAME", "BASE_URL", "DRAFTING_QUEUE_URL", "LINK_KEY", "AWS_REGION"] {
            assert!(error.problems.iter().any(|problem| problem.contains(name)), "{name}");
        }
        assert!(!error.to_string().contains("short;"));
    }
}
