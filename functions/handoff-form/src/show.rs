//! The pages that GET shows. Nothing here writes.

use crate::gate::{Opening, Visit};
use crate::reply::page_of;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use handoff_domain::id::SourceId;
use handoff_views::source;
use handoff_web::page::Page;
use handoff_web::text;

/// `GET /handoff/{token}`: the form, the receipt, or why neither.
pub(crate) async fn form(visit: Visit) -> Response {
    let (organization, account) = (&visit.token.organization, &visit.token.account);
    match visit.app.deps.store.get_handoff_page(organization, account, visit.consistency).await {
        Ok(Some(page)) => page_of(&visit, &page),
        Ok(None) => visit.not_found(),
        Err(error) => visit.failure(&error, error.is_retryable()),
    }
}

/// `GET /handoff/{token}/sources/{id}`: one whole source.
pub(crate) async fn source(visit: Visit, Path((_, id)): Path<(String, String)>) -> Response {
    let (organization, account) = (&visit.token.organization, &visit.token.account);
    let (handoff, drafts, sources) = match visit.app.deps.store.get_with_sources(organization, account).await
    {
        Ok(Some(found)) => found,
        Ok(None) => return visit.not_found(),
        Err(error) => return visit.failure(&error, error.is_retryable()),
    };
    match visit.opening(&handoff) {
        Opening::Form | Opening::Receipt => {}
        Opening::Unknown => return visit.not_found(),
        other => return crate::reply::gone(&visit, &handoff, other, None),
    }
    let id = SourceId::parse(id).ok();
    match sources.iter().find(|source| Some(&source.id) == id.as_ref()) {
        Some(source) => {
            let zone = text::zone(&handoff.time_zone);
            let body = source::body(&handoff.account.company, &zone, drafts.as_ref(), source);
            let (title, brand) = (source::title(source), handoff.organization_name.as_str());
            Page { title, brand, script: None, body }.respond(StatusCode::OK)
        }
        None => visit.not_found(),
    }
}
