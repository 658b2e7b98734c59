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
        move |source| Self::Shape { what, source: without_values(&source.to_string()).into() }
    }
}

/// What serde says is wrong, without the values that it quotes: errors go into logs, and items hold people's words. Names of fields that
/// are missing are ours.
fn without_values(said: &str) -> String {
    if said.starts_with("missing field") || said.starts_with("duplicate field") {
        return said.to_owned();
    }
    let mut quiet = String::new();
    let mut quote = None;
    let mut escaped = false;
    for c in said.chars() {
        match quote {
            None => {
                quiet.push(c);
                if matches!(c, '`' | '"') {
                    quiet.push('…');
                    quote = Some(c);
                }
            }
            Some(_) if escaped => escaped = false,
            Some('"') if c == '\\' => escaped = true,
            Some(end) if c == end => {
                quiet.push(c);
                quote = None;
            }
            Some(_) => {}
        }
    }
    quiet
}

/// Whether DynamoDB complains that an item would be too large.
pub(crate) fn is_about_size(code: Option<&str>, message: Option<&str>) -> bool {
    matches!(code, Some("ValidationException" | "ValidationError"))
        && message.is_some_and(|message| message.contains("size") && message.contains("exceeded"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_item_holds_is_not_told() {
        for (said, quiet) in [
            ("missing field `company` at line 1 column 9", "missing field `company` at line 1 column 9"),
            (
                "invalid type: string \"Acme \\\"Ltd\\\" secret\", expected u32",
                "invalid type: string \"…\", expected u32",
            ),
            (
                "unknown variant `secret`, expected one of `a`, `b`",
                "unknown variant `…`, expected one of `…`, `…`",
            ),
            ("no body", "no body"),
            ("an open `quote", "an open `…"),
        ] {
            assert_eq!(without_values(said), quiet);
        }
    }
}
