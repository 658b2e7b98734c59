//! The function's environment, typed.

use crate::Deps;
use handoff_domain::link::LinkKey;
use handoff_drafting::{BedrockDrafter, Drafter, ExtractiveDrafter, Guardrail, OutputMode};
use handoff_hubspot::{HubSpot, HubSpotConfig};
use handoff_queue::Queue;
use handoff_runtime::{Aws, Clock, ConfigError, Environment, Reader, Service, Timeouts, report};
use handoff_store::Store;
use std::time::Duration;

/// A handoff's item with its sources is large, so its transaction gets more time than other calls.
const TABLE_TIMEOUTS: Timeouts =
    Timeouts { attempt: Duration::from_secs(6), operation: Duration::from_secs(20), ..Timeouts::WORKER };

/// Which drafter writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DrafterChoice {
    /// No model.
    Extractive,
    /// A model on Bedrock.
    Bedrock {
        /// The id of the model or of its inference profile.
        model: String,
        /// How it is held to the answers' shape.
        output: OutputMode,
        /// What each request and answer passes through.
        guardrail: Option<Guardrail>,
    },
}

impl DrafterChoice {
    /// Reads `HANDOFF_DRAFTER`, and for a model what it needs; problems are the reader's to tell.
    pub fn read(reader: &Reader<'_>) -> Self {
        match reader.optional("HANDOFF_DRAFTER").as_deref() {
            Some("extractive") => Self::Extractive,
            None | Some("bedrock") => Self::Bedrock {
                model: reader.required("BEDROCK_MODEL_ID"),
                output: output_mode(reader),
                guardrail: read_guardrail(reader),
            },
            Some(_) => {
                reader.complain("HANDOFF_DRAFTER is neither bedrock nor extractive");
                Self::Extractive
            }
        }
    }

    /// Makes the drafter; one that picks sentences has no use for AWS.
    pub fn make(self, aws: &Aws) -> Drafter {
        match self {
            Self::Extractive => Drafter::Extractive(ExtractiveDrafter::new()),
            Self::Bedrock { model, output, guardrail } => {
                // The drafter sets its own, longer timeouts.
                let bedrock = aws.config(Service::BedrockRuntime, Timeouts::WORKER);
                let drafter = BedrockDrafter::new(&bedrock, model);
                Drafter::Bedrock(drafter.with_output(output).with_guardrail(guardrail))
            }
        }
    }
}

/// What the function reads from its environment.
#[derive(Debug, Clone)]
pub struct Config {
    /// `TABLE_NAME`.
    pub table_name: String,
    /// `INTAKE_QUEUE_URL`: where deliveries come from.
    pub intake_queue_url: String,
    /// `DRAFTING_QUEUE_URL`: where single deals of a large delivery go.
    pub drafting_queue_url: String,
    /// `LINK_KEY`: what links are derived under.
    pub link_key: LinkKey,
    /// `HUBSPOT_API_BASE_URL` and the portal's `HUBSPOT_ACCESS_TOKEN`.
    pub hubspot: HubSpotConfig,
    /// `HANDOFF_DRAFTER`, `BEDROCK_MODEL_ID`, `BEDROCK_OUTPUT`, and `BEDROCK_GUARDRAIL_ID` with its version.
    pub drafter: DrafterChoice,
}

impl Config {
    /// Reads the environment; the error names every missing or bad variable.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        let reader = environment.reader();
        let table_name = reader.required("TABLE_NAME");
        let intake_queue_url = reader.required("INTAKE_QUEUE_URL");
        let drafting_queue_url = reader.required("DRAFTING_QUEUE_URL");
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
            link_key,
            hubspot,
            drafter,
        });
        reader.finish(config)
    }
}

