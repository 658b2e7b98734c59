//! The one call to Bedrock, and what its every outcome means.

use super::answer::{self, ModelAnswer};
use super::budget::{self, Reading};
use super::check::Checker;
use super::document::{to_document, to_json};
use super::{prompt, schema};
use crate::drafter::{DraftRequest, Drafted};
use crate::extractive::ExtractiveDrafter;
use aws_sdk_bedrockruntime::config::retry::RetryConfig;
use aws_sdk_bedrockruntime::config::timeout::TimeoutConfig;
use aws_sdk_bedrockruntime::config::{Builder, StalledStreamProtectionConfig};
use aws_sdk_bedrockruntime::error::{BuildError, DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_bedrockruntime::operation::converse::{ConverseError, ConverseOutput};
use aws_sdk_bedrockruntime::types::{
    ContentBlock, ConversationRole, GuardrailConfiguration, InferenceConfiguration, JsonSchemaDefinition,
    Message, OutputConfig, OutputFormat, OutputFormatStructure, OutputFormatType, SpecificToolChoice,
    StopReason, SystemContentBlock, Tool, ToolChoice, ToolConfiguration, ToolInputSchema, ToolSpecification,
};
use aws_types::SdkConfig;
use handoff_domain::draft::{Draft, DraftedBy, Usage};
use std::time::Duration;

/// To connect.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// For one attempt: a whole answer takes 10 to 40 s.
const ATTEMPT_TIMEOUT: Duration = Duration::from_mins(1);

/// For all attempts together, so that the worker's 300 s hold the gathering and the fallback as well.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(200);

/// Attempts in all: throttling and a model that is not ready often pass within seconds.
const ATTEMPTS: u32 = 3;

/// Longest answer, in tokens.
const ANSWER_MAX_TOKENS: i32 = 6_000;

/// How the model is held to the schema.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OutputMode {
    /// Structured output: `outputConfig.textFormat` with a JSON schema.
    #[default]
    JsonSchema,
    /// A tool that the model must call, for models without structured output.
    ForcedTool,
}

/// A guardrail of Bedrock's, which each request and answer passes through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guardrail {
    /// Its id or ARN.
    pub id: String,
    /// Its version: a number or `DRAFT`.
    pub version: String,
}

/// Drafts by a model; picks sentences from the sources when the model is away.
#[derive(Debug, Clone)]
pub struct BedrockDrafter {
    client: aws_sdk_bedrockruntime::Client,
    model_id: String,
    output: OutputMode,
    guardrail: Option<Guardrail>,
    extractive: ExtractiveDrafter,
}

