//! Signing in with a mailed link, and out again.

pub(crate) mod ask;
pub(crate) mod enter;
mod pages;
mod then;

use crate::app::App;
use crate::gate::Post;
use crate::reply;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;
use std::sync::Arc;

/// `POST /sign-out`: the session is over on our side, and the browser forgets it.
pub(crate) async fn leave(State(app): State<Arc<App>>, post: Post) -> Response {
    if let Err(error) = app.deps.store.end_session(&post.viewer.token).await {
        return post.viewer.failure(&error, error.is_retryable());
    }
    let mut response = reply::redirect("/sign-in?out=1");
    let headers = response.headers_mut();
    if let Some(cookie) = app.door.session.set("", 0) {
        headers.append(header::SET_COOKIE, cookie);
    }
    headers.insert(
        HeaderName::from_static("clear-site-data"),
        HeaderValue::from_static("\"cookies\", \"storage\""),
    );
    response
}