/// Nova and older models have no structured output: <https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html>.
fn output_mode(reader: &Reader<'_>) -> OutputMode {
    match reader.optional("BEDROCK_OUTPUT").as_deref() {
        None | Some("json_schema") => OutputMode::JsonSchema,
        Some("tool") => OutputMode::ForcedTool,
        Some(_) => {
            reader.complain("BEDROCK_OUTPUT is neither json_schema nor tool");
            OutputMode::JsonSchema
        }
    }
}

/// Both or none.
fn read_guardrail(reader: &Reader<'_>) -> Option<Guardrail> {
    let id = reader.optional("BEDROCK_GUARDRAIL_ID");
    let version = reader.optional("BEDROCK_GUARDRAIL_VERSION");
    if id.is_some() != version.is_some() {
        reader.complain("BEDROCK_GUARDRAIL_ID and BEDROCK_GUARDRAIL_VERSION go together");
    }
    Some(Guardrail { id: id?, version: version? })
}

impl Deps {
    /// Everything that the function needs; all problems of the environment are named together.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        let (config, aws) =
            ConfigError::join(Config::from_environment(environment), Aws::from_environment(environment))?;
        let hubspot = HubSpot::new(config.hubspot).map_err(|error| ConfigError::new(report(&error)))?;
        let queue = |url| Queue::new(&aws.config(Service::Sqs, Timeouts::WORKER), url);
        let drafter = config.drafter.make(&aws);
        Ok(Self {
            store: Store::new(&aws.config(Service::DynamoDb, TABLE_TIMEOUTS), config.table_name),
            hubspot,
            intake_queue: queue(config.intake_queue_url),
            drafting_queue: queue(config.drafting_queue_url),
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
    fn a_guardrail_has_a_version_and_an_empty_one_is_none() {
        let read = |id: &str, version: &str| {
            let environment = Environment::from_pairs([
                ("BEDROCK_GUARDRAIL_ID", id),
                ("BEDROCK_GUARDRAIL_VERSION", version),
            ]);
            let reader = environment.reader();
            let guardrail = read_guardrail(&reader);
            reader.finish(Some(())).map(|()| guardrail)
        };
        assert_eq!(read("", "").unwrap(), None);
        assert_eq!(read("gr1", "2").unwrap(), Some(Guardrail { id: "gr1".into(), version: "2".into() }));
        assert!(read("gr1", "").is_err());
    }

    #[test]
    fn an_empty_environment_is_told_everything_at_once() {
        let error = Deps::from_environment(&Environment::default()).unwrap_err();
        for name in [
            "TABLE_NAME",
            "INTAKE_QUEUE_URL",
            "DRAFTING_QUEUE_URL",
            "LINK_KEY",
            "HUBSPOT_ACCESS_TOKEN",
            "BEDROCK_MODEL_ID",
            "AWS_REGION",
        ] {
            assert!(error.problems.iter().any(|problem| problem.contains(name)), "{name}: {error}");
        }
    }

    #[test]
    fn the_model_is_held_to_the_shape_in_the_way_that_it_knows() {
        let key = "k".repeat(32);
        let read = |output: &str| {
            let pairs = [
                ("TABLE_NAME", "t"),
                ("INTAKE_QUEUE_URL", "http://i"),
                ("DRAFTING_QUEUE_URL", "http://q"),
                ("HUBSPOT_API_BASE_URL", "http://h"),
                ("HUBSPOT_ACCESS_TOKEN", "x"),
                ("LINK_KEY", &key),
                ("BEDROCK_MODEL_ID", "m"),
                ("BEDROCK_OUTPUT", output),
            ];
            Config::from_environment(&Environment::from_pairs(pairs)).map(|config| config.drafter)
        };
        let bedrock = |output| DrafterChoice::Bedrock { model: "m".to_owned(), output, guardrail: None };
        assert_eq!(read("tool").unwrap(), bedrock(OutputMode::ForcedTool));
        assert_eq!(read("").unwrap(), bedrock(OutputMode::JsonSchema));
        assert!(read("xml").unwrap_err().to_string().contains("BEDROCK_OUTPUT"));
    }
}