/// Why the model's answer cannot be used.
#[derive(Debug, thiserror::Error)]
enum ConverseFailure {
    #[error("a part of the request could not be built")]
    Build(#[from] BuildError),
    #[error("bedrock answered with an error")]
    Call(#[source] Box<SdkError<ConverseError>>),
    #[error("the model stopped: {0}")]
    Stopped(StopReason),
    #[error("the model's answer has another shape")]
    Unreadable,
}

/// What a usable answer holds.
struct Reply {
    answers: Vec<ModelAnswer>,
    cut_off: bool,
}

impl BedrockDrafter {
    /// A drafter for `model_id`. Region, credentials and HTTP client come from `config`; timeouts and retries are set here.
    pub fn new(config: &SdkConfig, model_id: String) -> Self {
        let retry = RetryConfig::standard()
            .with_max_attempts(ATTEMPTS)
            .with_initial_backoff(Duration::from_secs(1))
            .with_max_backoff(Duration::from_secs(8));
        Self::with_retries(config, model_id, retry)
    }

    pub(super) fn with_retries(config: &SdkConfig, model_id: String, retry: RetryConfig) -> Self {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .operation_attempt_timeout(ATTEMPT_TIMEOUT)
            .operation_timeout(OPERATION_TIMEOUT)
            .build();
        let config = Builder::from(config)
            .retry_config(retry)
            .timeout_config(timeouts)
            // A model thinks for longer than this guard allows; the attempt timeout stands in its place.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .build();
        let client = aws_sdk_bedrockruntime::Client::from_conf(config);
        let (output, extractive) = (OutputMode::default(), ExtractiveDrafter::new());
        Self { client, model_id, output, guardrail: None, extractive }
    }

    /// The same drafter behind a guardrail; where it steps in, the extractive drafter does the work.
    pub fn with_guardrail(self, guardrail: Option<Guardrail>) -> Self {
        Self { guardrail, ..self }
    }

    /// The same drafter, holding the model to the schema in another way.
    pub fn with_output(self, output: OutputMode) -> Self {
        Self { output, ..self }
    }

    /// Asks the model once and checks what it says. Never fails.
    pub async fn draft(&self, request: &DraftRequest<'_>) -> Drafted {
        let reading = budget::choose(request.sources, budget::SOURCES_MAX_CHARS);
        let reply = match self.converse(request, &reading).await {
            Ok(output) => (usage(&output), read(output)),
            Err(failure) => (Usage::default(), Err(failure)),
        };
        let (usage, reply) = reply;
        let mut drafted = match reply {
            Ok(reply) => self.checked(request, &reading, reply),
            Err(failure) => self.without_model(request, &failure),
        };
        drafted.usage = usage;
        drafted.left_out = reading.left_out;
        drafted
    }

    async fn converse(
        &self,
        request: &DraftRequest<'_>,
        reading: &Reading<'_>,
    ) -> Result<ConverseOutput, ConverseFailure> {
        let mark = prompt::mark(request);
        let message = Message::builder()
            .role(ConversationRole::User)
            .content(ContentBlock::Text(prompt::questions(request, &mark)))
            .content(ContentBlock::Text(prompt::sources(reading, &mark)))
            .build()?;
        let inference =
            InferenceConfiguration::builder().max_tokens(ANSWER_MAX_TOKENS).temperature(0.0).build();
        let call = self
            .client
            .converse()
            .model_id(&self.model_id)
            .system(SystemContentBlock::Text(prompt::SYSTEM.to_owned()))
            .messages(message)
            .inference_config(inference)
            .set_guardrail_config(self.guardrail.as_ref().map(guardrail_config));
        let schema = schema::answers(request.questions);
        let call = match self.output {
            OutputMode::JsonSchema => call.output_config(output_config(&schema)?),
            OutputMode::ForcedTool => call.tool_config(tool_config(&schema)?),
        };
        call.send().await.map_err(|error| ConverseFailure::Call(Box::new(error)))
    }

    fn checked(&self, request: &DraftRequest<'_>, reading: &Reading<'_>, reply: Reply) -> Drafted {
        let by = DraftedBy::Model(self.model_id.clone());
        let checker = Checker::new(request, reading, by.clone());
        let mut missing = Vec::new();
        let drafts: Vec<Option<Draft>> = request
            .questions
            .iter()
            .map(|question| {
                let answer = reply.answers.iter().find(|answer| answer.question == question.id.as_str());
                if answer.is_none() {
                    missing.push(question.clone());
                }
                answer.map(|answer| checker.check(question, answer))
            })
            .collect();
        let fallback = (!missing.is_empty()).then(|| {
            let cause =
                if reply.cut_off { "The model's answer was cut off" } else { "The model left questions out" };
            format!("{cause}; the other answers were picked from the sources without it.")
        });
        let rest = DraftRequest { questions: &missing, ..*request };
        let mut filled = self.extractive.draft(&rest).drafts.into_iter();
        let drafts = drafts.into_iter().filter_map(|draft| draft.or_else(|| filled.next())).collect();
        Drafted {
            drafts,
            by,
            fallback,
            conflicts: Vec::new(),
            promises: Vec::new(),
            usage: Usage::default(),
            left_out: Vec::new(),
        }
    }

    fn without_model(&self, request: &DraftRequest<'_>, failure: &ConverseFailure) -> Drafted {
        let code = failure.code();
        tracing::warn!(run = %request.run, model = %self.model_id, code, failure = %failure, "drafting without the model");
        if let ConverseFailure::Call(error) = failure {
            tracing::debug!(run = %request.run, error = %DisplayErrorContext(error), "bedrock call");
        }
        let words = format!("{} The answers were picked from the sources without it.", failure.words());
        Drafted { fallback: Some(words), ..self.extractive.draft(request) }
    }
}

impl ConverseFailure {
    /// The service's error code, for logs.
    fn code(&self) -> &str {
        match self {
            Self::Call(error) => error.code().unwrap_or(match **error {
                SdkError::TimeoutError(_) => "timeout",
                SdkError::DispatchFailure(_) => "dispatch",
                SdkError::ResponseError(_) => "response",
                _ => "unknown",
            }),
            Self::Stopped(reason) => reason.as_str(),
            Self::Build(_) | Self::Unreadable => "",
        }
    }

    /// What happened, in words for people.
    fn words(&self) -> &'static str {
        match self {
            Self::Call(_) => match self.code() {
                "ThrottlingException" | "ModelNotReadyException" | "ServiceUnavailableException" => {
                    "The AI model was too busy to answer."
                }
                "timeout" | "ModelTimeoutException" => "The AI model did not answer in time.",
                "AccessDeniedException" | "ResourceNotFoundException" => {
                    "The AI model is not available to this installation."
                }
                "ValidationException" => "The AI model did not accept the material.",
                _ => "The AI model could not be reached.",
            },
            Self::Stopped(StopReason::GuardrailIntervened | StopReason::ContentFiltered) => {
                "The AI model's safety filter stopped its answer."
            }
            Self::Stopped(StopReason::ModelContextWindowExceeded) => {
                "The material is too long for the AI model."
            }
            Self::Stopped(StopReason::MaxTokens) => "The AI model's answer was cut off.",
            Self::Build(_) | Self::Stopped(_) | Self::Unreadable => {
                "The AI model's answer could not be read."
            }
        }
    }
}

fn guardrail_config(guardrail: &Guardrail) -> GuardrailConfiguration {
    GuardrailConfiguration::builder()
        .guardrail_identifier(&guardrail.id)
        .guardrail_version(&guardrail.version)
        .build()
}

fn output_config(schema: &serde_json::Value) -> Result<OutputConfig, BuildError> {
    let definition = JsonSchemaDefinition::builder()
        .name(schema::NAME)
        .description(schema::DESCRIPTION)
        .schema(schema.to_string())
        .build()?;
    let format = OutputFormat::builder()
        .r#type(OutputFormatType::JsonSchema)
        .structure(OutputFormatStructure::JsonSchema(definition))
        .build()?;
    Ok(OutputConfig::builder().text_format(format).build())
}

fn tool_config(schema: &serde_json::Value) -> Result<ToolConfiguration, BuildError> {
    let tool = ToolSpecification::builder()
        .name(schema::NAME)
        .description(schema::DESCRIPTION)
        .input_schema(ToolInputSchema::Json(to_document(schema)))
        .strict(true)
        .build()?;
    let choice = SpecificToolChoice::builder().name(schema::NAME).build()?;
    ToolConfiguration::builder().tools(Tool::ToolSpec(tool)).tool_choice(ToolChoice::Tool(choice)).build()
}

fn usage(output: &ConverseOutput) -> Usage {
    let tokens = |count: i32| u64::try_from(count).unwrap_or_default();
    let Some(usage) = output.usage() else { return Usage::default() };
    Usage {
        tokens_in: tokens(usage.input_tokens()),
        tokens_out: tokens(usage.output_tokens()),
        cache_read: tokens(usage.cache_read_input_tokens().unwrap_or_default()),
        cache_written: tokens(usage.cache_write_input_tokens().unwrap_or_default()),
        microdollars: None,
    }
}

fn read(output: ConverseOutput) -> Result<Reply, ConverseFailure> {
    let stop = output.stop_reason().clone();
    let cut_off = stop == StopReason::MaxTokens;
    if !cut_off && !matches!(stop, StopReason::EndTurn | StopReason::StopSequence | StopReason::ToolUse) {
        return Err(ConverseFailure::Stopped(stop));
    }
    let message = output.output.and_then(|output| output.as_message().ok().cloned());
    let content = message.map(|message| message.content).unwrap_or_default();
    let tool = content.iter().find_map(|block| block.as_tool_use().ok());
    let answers = if let Some(tool) = tool {
        answer::from_value(&to_json(tool.input()))
    } else {
        let text: String =
            content.iter().filter_map(|block| block.as_text().ok()).map(String::as_str).collect();
        answer::from_text(&text)
    };
    match (answers.is_empty(), cut_off) {
        (false, _) => Ok(Reply { answers, cut_off }),
        (true, true) => Err(ConverseFailure::Stopped(stop)),
        (true, false) => Err(ConverseFailure::Unreadable),
    }
}
