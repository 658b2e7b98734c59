//! Pages and assets as gzip: API Gateway hands on what a function answers, and compresses nothing itself.
//!
//! A page holds a proof that belongs to its session or link. Guessing it by the sizes of compressed answers (BREACH) needs
//! answers to a stranger's requests that carry the session: its cookie is not sent across sites but for navigation, and
//! whoever has a link's token needs no proof.

use tower_http::compression::CompressionLayer;

/// The layer, for under the one that watches.
pub fn layer() -> CompressionLayer {
    CompressionLayer::new()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::routing::get;
    use http::{Request, header};
    use std::io::Read as _;
    use tower::ServiceExt as _;

    async fn answer(accepts: &str) -> (Option<String>, Vec<u8>) {
        let page = "<p>The same again and again.</p>".repeat(200);
        let router = Router::new().route("/", get(async move || axum::response::Html(page))).layer(layer());
        let request = Request::get("/").header(header::ACCEPT_ENCODING, accepts).body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        let encoding =
            response.headers().get(header::CONTENT_ENCODING).map(|one| one.to_str().unwrap().to_owned());
        (encoding, to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec())
    }

    #[tokio::test]
    async fn a_page_is_as_small_as_its_reader_can_take() {
        let (none, plain) = answer("identity").await;
        let (gzip, small) = answer("gzip, br").await;
        assert_eq!((none, gzip.as_deref()), (None, Some("gzip")));
        assert!(small.len() * 10 < plain.len());
        let mut text = Vec::new();
        flate2::read::GzDecoder::new(small.as_slice()).read_to_end(&mut text).unwrap();
        assert_eq!(text, plain);
    }
}
