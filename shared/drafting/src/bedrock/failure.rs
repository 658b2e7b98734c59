//! Why a model's answer cannot be used, for logs and for people.

use aws_sdk_bedrockruntime::error::{BuildError, ProvideErrorMetadata, SdkError};
use aws_sdk_bedrockruntime::operation::converse::ConverseError;
use aws_sdk_bedrockruntime::types::StopReason;

/// Why the model's answer cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum ConverseFailure {
    #[error("a part of the request could not be built")]
    Build(#[from] BuildError),
    #[error("bedrock answered with an error")]
    Call(#[source] Box<SdkError<ConverseError>>),
    #[error("the model stopped: {0}")]
    Stopped(StopReason),
    #[error("the model's answer has another shape")]
    Unreadable,
}

impl ConverseFailure {
    /// The service's error code, for logs.
    pub(super) fn code(&self) -> &str {
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
    pub(super) fn words(&self) -> &'static str {
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
