//! The parts of the one request. What changes least stands first, and where the model caches, a cache point stands after
//! the sources.

use super::budget::Reading;
use super::client::Guardrail;
use super::document::to_document;
use super::model::Caching;
use super::schema::Shape;
use super::{prompt, tokens};
use crate::drafter::DraftRequest;
use aws_sdk_bedrockruntime::error::BuildError;
use aws_sdk_bedrockruntime::types::{
    CachePointBlock, CachePointType, ContentBlock, ConversationRole, GuardrailConfiguration,
    InferenceConfiguration, JsonSchemaDefinition, Message, OutputConfig, OutputFormat, OutputFormatStructure,
    OutputFormatType, SpecificToolChoice, SystemContentBlock, Tool, ToolChoice, ToolConfiguration,
    ToolInputSchema, ToolSpecification,
};

/// Longest answer, in tokens.
pub(super) const ANSWER_MAX_TOKENS: usize = 8_000;

/// Tokens of the orders, the schema and the questions, at most.
pub(super) const ORDERS_TOKENS: usize = 6_000;

/// The orders.
pub(super) fn system(orders: &str) -> SystemContentBlock {
    SystemContentBlock::Text(orders.to_owned())
}

/// Sources, cache point, questions.
pub(super) fn message(
    request: &DraftRequest<'_>,
    reading: &Reading<'_>,
    caching: Option<Caching>,
) -> Result<Message, BuildError> {
    let mark = prompt::mark(request);
    let sources = prompt::sources(reading, &mark);
    let point =
        caching.filter(|caching| pays(*caching, request, &sources)).map(|_| cache_point()).transpose()?;
    let content = [ContentBlock::Text(sources)]
        .into_iter()
        .chain(point)
        .chain([ContentBlock::Text(prompt::questions(request, &mark))]);
    Message::builder().role(ConversationRole::User).set_content(Some(content.collect())).build()
}

/// Whether a cache point is worth it: the cache lives for minutes, so only somebody who is at work will ask again in
/// time. Who adds context is; a first draft is made before anybody looks, and pays for the cache only where it is free.
fn pays(caching: Caching, request: &DraftRequest<'_>, sources: &str) -> bool {
    let before = tokens::count(prompt::SYSTEM) + tokens::count(sources);
    let fits = (caching.min_tokens..=caching.max_tokens).contains(&before);
    fits && (caching.is_free_to_write || request.context.is_some())
}

fn cache_point() -> Result<ContentBlock, BuildError> {
    Ok(ContentBlock::CachePoint(CachePointBlock::builder().r#type(CachePointType::Default).build()?))
}

/// The same answer for the same request, as far as a model can.
pub(super) fn inference() -> InferenceConfiguration {
    let max_tokens = i32::try_from(ANSWER_MAX_TOKENS).unwrap_or(i32::MAX);
    InferenceConfiguration::builder().max_tokens(max_tokens).temperature(0.0).build()
}

/// What each request and answer passes through.
pub(super) fn guardrail(guardrail: &Guardrail) -> GuardrailConfiguration {
    GuardrailConfiguration::builder()
        .guardrail_identifier(&guardrail.id)
        .guardrail_version(&guardrail.version)
        .build()
}

/// Structured output.
pub(super) fn output_format(shape: &Shape) -> Result<OutputConfig, BuildError> {
    let definition = JsonSchemaDefinition::builder()
        .name(shape.name)
        .description(shape.description)
        .schema(shape.schema.to_string())
        .build()?;
    let format = OutputFormat::builder()
        .r#type(OutputFormatType::JsonSchema)
        .structure(OutputFormatStructure::JsonSchema(definition))
        .build()?;
    Ok(OutputConfig::builder().text_format(format).build())
}

/// The tool that stands in for structured output. It does nothing: its input is the answer.
pub(super) fn forced_tool(shape: &Shape) -> Result<ToolConfiguration, BuildError> {
    let tool = ToolSpecification::builder()
        .name(shape.name)
        .description(shape.description)
        .input_schema(ToolInputSchema::Json(to_document(&shape.schema)))
        .strict(true)
        .build()?;
    let choice = SpecificToolChoice::builder().name(shape.name).build()?;
    ToolConfiguration::builder().tools(Tool::ToolSpec(tool)).tool_choice(ToolChoice::Tool(choice)).build()
}
