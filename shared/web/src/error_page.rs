//! One calm page for everything that is refused: what happened in our own words, and at most a correlation id.

use crate::page::Page;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, header};
use maud::html;

/// A refusal. It repeats nothing of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorPage {
    status: StatusCode,
    id: Option<String>,
}

impl ErrorPage {
    /// The fixed page of a status.
    pub fn new(status: StatusCode) -> Self {
        Self { status, id: None }
    }

    /// The page of a failure of ours, with the id under which it was logged.
    pub fn failure(status: StatusCode, id: String) -> Self {
        Self { status, id: Some(id) }
    }

    fn words(&self) -> (&'static str, &'static str) {
        match self.status {
            StatusCode::BAD_REQUEST => {
                ("That did not work", "Your browser sent something we cannot read. Go back and try again.")
            }
            StatusCode::FORBIDDEN => (
                "Please open the page again",
                "This request did not come from the page we showed you. Go back, reload the page and try again.",
            ),
            StatusCode::NOT_FOUND => (
                "Nothing here",
                "This address leads nowhere. If it came from an e-mail, open the link there again: it may have been cut off.",
            ),
            StatusCode::METHOD_NOT_ALLOWED => {
                ("That cannot be done here", "Go back to the page and use its buttons.")
            }
            StatusCode::PAYLOAD_TOO_LARGE => (
                "That is too much text",
                "Nothing was saved. Go back: what you typed is still there. Please shorten it and try again.",
            ),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => ("That did not work", "Please use the form on the page."),
            StatusCode::TOO_MANY_REQUESTS => ("Too many requests", "Please wait a minute and try again."),
            StatusCode::SERVICE_UNAVAILABLE => (
                "Please try again in a moment",
                "We cannot reach our own records right now. Go back: what you typed is still there.",
            ),
            _ => (
                "Something went wrong on our side",
                "Go back: what you typed is still there. Please try again in a moment.",
            ),
        }
    }

    /// The same with `more` under the words, as an answer that is a page.
    pub fn respond_with(&self, more: maud::Markup) -> Response {
        let mut response = self.page(more);
        self.retry_later(&mut response);
        response
    }

    /// The answer: a page, or `{"error": "..."}` (with `id` for failures) where JSON was asked for.
    pub fn respond(&self, json: bool) -> Response {
        let mut response = if json { self.json() } else { self.page(html! {}) };
        self.retry_later(&mut response);
        response
    }

    fn json(&self) -> Response {
        let (title, _) = self.words();
        let body = match &self.id {
            Some(id) => serde_json::json!({"error": title, "id": id}),
            None => serde_json::json!({"error": title}),
        };
        json_response(self.status, &body)
    }

    fn page(&self, more: maud::Markup) -> Response {
        let (title, remedy) = self.words();
        let body = html! {
            div.calm {
                h1 { (title) }
                p.lead { (remedy) }
                (more)
                @if let Some(id) = &self.id { p.muted { "If it happens again, tell us this number: " code { (id) } } }
            }
        };
        Page { title, brand: "", script: None, body }.respond(self.status)
    }

    fn retry_later(&self, response: &mut Response) {
        if matches!(self.status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("30"));
        }
    }
}

/// A JSON answer.
pub fn json_response(status: StatusCode, body: &serde_json::Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json; charset=utf-8")], body.to_string()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn busy_answers_say_when_to_come_back() {
        let busy = ErrorPage::failure(StatusCode::SERVICE_UNAVAILABLE, "ab".into());
        for json in [false, true] {
            assert_eq!(busy.respond(json).headers()[header::RETRY_AFTER], "30");
        }
        assert!(
            !ErrorPage::new(StatusCode::NOT_FOUND).respond(false).headers().contains_key(header::RETRY_AFTER)
        );
    }
}
