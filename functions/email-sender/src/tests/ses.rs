//! A loopback SES that answers as told and remembers what it was sent.

use axum::http::StatusCode;
use axum::{Router, routing::post};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What the next call gets.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reply {
    /// Taken.
    Taken,
    /// An error with this status and code.
    Error(u16, &'static str),
    /// Taken, but the answer comes after the caller gave up.
    Late,
}

#[derive(Debug, Default)]
struct Inner {
    replies: VecDeque<Reply>,
    /// Values of the tag `mail`, in order of arrival.
    mails: Vec<String>,
}

/// Clones share one server.
#[derive(Debug, Clone, Default)]
pub(super) struct Ses(Arc<Mutex<Inner>>);

impl Ses {
    /// Answers the next calls like this; further calls are taken.
    pub(super) fn will(&self, replies: impl IntoIterator<Item = Reply>) {
        self.0.lock().unwrap().replies.extend(replies);
    }

    /// Which mails came, by their position in the entry.
    pub(super) fn mails(&self) -> Vec<String> {
        self.0.lock().unwrap().mails.clone()
    }

    fn called(&self, form: &str) -> Reply {
        let mut inner = self.0.lock().unwrap();
        let position =
            form_urlencoded::parse(form.as_bytes()).find(|(name, _)| name == "Tags.member.3.Value");
        inner.mails.push(position.unwrap().1.into_owned());
        inner.replies.pop_front().unwrap_or(Reply::Taken)
    }

    /// Starts the server; its address.
    pub(super) async fn serve(&self) -> String {
        let ses = self.clone();
        let handler = post(move |form: String| async move {
            match ses.called(&form) {
                Reply::Error(status, code) => (StatusCode::from_u16(status).unwrap(), error(code)),
                Reply::Late => {
                    tokio::time::sleep(Duration::from_secs(5)).await;
                    (StatusCode::OK, TAKEN.to_owned())
                }
                Reply::Taken => (StatusCode::OK, TAKEN.to_owned()),
            }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/", handler)).await });
        url
    }
}

const TAKEN: &str = "<SendEmailResponse xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\"><SendEmailResult>\
    <MessageId>1</MessageId></SendEmailResult></SendEmailResponse>";

fn error(code: &str) -> String {
    format!(
        "<ErrorResponse xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\"><Error><Code>{code}</Code></Error></ErrorResponse>"
    )
}
