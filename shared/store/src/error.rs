//! What can go wrong with the table.

use aws_sdk_dynamodb::error::{BoxError, ProvideErrorMetadata, SdkError};

/// A failure of the table, named for the operation.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// DynamoDB refused or did not answer; `operation` says what was tried.
    #[error("{operation} failed")]
    Call {
        /// The access pattern.
        operation: &'static str,
        /// Whether trying again may work.
        retryable: bool,
        /// DynamoDB's error.
        #[source]
        source: BoxError,
    },
    /// An item cannot be written or read as what it should be.
    #[error("an item is not a {what}")]
    Shape {
        /// What it should be.
        what: &'static str,
        /// Why it is not.
        #[source]
        source: BoxError,
    },
    /// A newer program wrote the item. Older and newer ones run side by side during a gradual deployment and after a
    /// roll-back: the older must not write back what it cannot read whole, so it leaves the item to the newer.
    #[error("a {what} has the newer format {format}")]
    NewerFormat {
        /// What the item is.
        what: &'static str,
        /// Its format.
        format: u32,
    },
    /// The item would outgrow DynamoDB's 400 KB.
    #[error("{operation} would outgrow the item")]
    TooLarge {
        /// The access pattern.
        operation: &'static str,
    },
    /// Others kept writing the same items.
    #[error("{operation} met others each time")]
    Contended {
        /// The access pattern.
        operation: &'static str,
    },
    /// DynamoDB kept answering a part of a batch read only.
    #[error("a batch read stayed incomplete")]
    Incomplete,
}

impl StoreError {
    /// Whether trying again later may work.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Call { retryable, .. } => *retryable,
            Self::Shape { .. } | Self::TooLarge { .. } => false,
            Self::NewerFormat { .. } | Self::Contended { .. } | Self::Incomplete => true,
        }
    }

    pub(crate) fn call<E>(operation: &'static str) -> impl FnOnce(SdkError<E>) -> Self
    where
        E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
    {
        move |error| {
            // A request that DynamoDB calls invalid stays invalid; everything else may be the weather.
            let code = error.as_service_error().and_then(ProvideErrorMetadata::code);
            let lasting = matches!(
                code,
                Some("ValidationException" | "AccessDeniedException" | "ResourceNotFoundException")
            );
            Self::Call { operation, retryable: !lasting, source: Box::new(error) }
        }
    }

    pub(crate) fn shape(what: &'static str) -> impl FnOnce(BoxError) -> Self {
        move |source| Self::Shape { what, source }
    }
}

/// Whether DynamoDB complains that an item would be too large.
pub(crate) fn is_about_size(code: Option<&str>, message: Option<&str>) -> bool {
    matches!(code, Some("ValidationException" | "ValidationError"))
        && message.is_some_and(|message| message.contains("size") && message.contains("exceeded"))
}
