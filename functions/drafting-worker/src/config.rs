//! The worker's environment, typed.

use handoff_domain::link::LinkKey;
use handoff_runtime::{Aws, ConfigError, Environment};

/// Which drafter writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DrafterChoice {
    /// No model.
    Extractive,
    /// The Bedrock model or inference profile with this id.
    Bedrock(String),
}

/// Everything that the worker is told from outside.
#[derive(Debug, Clone)]
pub struct Config {
    /// AWS region, credentials, endpoints.
    pub aws: Aws,
    /// The table.
    pub table_name: String,
    /// Where single deals of a large delivery go.
    pub drafting_queue_url: String,
    /// The key that links are derived under.
    pub link_key: LinkKey,
    /// HubSpot's API.
    pub hubspot_api_base_url: String,
    /// The portal's token.
    pub hubspot_access_token: String,
    /// Who drafts.
    pub drafter: DrafterChoice,
}

impl Config {
    /// Reads the environment; the error names every missing or bad variable.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        let reader = environment.reader();
        let table_name = reader.required("TABLE_NAME");
        let drafting_queue_url = reader.required("DRAFTING_QUEUE_URL");
        let hubspot_api_base_url = reader.required("HUBSPOT_API_BASE_URL");
        let hubspot_access_token = reader.required("HUBSPOT_ACCESS_TOKEN");
        let drafter = match reader.optional("HANDOFF_DRAFTER").as_deref() {
            Some("extractive") => DrafterChoice::Extractive,
            None | Some("bedrock") => DrafterChoice::Bedrock(reader.required("BEDROCK_MODEL_ID")),
            Some(_) => {
                reader.complain("HANDOFF_DRAFTER is neither bedrock nor extractive");
                DrafterChoice::Extractive
            }
        };
        let link_key = LinkKey::new(&reader.required("LINK_KEY"));
        if link_key.is_err() {
            reader.complain("LINK_KEY needs at least 32 characters");
        }
        let (told, aws) = (reader.finish(), Aws::from_environment(environment));
        let (Ok(link_key), Ok(()), Ok(aws)) = (link_key, &told, &aws) else {
            return Err(ConfigError::join([told.err(), aws.err()]));
        };
        Ok(Self {
            aws: aws.clone(),
            table_name,
            drafting_queue_url,
            link_key,
            hubspot_api_base_url,
            hubspot_access_token,
            drafter,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_environment_is_told_everything_at_once() {
        let error = Config::from_environment(&Environment::default()).unwrap_err();
        for name in [
            "TABLE_NAME",
            "DRAFTING_QUEUE_URL",
            "LINK_KEY",
            "HUBSPOT_ACCESS_TOKEN",
            "BEDROCK_MODEL_ID",
            "AWS_REGION",
        ] {
            assert!(error.problems.iter().any(|problem| problem.contains(name)), "{name}: {error}");
        }
    }
}
