//! A fresh link for an expired one, to the AE's own address and nowhere else.

use crate::gate::{Opening, Post};
use axum::response::Response;
use handoff_domain::event::Who;
use handoff_domain::limits::RENEWALS_PER_HANDOFF;
use handoff_domain::owed;
use handoff_runtime::metrics;
use handoff_store::HandoffPage;

const ACTION: &str = "renew";

/// `POST /handoff/{token}/renew`: 303 to the link's page, which says what is true then; the same answer whether a mail
/// is owed or not.
pub(crate) async fn renew(post: Post) -> Response {
    let visit = &post.visit;
    let page = match visit.read_again().await {
        Ok(Some(page)) => page,
        Ok(None) => return visit.not_found(),
        Err(error) => return post.failure(&error, error.is_retryable(), ACTION),
    };
    match visit.opening(&page.handoff) {
        Opening::Unknown => visit.not_found(),
        Opening::Expired if may_renew(&page) => issue(&post, &page).await,
        _ => visit.back(),
    }
}

fn may_renew(page: &HandoffPage) -> bool {
    let handoff = &page.handoff;
    handoff.submission.is_none() && handoff.ae.email.is_some() && handoff.renewals < RENEWALS_PER_HANDOFF
}

async fn issue(post: &Post, page: &HandoffPage) -> Response {
    let visit = &post.visit;
    let key = visit.app.deps.link_keys.current();
    let renewed = owed::renewed(&page.handoff, page.drafts.as_ref(), key, &page.rhythm, visit.now);
    let (after, entry) = match renewed {
        Ok(Some(renewed)) => renewed,
        Ok(None) => return visit.back(),
        Err(error) => return post.failure(&error, false, ACTION),
    };
    let (before, store) = (&page.handoff, &visit.app.deps.store);
    let told = owed::told_of_renewal(before, &after, Who::ae(before), visit.now);
    match store.replace_handoff(before, &after, &[entry], &told).await {
        Ok(true) => {
            metrics::LINK_RENEWED.count();
            tracing::info!("link renewed");
            visit.back()
        }
        // Another click was faster, and its mail is owed.
        Ok(false) => visit.back(),
        Err(error) => post.failure(&error, error.is_retryable(), ACTION),
    }
}
