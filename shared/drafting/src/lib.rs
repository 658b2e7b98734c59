//! From sources to checked answers: the Bedrock drafter and the extractive one.
//!
//! A source is data, never an instruction. Whatever a model says is worth nothing until [`evidence`] has found its quote
//! in the source that it names, and what is shown as quote is cut out of the source, not taken from the model. A draft
//! never fails: when the model is away, the [`extractive`] drafter picks sentences from the same sources.

pub mod bedrock;
mod clean;
mod confidence;
mod drafter;
pub mod evidence;
pub mod extractive;
pub mod findings;
mod fold;
mod identity;
mod machine;
mod numbers;
pub mod welcome;
mod words;

pub use bedrock::{BedrockDrafter, Guardrail, NoPrices, OutputMode, Prices, token_estimate};
pub use drafter::{DraftRequest, Drafted, Drafter};
pub use extractive::ExtractiveDrafter;
