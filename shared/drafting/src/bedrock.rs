//! Drafts by a model on Bedrock: one Converse call per run, every statement checked before it is shown.

mod answer;
mod budget;
mod check;
mod client;
mod document;
mod prompt;
mod schema;

pub use client::{BedrockDrafter, Guardrail, OutputMode};

#[cfg(test)]
mod tests;
