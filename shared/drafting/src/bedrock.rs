//! Drafts by a model on Bedrock: one Converse call per run, every statement checked before it is shown.

mod answer;
mod budget;
mod check;
mod client;
mod document;
mod failure;
mod findings;
mod model;
mod prices;
mod prompt;
mod relevance;
mod request;
mod schema;
mod tokens;
mod welcome;

pub use client::{BedrockDrafter, Guardrail, OutputMode};
pub use prices::{NoPrices, Prices};
pub use tokens::count as token_estimate;

#[cfg(test)]
mod tests;
