//! Reading a posted form: one content type, a cap, repeated fields, and `name[key]` families.

use axum::body::{Body, to_bytes};
use http::{HeaderMap, StatusCode, header};
use std::collections::BTreeMap;

/// Why a body is no form of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// Larger than the cap.
    #[error("the form is too large")]
    TooLarge,
    /// Not `application/x-www-form-urlencoded`.
    #[error("the body is not an urlencoded form")]
    WrongType,
    /// The body ended early or is not text.
    #[error("the form cannot be read")]
    Malformed,
}

impl FormError {
    /// The status that tells it.
    pub fn status(self) -> StatusCode {
        match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::WrongType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Malformed => StatusCode::BAD_REQUEST,
        }
    }
}

/// The fields of a form, in the order in which they were sent. Printing it shows names only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Reads a request's body, at most `max_bytes` of it.
    pub async fn read(headers: &HeaderMap, body: Body, max_bytes: usize) -> Result<Self, FormError> {
        let told = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        if told.is_some_and(|length: usize| length > max_bytes) {
            return Err(FormError::TooLarge);
        }
        let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
        let media = media.split(';').next().unwrap_or("").trim();
        if !media.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(FormError::WrongType);
        }
        // One byte more than allowed tells "too large" from "broken off".
        let body = to_bytes(body, max_bytes.saturating_add(1)).await.map_err(|error| {
            let text = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
            if text.contains("length limit") { FormError::TooLarge } else { FormError::Malformed }
        })?;
        if body.len() > max_bytes { Err(FormError::TooLarge) } else { Ok(Self::parse(&body)) }
    }

    /// Reads an urlencoded body. Bytes that are no UTF-8 become U+FFFD, as browsers would show them.
    pub fn parse(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    /// All fields in the order sent.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The last value of this name.
    pub fn last(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// All values of the family `name[key]`, by key, in the order sent.
    pub fn family(&self, name: &str) -> BTreeMap<&str, Vec<String>> {
        let mut family: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (field, value) in &self.0 {
            let key = field.strip_prefix(name).and_then(|rest| rest.strip_prefix('[')?.strip_suffix(']'));
            if let Some(key) = key {
                family.entry(key).or_default().push(value.clone());
            }
        }
        family
    }
}

impl std::fmt::Debug for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use proptest::prelude::*;

    fn typed(content_type: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(content_type))])
    }

    #[test]
    fn families_keep_repeats_and_order() {
        let form = Form::parse(b"answers%5Ba%5D=&answers[a]=x+y&answers[b]=1&note=n&note=m&answers[=z");
        let answers = form.family("answers");
        assert_eq!(answers["a"], ["", "x y"]);
        assert_eq!(answers["b"], ["1"]);
        assert_eq!(answers.len(), 2);
        assert_eq!(form.last("note"), Some("m"));
        assert_eq!(form.last("nothing"), None);
    }

    #[tokio::test]
    async fn the_cap_and_the_type_are_told_apart() {
        let urlencoded = typed("Application/X-WWW-Form-Urlencoded; charset=UTF-8");
        let read = |headers: HeaderMap, body: &'static str| async move {
            Form::read(&headers, Body::from(body), 4).await
        };
        assert!(read(urlencoded.clone(), "a=12").await.is_ok());
        assert_eq!(read(urlencoded.clone(), "a=123").await, Err(FormError::TooLarge));
        assert_eq!(read(urlencoded, "a=1234567").await, Err(FormError::TooLarge));
        assert_eq!(read(typed("application/json"), "{}").await, Err(FormError::WrongType));
        assert_eq!(read(HeaderMap::new(), "").await, Err(FormError::WrongType));
    }

    proptest! {
        #[test]
        fn what_a_browser_sends_arrives_unchanged(name in "[a-z]{1,5}", value in any::<String>()) {
            let body = form_urlencoded::Serializer::new(String::new()).append_pair(&name, &value).finish();
            let form = Form::parse(body.as_bytes());
            prop_assert_eq!(form.last(&name), Some(value.as_str()));
        }

        #[test]
        fn no_body_makes_it_panic(body in any::<Vec<u8>>()) {
            let form = Form::parse(&body);
            let _ = form.family("answers");
        }
    }
}
