//! Passes requests on to a server that is not ours to change: the embedded table, a fake model, a CRM elsewhere.

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, StatusCode, header};
use std::time::Duration;

const BODY_MAX_BYTES: usize = 32 * 1024 * 1024;
const PATIENCE: Duration = Duration::from_mins(3);

/// What belongs to one connection and not to the request.
const OF_THE_CONNECTION: [HeaderName; 5] = [
    header::HOST,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
    header::ACCEPT_ENCODING,
];

/// The way to one server.
#[derive(Debug, Clone)]
pub(crate) struct Proxy {
    upstream: String,
    client: reqwest::Client,
}

impl Proxy {
    /// A way to `upstream`, which is scheme, authority and perhaps a path.
    pub(crate) fn new(upstream: &str) -> Result<Self, reqwest::Error> {
        handoff_runtime::tls();
        let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let tls = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build()?;
        Ok(Self { upstream: upstream.trim_end_matches('/').to_owned(), client })
    }

    /// The answer to a request as it came.
    pub(crate) async fn pass(&self, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let path = parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str).to_owned();
        match axum::body::to_bytes(body, BODY_MAX_BYTES).await {
            Ok(body) => match self.send(parts.method, &path, parts.headers, body).await {
                Ok((status, headers, body)) => respond(status, headers, body),
                Err(error) => {
                    tracing::warn!(error = handoff_runtime::report(&error.without_url()), "upstream");
                    crate::serve::hang_up()
                }
            },
            Err(_) => respond(StatusCode::PAYLOAD_TOO_LARGE, HeaderMap::new(), Bytes::new()),
        }
    }

    /// The same in parts, for who changes them on the way.
    pub(crate) async fn send(
        &self,
        method: http::Method,
        path: &str,
        mut headers: HeaderMap,
        body: Bytes,
    ) -> Result<(StatusCode, HeaderMap, Bytes), reqwest::Error> {
        for name in OF_THE_CONNECTION {
            headers.remove(name);
        }
        let url = format!("{}{path}", self.upstream);
        let response = self.client.request(method, url).headers(headers).body(body).send().await?;
        let (status, mut headers) = (response.status(), response.headers().clone());
        for name in OF_THE_CONNECTION {
            headers.remove(name);
        }
        Ok((status, headers, response.bytes().await?))
    }
}

/// A response of these parts.
pub(crate) fn respond(status: StatusCode, headers: HeaderMap, body: Bytes) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}
