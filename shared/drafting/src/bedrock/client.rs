//! The one call to Bedrock, and what its every outcome means.

use super::answer::{self, Written};
use super::budget::{self, Reading};
use super::check::Checker;
use super::document::to_json;
use super::failure::ConverseFailure;
use super::model::{Model, model};
use super::prices::Prices;
use super::prompt;
use super::request::{self, ANSWER_MAX_TOKENS, ORDERS_TOKENS};
use super::schema::{self, Shape};
use crate::drafter::{DraftRequest, Drafted};
use crate::extractive::ExtractiveDrafter;
use aws_sdk_bedrockruntime::config::retry::RetryConfig;
use aws_sdk_bedrockruntime::config::timeout::TimeoutConfig;
use aws_sdk_bedrockruntime::config::{Builder, StalledStreamProtectionConfig};
use aws_sdk_bedrockruntime::error::DisplayErrorContext;
use aws_sdk_bedrockruntime::operation::converse::ConverseOutput;
use aws_sdk_bedrockruntime::types::{Message, StopReason};
use aws_types::SdkConfig;
use handoff_domain::draft::{Draft, DraftedBy, Usage};
use handoff_domain::question::Question;
use std::time::Duration;

/// To connect.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// For one attempt: a whole answer takes 10 to 40 s.
const ATTEMPT_TIMEOUT: Duration = Duration::from_mins(1);

/// For all attempts together, so that the worker's 300 s hold the gathering and the fallback as well.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(200);

/// Attempts in all: throttling and a model that is not ready often pass within seconds.
const ATTEMPTS: u32 = 3;

/// Tokens of source text in one request, where nothing else is configured: what a long sale's useful parts need, and, with
/// the orders before them, as much as Nova caches.
const SOURCE_TOKENS: usize = 18_000;

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
    prices: Option<Prices>,
    model: Model,
    source_tokens: usize,
    extractive: ExtractiveDrafter,
}

/// What a usable answer holds.
pub(super) struct Reply {
    pub(super) written: Written,
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
        let model = model(&model_id);
        let drafter = Self {
            client,
            model,
            model_id,
            output: OutputMode::default(),
            guardrail: None,
            prices: None,
            source_tokens: 0,
            extractive: ExtractiveDrafter::new(),
        };
        drafter.with_source_tokens(SOURCE_TOKENS)
    }

    /// The same drafter behind a guardrail; where it steps in, the extractive drafter does the work.
    pub fn with_guardrail(self, guardrail: Option<Guardrail>) -> Self {
        Self { guardrail, ..self }
    }

    /// The same drafter, holding the model to the schema in another way.
    pub fn with_output(self, output: OutputMode) -> Self {
        Self { output, ..self }
    }

    /// The same drafter, telling what each run costs.
    pub fn with_prices(self, prices: Option<Prices>) -> Self {
        Self { prices, ..self }
    }

    /// The same drafter, reading at most so many tokens of source text, and never more than the model holds.
    pub fn with_source_tokens(self, tokens: usize) -> Self {
        let room = self.model.context_tokens.saturating_sub(ORDERS_TOKENS + ANSWER_MAX_TOKENS);
        Self { source_tokens: tokens.min(room), ..self }
    }

    /// Asks the model once and checks what it says. Never fails.
    pub async fn draft(&self, request: &DraftRequest<'_>) -> Drafted {
        let reading = budget::choose(request, self.source_tokens);
        let (usage, reply) = match self.converse(request, &reading).await {
            Ok(output) => (self.usage(&output), read(output)),
            Err(failure) => (Usage::default(), Err(failure)),
        };
        let drafted = match reply {
            Ok(reply) => self.checked(request, &reading, reply),
            Err(failure) => self.without_model(request, &failure),
        };
        Drafted { usage, left_out: reading.left_out, ..drafted }
    }

    async fn converse(
        &self,
        request: &DraftRequest<'_>,
        reading: &Reading<'_>,
    ) -> Result<ConverseOutput, ConverseFailure> {
        let message = request::message(request, reading, self.model.caching)?;
        self.ask(prompt::SYSTEM, message, &schema::answers()).await
    }

    /// One call: orders, what they are about, and the shape of the answer.
    pub(super) async fn ask(
        &self,
        orders: &str,
        message: Message,
        shape: &Shape,
    ) -> Result<ConverseOutput, ConverseFailure> {
        let call = self
            .client
            .converse()
            .model_id(&self.model_id)
            .system(request::system(orders))
            .messages(message)
            .inference_config(request::inference())
            .set_guardrail_config(self.guardrail.as_ref().map(request::guardrail));
        let call = match self.output {
            OutputMode::JsonSchema => call.output_config(request::output_format(shape)?),
            OutputMode::ForcedTool => call.tool_config(request::forced_tool(shape)?),
        };
        call.send().await.map_err(|error| ConverseFailure::Call(Box::new(error)))
    }

    /// What a call took, and what that costs.
    pub(super) fn usage(&self, output: &ConverseOutput) -> Usage {
        let mut usage = tokens(output);
        usage.microdollars = self.prices.map(|prices| prices.microdollars(&usage));
        usage
    }

    /// Who writes.
    pub(super) fn by(&self) -> DraftedBy {
        DraftedBy::Model(self.model_id.clone())
    }

    fn checked(&self, request: &DraftRequest<'_>, reading: &Reading<'_>, reply: Reply) -> Drafted {
        let by = self.by();
        let checker = Checker::new(request, reading, by.clone());
        let written = |question: &Question| {
            let id = question.id.as_str();
            reply.written.answers.iter().find(|answer| answer.question == id)
        };
        let drafts: Vec<Option<Draft>> = request
            .questions
            .iter()
            .map(|question| written(question).map(|answer| checker.check(question, answer)))
            .collect();
        let fallback = drafts.contains(&None).then(|| {
            let cause =
                if reply.cut_off { "The model's answer was cut off" } else { "The model left questions out" };
            format!("{cause}; the other answers were picked from the sources without it.")
        });
        let picked = self.extractive.draft(request);
        let drafts =
            drafts.into_iter().zip(picked.drafts).map(|(draft, picked)| draft.unwrap_or(picked)).collect();
        Drafted {
            drafts,
            by,
            fallback,
            conflicts: checker.conflicts(&reply.written.conflicts, picked.conflicts),
            promises: checker.promises(&reply.written.promises, picked.promises),
            ..picked
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

fn tokens(output: &ConverseOutput) -> Usage {
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

pub(super) fn read(output: ConverseOutput) -> Result<Reply, ConverseFailure> {
    let stop = output.stop_reason().clone();
    let cut_off = stop == StopReason::MaxTokens;
    if !cut_off && !matches!(stop, StopReason::EndTurn | StopReason::StopSequence | StopReason::ToolUse) {
        return Err(ConverseFailure::Stopped(stop));
    }
    let message = output.output.and_then(|output| output.as_message().ok().cloned());
    let content = message.map(|message| message.content).unwrap_or_default();
    let tool = content.iter().find_map(|block| block.as_tool_use().ok());
    let written = if let Some(tool) = tool {
        answer::from_value(&to_json(tool.input()))
    } else {
        let text: String =
            content.iter().filter_map(|block| block.as_text().ok()).map(String::as_str).collect();
        answer::from_text(&text)
    };
    match (written.answers.is_empty(), cut_off) {
        (false, _) => Ok(Reply { written, cut_off }),
        (true, true) => Err(ConverseFailure::Stopped(stop)),
        (true, false) => Err(ConverseFailure::Unreadable),
    }
}
