//! `GET /logos/{organization}/{logo}`: the image that mails and pages show. It is no secret: every mail says where it is.

use crate::app::App;
use crate::reply;
use axum::extract::{Path, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use handoff_domain::id::{LogoId, OrganizationId};
use handoff_runtime::http::RequestId;
use handoff_web::error_page::ErrorPage;
use std::sync::Arc;

/// One read. The image never changes under its name.
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Path((organization, logo)): Path<(String, String)>,
) -> Response {
    let not_found = || ErrorPage::new(StatusCode::NOT_FOUND).respond(false);
    let (Ok(organization), Ok(logo)) = (OrganizationId::parse(organization), LogoId::parse(logo)) else {
        return not_found();
    };
    match app.deps.store.get_logo(&organization, &logo).await {
        Ok(Some((format, image))) => {
            let headers = [
                (header::CONTENT_TYPE, format.media_type()),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
                (header::CONTENT_SECURITY_POLICY, "default-src 'none'"),
                // Mails on the web show it on their own pages.
                (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
            ];
            (headers, image).into_response()
        }
        Ok(None) => not_found(),
        Err(error) => reply::failure(&error, error.is_retryable(), RequestId::default()),
    }
}
