//! What a local run is started with.

use handoff_runtime::{ConfigError, Environment};
use std::path::PathBuf;

/// Where the state lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DataDir {
    /// Forgotten at the end.
    Memory,
    /// A directory; made when it is not there.
    Path(PathBuf),
}

/// Who drafts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DrafterChoice {
    /// Without a model.
    Extractive,
    /// A model on Bedrock, by its id.
    Bedrock {
        /// Model id or inference profile.
        model_id: String,
    },
}

/// Whether customers' websites are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Research {
    /// No.
    Off,
    /// Yes: those of the samples on this machine, or, with another CRM than the built-in one, those of the internet.
    On,
    /// They are asked for, and nobody reads them: a function that is away, for tests.
    Unanswered,
}

/// Everything that may differ between two local runs.
#[derive(Debug, Clone)]
pub struct Options {
    /// Port on 127.0.0.1; 0 picks a free one.
    pub port: u16,
    /// Where the state lives.
    pub data_dir: DataDir,
    /// Public origin, for links and signatures; the run's own address when absent.
    pub base_url: Option<String>,
    /// The CRM; the built-in one when absent.
    pub hubspot_api_base_url: Option<String>,
    /// Bearer token for the CRM.
    pub hubspot_access_token: String,
    /// Signs webhooks.
    pub client_secret: String,
    /// Signed webhooks during a rotation.
    pub client_secret_previous: Option<String>,
    /// What links are derived under; absent: a key of the data directory's own.
    pub link_key: Option<String>,
    /// The other key that links are known by during a rotation.
    pub link_key_previous: Option<String>,
    /// Who drafts.
    pub drafter: DrafterChoice,
    /// Whether websites are read.
    pub research: Research,
    /// Whether other tools are told of what happens; else a test counts without it.
    pub tells_other_tools: bool,
    /// Region, credentials and endpoint for Bedrock (`AWS_*`); the other services are always the local ones.
    pub environment: Environment,
    /// Retries after tens of milliseconds instead of seconds, for tests.
    pub fast_pumps: bool,
    /// Drafts that may be written at the same time.
    pub drafting_workers: usize,
    /// The limits of HubSpot and SES are kept, as on AWS; else tests are quick.
    pub paced: bool,
    /// Nothing is taken from a queue or the stream but by `POST /local/step`, for tests that order everything.
    pub stepped: bool,
}

impl Options {
    /// A run for tests: a free port, nothing kept, quick retries.
    pub fn for_tests() -> Self {
        Self {
            port: 0,
            data_dir: DataDir::Memory,
            base_url: None,
            hubspot_api_base_url: None,
            hubspot_access_token: "local-access-token".to_owned(),
            client_secret: "local-client-secret".to_owned(),
            client_secret_previous: None,
            link_key: None,
            link_key_previous: None,
            drafter: DrafterChoice::Extractive,
            research: Research::Off,
            tells_other_tools: true,
            environment: Environment::default(),
            fast_pumps: true,
            paced: false,
            drafting_workers: 2,
            stepped: false,
        }
    }

    /// Reads the environment; every variable has a default.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        let reader = environment.reader();
        let data_dir = match reader.optional("HANDOFF_DATA_DIR") {
            Some(text) if text == ":memory:" => DataDir::Memory,
            Some(text) => DataDir::Path(text.into()),
            None => DataDir::Path(".handoff".into()),
        };
        let drafter = match reader.optional("HANDOFF_DRAFTER").as_deref() {
            None | Some("extractive") => DrafterChoice::Extractive,
            Some("bedrock") => DrafterChoice::Bedrock { model_id: reader.required("BEDROCK_MODEL_ID") },
            Some(_) => {
                reader.complain("HANDOFF_DRAFTER is neither extractive nor bedrock");
                DrafterChoice::Extractive
            }
        };
        let research = match reader.optional("HANDOFF_RESEARCH").as_deref() {
            None | Some("off") => Research::Off,
            Some("on") => Research::On,
            Some(_) => {
                reader.complain("HANDOFF_RESEARCH is neither on nor off");
                Research::Off
            }
        };
        let url = |name: &str| {
            let url = reader.optional(name)?;
            if !url.starts_with("http://") && !url.starts_with("https://") {
                reader.complain(format!("{name} is not an http or https address"));
            }
            Some(url.trim_end_matches('/').to_owned())
        };
        let tests = Self::for_tests();
        let options = Self {
            port: reader.parsed("PORT", "a port number").unwrap_or(3000),
            data_dir,
            base_url: url("BASE_URL"),
            hubspot_api_base_url: url("HUBSPOT_API_BASE_URL"),
            hubspot_access_token: reader
                .optional("HUBSPOT_ACCESS_TOKEN")
                .unwrap_or(tests.hubspot_access_token),
            client_secret: reader.optional("HUBSPOT_CLIENT_SECRET").unwrap_or(tests.client_secret),
            client_secret_previous: reader.optional("HUBSPOT_CLIENT_SECRET_PREVIOUS"),
            link_key: reader.optional("LINK_KEY"),
            link_key_previous: reader.optional("LINK_KEY_PREVIOUS"),
            drafter,
            research,
            tells_other_tools: true,
            environment: environment.clone(),
            fast_pumps: false,
            paced: true,
            drafting_workers: 2,
            stepped: false,
        };
        reader.finish(Some(options))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_environment_gives_the_documented_defaults() {
        let options = Options::from_environment(&Environment::default()).unwrap();
        assert_eq!((options.port, options.data_dir), (3000, DataDir::Path(".handoff".into())));
        assert_eq!(options.client_secret, "local-client-secret");
        assert_eq!(options.drafter, DrafterChoice::Extractive);
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let pairs = [("PORT", "x"), ("HANDOFF_DRAFTER", "bedrock"), ("HUBSPOT_API_BASE_URL", "nowhere")];
        let problems = Options::from_environment(&Environment::from_pairs(pairs)).unwrap_err().problems;
        assert_eq!(problems.len(), 3, "{problems:?}");
    }
}
