//! Answers: those of all signed-in pages, [`handoff_signed_in`], and the way back after a post.

use crate::app::App;
use axum::response::Response;
pub(crate) use handoff_signed_in::View;
pub(crate) use handoff_signed_in::{failure, redirect};

/// 303 after a post: the page is then read freshly.
pub(crate) fn see_other(app: &App, path: &str) -> Response {
    app.door.see_other(path)
}
