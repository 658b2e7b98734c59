//! What an answer of SES, or its absence, says about the mail. In doubt the answer is "unknown": the outbox then waits
//! for SES's event, and one late mail is better than the same mail twice.

use aws_sdk_ses::error::{ProvideErrorMetadata as _, SdkError};
use aws_sdk_ses::operation::send_email::{SendEmailError, SendEmailOutput};
use handoff_domain::outbox::SendOutcome;
use hyper_util::client::legacy::Error as HttpError;
use std::error::Error;

/// SES's codes for a mail that it will never take as it is.
const REFUSED: [&str; 7] = [
    "MessageRejected",
    "InvalidParameterValue",
    "InvalidParameterCombination",
    "InvalidQueryParameter",
    "MissingParameter",
    "MalformedQueryString",
    "ValidationError",
];

/// Codes that come with a 5xx status although nothing was sent.
const NOT_TAKEN_5XX: [&str; 5] =
    ["ServiceUnavailable", "ServiceUnavailableException", "SlowDown", "Throttling", "ThrottlingException"];

type Answer = Result<SendEmailOutput, SdkError<SendEmailError>>;

/// The outcome of one call.
pub(super) fn of(answer: Answer) -> SendOutcome {
    match answer {
        // A success without a message id is an answer that was cut off.
        Ok(output) if output.message_id().is_empty() => SendOutcome::Unknown,
        Ok(_) => SendOutcome::Accepted,
        Err(SdkError::ServiceError(error)) => of_code(error.err().code(), error.raw().status().as_u16()),
        // Nothing left this process.
        Err(SdkError::ConstructionFailure(_)) => not_taken("request not built"),
        Err(SdkError::DispatchFailure(failure))
            if failure
                .as_connector_error()
                .is_some_and(|error| error.is_user() || never_connected(error)) =>
        {
            not_taken("no connection")
        }
        Err(_) => SendOutcome::Unknown,
    }
}

/// A refusal in SES's own words is sure, unless it only says that SES itself does not know what happened.
fn of_code(code: Option<&str>, status: u16) -> SendOutcome {
    match code {
        Some(code) if REFUSED.contains(&code) => SendOutcome::Refused { reason: code.to_owned() },
        Some(code) if (400..500).contains(&status) || NOT_TAKEN_5XX.contains(&code) => not_taken(code),
        _ => SendOutcome::Unknown,
    }
}

fn not_taken(reason: &str) -> SendOutcome {
    SendOutcome::NotTaken { reason: reason.to_owned() }
}

/// Whether the connection itself could not be made: then no byte of the request was sent.
fn never_connected(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.downcast_ref::<HttpError>().is_some_and(HttpError::is_connect) {
            return true;
        }
        next = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_says_whether_trying_again_is_safe() {
        let refused = |code: &str| SendOutcome::Refused { reason: code.to_owned() };
        assert_eq!(of_code(Some("MessageRejected"), 400), refused("MessageRejected"));
        assert_eq!(of_code(Some("InvalidParameterValue"), 400), refused("InvalidParameterValue"));
        for code in
            ["Throttling", "AccountSendingPausedException", "AccessDenied", "ConfigurationSetDoesNotExist"]
        {
            assert_eq!(of_code(Some(code), 400), not_taken(code));
        }
        assert_eq!(of_code(Some("ServiceUnavailable"), 503), not_taken("ServiceUnavailable"));
        assert_eq!(of_code(Some("InternalFailure"), 500), SendOutcome::Unknown);
        for status in [200, 302, 403, 502, 503, 504] {
            assert_eq!(of_code(None, status), SendOutcome::Unknown, "{status}");
        }
    }
}
