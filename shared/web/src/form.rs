//! Reading a posted form: two content types, a cap, repeated fields, `name[key]` families, and files.

use axum::body::{Body, Bytes, to_bytes};
use futures_util::stream;
use http::{HeaderMap, StatusCode, header};
use std::collections::BTreeMap;
use std::future::ready;

/// Why a body is no form of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// Larger than the cap.
    #[error("the form is too large")]
    TooLarge,
    /// Neither `application/x-www-form-urlencoded` nor `multipart/form-data`.
    #[error("the body is not a form")]
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

/// A file of a form.
#[derive(Clone, PartialEq, Eq)]
pub struct File {
    field: String,
    bytes: Vec<u8>,
}

impl File {
    /// What is in it.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What is in it as text: UTF-8, UTF-16 with its mark, else as Windows' office programs write it.
    pub fn text(&self) -> String {
        let (text, _, is_broken) = encoding_rs::UTF_8.decode(&self.bytes);
        if is_broken {
            encoding_rs::WINDOWS_1252.decode(&self.bytes).0.into_owned()
        } else {
            text.into_owned()
        }
    }
}

/// The fields of a form, in the order in which they were sent, and its files. Printing it shows names only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Form {
    fields: Vec<(String, String)>,
    files: Vec<File>,
}

impl Form {
    /// Reads a request's body, at most `max_bytes` of it.
    pub async fn read(headers: &HeaderMap, body: Body, max_bytes: usize) -> Result<Self, FormError> {
        let told = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        if told.is_some_and(|length: usize| length > max_bytes) {
            return Err(FormError::TooLarge);
        }
        let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
        let media = media.split(';').next().unwrap_or("").trim();
        let is_multipart = media.eq_ignore_ascii_case("multipart/form-data");
        if !is_multipart && !media.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(FormError::WrongType);
        }
        // One byte more than allowed tells "too large" from "broken off".
        let body = to_bytes(body, max_bytes.saturating_add(1)).await.map_err(|error| {
            let text = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
            if text.contains("length limit") { FormError::TooLarge } else { FormError::Malformed }
        })?;
        match body.len() > max_bytes {
            true => Err(FormError::TooLarge),
            false if is_multipart => Self::parse_multipart(headers, body).await,
            false => Ok(Self::parse(&body)),
        }
    }

    /// Reads a multipart body. A file that was not chosen is left out, as a field that was not sent is.
    async fn parse_multipart(headers: &HeaderMap, body: Bytes) -> Result<Self, FormError> {
        let told = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let boundary = multer::parse_boundary(told.unwrap_or_default()).map_err(|_| FormError::Malformed)?;
        let whole = stream::once(ready(Ok::<_, std::convert::Infallible>(body)));
        let mut parts = multer::Multipart::new(whole, boundary);
        let mut form = Self::default();
        while let Some(part) = parts.next_field().await.map_err(|_| FormError::Malformed)? {
            let field = part.name().unwrap_or_default().to_owned();
            let is_file = part.file_name().is_some();
            let bytes = part.bytes().await.map_err(|_| FormError::Malformed)?;
            match is_file {
                false => form.fields.push((field, String::from_utf8_lossy(&bytes).into_owned())),
                true if bytes.is_empty() => {}
                true => form.files.push(File { field, bytes: bytes.into() }),
            }
        }
        Ok(form)
    }

    /// The file of this name, if one was chosen.
    pub fn file(&self, name: &str) -> Option<&File> {
        self.files.iter().find(|file| file.field == name)
    }

    /// Reads an urlencoded body. Bytes that are no UTF-8 become U+FFFD, as browsers would show them.
    pub fn parse(body: &[u8]) -> Self {
        Self { fields: form_urlencoded::parse(body).into_owned().collect(), files: Vec::new() }
    }

    /// All fields in the order sent.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The last value of this name.
    pub fn last(&self, name: &str) -> Option<&str> {
        self.fields.iter().rev().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// All values of the family `name[key]`, by key, in the order sent.
    pub fn family(&self, name: &str) -> BTreeMap<&str, Vec<String>> {
        let mut family: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (field, value) in &self.fields {
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
        f.debug_list().entries(self.fields.iter().map(|(name, _)| name)).finish()
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

    async fn multipart(body: &str) -> Result<Form, FormError> {
        let headers = typed("multipart/form-data; boundary=x");
        Form::read(&headers, Body::from(body.replace('\n', "\r\n")), 1000).await
    }

    #[tokio::test]
    async fn files_come_beside_fields_and_unchosen_ones_not_at_all() {
        let form = multipart(
            "--x\nContent-Disposition: form-data; name=\"csrf\"\n\np\n\
             --x\nContent-Disposition: form-data; name=\"list\"; filename=\"a.csv\"\nContent-Type: text/csv\n\na,b\n\
             --x\nContent-Disposition: form-data; name=\"logo\"; filename=\"\"\n\n\n--x--\n",
        );
        let form = form.await.unwrap();
        assert_eq!(form.last("csrf"), Some("p"));
        assert_eq!(form.file("list").unwrap().text(), "a,b");
        assert!(form.file("logo").is_none() && form.last("list").is_none());
        let broken = multipart("--x\nContent-Disposition: form-data; name=\"a\"\n\nbroken off").await;
        assert_eq!(broken, Err(FormError::Malformed));
    }

    #[test]
    fn a_file_of_an_office_program_is_read_as_it_was_meant() {
        let text = |bytes: &[u8]| File { field: String::new(), bytes: bytes.to_vec() }.text();
        assert_eq!(text("Müller".as_bytes()), "Müller");
        assert_eq!(text(b"\xef\xbb\xbfa"), "a");
        assert_eq!(text(b"M\xfcller \x96"), "Müller –");
        assert_eq!(text(b"\xff\xfeM\x00\xfc\x00"), "Mü");
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
