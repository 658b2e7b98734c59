//! Security headers: on every answer, whatever made it.

use axum::response::Response;
use http::{HeaderName, HeaderValue, header};

/// The policy of every page, with more at its end.
macro_rules! concat_policy {
    ($($more:literal)?) => {
        concat!(
            "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; ",
            "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'",
            $("; ", $more)?
        )
    };
}

const CONTENT_SECURITY_POLICY: &str = concat_policy!();

const PERMISSIONS_POLICY: &str = "accelerometer=(), autoplay=(), camera=(), display-capture=(), \
     encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), \
     magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), publickey-credentials-get=(), \
     screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()";

const ALWAYS: [(HeaderName, &str); 10] = [
    (header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS_POLICY),
    (HeaderName::from_static("x-robots-tag"), "noindex, nofollow, noarchive"),
    (header::CACHE_CONTROL, "no-store"),
    // For answers without a body too: nobody has to guess.
    (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
];

/// The page may show frames of our own, and of nobody else.
pub fn with_own_frames(mut response: Response) -> Response {
    let policy = HeaderValue::from_static(concat_policy!("frame-src 'self'"));
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

/// A mail as it leaves, for a frame of ours: its own inline styles, no script, no form, nothing fetched, and an origin of
/// its own, which has no cookies.
pub fn framed_mail(mut response: Response) -> Response {
    const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'self'; \
         base-uri 'none'; sandbox";
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

/// Adds what the answer does not say itself; an asset says its own caching and policy. For
/// `axum::middleware::map_response`, outermost, so that 404 and 405 carry the same.
#[allow(clippy::unused_async, reason = "axum takes a future")]
pub async fn secure(mut response: Response) -> Response {
    for (name, value) in ALWAYS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse as _;

    #[tokio::test]
    async fn an_answers_own_word_wins() {
        let asset = [(header::CACHE_CONTROL, "public")].into_response();
        let response = secure(asset).await;
        assert_eq!(response.headers()[header::CACHE_CONTROL], "public");
        assert_eq!(response.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert!(
            response.headers()[header::CONTENT_SECURITY_POLICY]
                .to_str()
                .unwrap()
                .contains("'none'; style-src")
        );
    }

    #[tokio::test]
    async fn an_answer_without_a_body_says_a_content_type() {
        let type_of =
            async |response: Response| secure(response).await.headers()[header::CONTENT_TYPE].clone();
        assert_eq!(type_of(http::StatusCode::NO_CONTENT.into_response()).await, "text/plain; charset=utf-8");
        let page = [(header::CONTENT_TYPE, "text/html")].into_response();
        assert_eq!(type_of(page).await, "text/html");
    }
}
