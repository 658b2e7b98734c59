//! One request: rate limit, retries that make sense at once, and what each status means.

use crate::bucket::Bucket;
use crate::client::{AccessToken, HubSpotConfig};
use crate::error::{HubSpotError, Said};
use handoff_domain::pace::{Limit, Permits};
use reqwest::header::{AUTHORIZATION, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Method, Response};
use serde_json::Value;
use std::time::Duration;
use tracing::Instrument as _;
use url::Url;

/// Tries of one request.
const ATTEMPTS_MAX: u32 = 3;
/// Longest wait between two tries; HubSpot's longer wishes are handed to the queue.
const WAIT_MAX: Duration = Duration::from_secs(10);
/// Largest answer that is read, in bytes: a hundred notes of the largest size, as UTF-8.
const ANSWER_MAX_BYTES: usize = 32 * 1024 * 1024;

/// A request.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) path: String,
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) body: Option<Value>,
    method: Method,
    /// Whether a second time does no more than the first. Of the others, only what HubSpot surely did not carry out is sent again.
    is_repeatable: bool,
}

impl Request {
    pub(crate) fn get(path: String, query: Vec<(&'static str, String)>) -> Self {
        Self { path, query, body: None, method: Method::GET, is_repeatable: true }
    }

    /// A question that does not fit into an address.
    pub(crate) fn post(path: String, body: Value) -> Self {
        Self { path, query: Vec::new(), body: Some(body), method: Method::POST, is_repeatable: true }
    }

    /// Sets values: twice is as once.
    pub(crate) fn patch(path: String, body: Value) -> Self {
        Self { method: Method::PATCH, ..Self::post(path, body) }
    }

    /// What it counts against.
    fn limits(&self) -> &'static [Limit] {
        if self.path.ends_with("/search") {
            &[Limit::HubSpotSearch, Limit::HubSpot]
        } else {
            &[Limit::HubSpot]
        }
    }

    /// Makes a record: twice makes two.
    pub(crate) fn create(path: String, body: Value) -> Self {
        Self { is_repeatable: false, ..Self::post(path, body) }
    }
}

/// The connection to one portal.
#[derive(Debug)]
pub(crate) struct Transport {
    http: Client,
    base_url: String,
    authorization: HeaderValue,
    bucket: Bucket,
    backoff: Duration,
}

impl Transport {
    pub(crate) fn new(config: HubSpotConfig) -> Result<Self, HubSpotError> {
        Ok(Self {
            http: build_http()?,
            base_url: check_base_url(&config.base_url)?,
            authorization: authorization(&config.access_token)?,
            bucket: Bucket::new(config.requests_per_second),
            backoff: config.backoff,
        })
    }

    /// Sends, and again where that may help; `None` for 404.
    pub(crate) async fn call(
        &self,
        request: &Request,
        permits: Option<&dyn Permits>,
    ) -> Result<Option<Value>, HubSpotError> {
        let mut attempt = 1;
        loop {
            self.bucket.take().await;
            if let Some(permits) = permits {
                for limit in request.limits() {
                    permits.take(*limit).await.map_err(HubSpotError::NoSlot)?;
                }
            }
            let error = match self.attempt(request).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let may_repeat = attempt < ATTEMPTS_MAX && (request.is_repeatable || error.did_nothing());
            let Some(wait) = self.wait_after(&error, attempt).filter(|_| may_repeat) else {
                return Err(error);
            };
            tracing::warn!(attempt, wait_ms = wait.as_millis(), %error, "asking HubSpot again");
            tokio::time::sleep(wait).await;
            attempt += 1;
        }
    }

    /// How long to wait before the next try; `None` when the queue should wait instead.
    fn wait_after(&self, error: &HubSpotError, attempt: u32) -> Option<Duration> {
        match error {
            HubSpotError::RateLimited { is_daily: true, .. } => None,
            // A whole attempt's time is gone; a second such wait would pass the function's own end.
            HubSpotError::Unreachable(source) if source.is_timeout() => None,
            HubSpotError::Unavailable { status: 423, retry_after: None } => {
                Some(self.backoff * (attempt + 1))
            }
            error if error.is_retryable() => {
                Some(error.retry_after().unwrap_or(self.backoff * attempt)).filter(|wait| *wait <= WAIT_MAX)
            }
            _ => None,
        }
    }

    /// One try, as a span of the name and the fields that the traces look for.
    async fn attempt(&self, request: &Request) -> Result<Option<Value>, HubSpotError> {
        let (method, url) = (request.method.clone(), self.url(request)?);
        let span = tracing::debug_span!(
            "call",
            service = url.host_str(),
            method = method.as_str(),
            url = request.path,
            status = tracing::field::Empty
        );
        self.send(request, method, url).instrument(span).await
    }

    async fn send(&self, request: &Request, method: Method, url: Url) -> Result<Option<Value>, HubSpotError> {
        let mut builder = self.http.request(method, url);
        builder = builder.header(AUTHORIZATION, self.authorization.clone());
        if let Some(body) = &request.body {
            builder = builder.json(body);
        }
        let response = builder.send().await.map_err(unreachable)?;
        tracing::Span::current().record("status", response.status().as_u16());
        match response.status().as_u16() {
            200..=299 => read_json(response).await.map(Some),
            404 => Ok(None),
            status => Err(refusal(status, response).await),
        }
    }

    fn url(&self, request: &Request) -> Result<Url, HubSpotError> {
        let mut url = Url::parse(&format!("{}{}", self.base_url, request.path))
            .map_err(|_| HubSpotError::Misconfigured("the base address is not an address"))?;
        for (name, value) in &request.query {
            url.query_pairs_mut().append_pair(name, value);
        }
        Ok(url)
    }
}

/// Mozilla's roots are embedded: reading the machine's own store costs start-up time and a surprise.
fn build_http() -> Result<Client, HubSpotError> {
    let failed = HubSpotError::Misconfigured("TLS cannot be set up");
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let Ok(tls) = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()
    else {
        return Err(failed);
    };
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    Client::builder()
        .tls_backend_preconfigured(tls.with_root_certificates(roots).with_no_client_auth())
        .connect_timeout(Duration::from_secs(3))
        .timeout(Duration::from_secs(10))
        .pool_idle_timeout(Duration::from_secs(20))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .user_agent(concat!("handoff/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|_| failed)
}

/// The token must not travel in the clear: plain HTTP is for this machine only.
fn check_base_url(text: &str) -> Result<String, HubSpotError> {
    let url =
        Url::parse(text).map_err(|_| HubSpotError::Misconfigured("the base address is not an address"))?;
    let is_local = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    match url.scheme() {
        "https" => {}
        "http" if is_local => {}
        _ => {
            return Err(HubSpotError::Misconfigured("the base address is neither https nor on this machine"));
        }
    }
    Ok(text.trim_end_matches('/').to_owned())
}

fn authorization(token: &AccessToken) -> Result<HeaderValue, HubSpotError> {
    let mut value = HeaderValue::from_str(&format!("Bearer {}", token.reveal())).map_err(|_| {
        HubSpotError::Misconfigured("the access token holds characters that no header may carry")
    })?;
    value.set_sensitive(true);
    Ok(value)
}

fn unreachable(error: reqwest::Error) -> HubSpotError {
    HubSpotError::Unreachable(error.without_url())
}

async fn read_json(response: Response) -> Result<Value, HubSpotError> {
    let body = read_body(response).await?;
    serde_json::from_slice(&body).map_err(|_| HubSpotError::Unreadable("it is not JSON"))
}

async fn read_body(mut response: Response) -> Result<Vec<u8>, HubSpotError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        if body.len() + chunk.len() > ANSWER_MAX_BYTES {
            return Err(HubSpotError::Unreadable("it is too large"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

async fn refusal(status: u16, response: Response) -> HubSpotError {
    let seconds =
        response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let retry_after = seconds.map(Duration::from_secs);
    match status {
        401 | 403 => HubSpotError::Unauthorized { status },
        429 => HubSpotError::RateLimited { is_daily: is_daily(response).await, retry_after },
        408 | 423 | 477 | 500..=599 => HubSpotError::Unavailable { status, retry_after },
        _ => HubSpotError::Refused { status, said: said(response).await },
    }
}

/// Longest of HubSpot's own words that is kept, in characters.
const SAID_MAX_CHARS: usize = 400;

/// What HubSpot says is wrong: the message, and those of the single errors that it does not repeat.
async fn said(response: Response) -> Said {
    let body: Value =
        serde_json::from_slice(&read_body(response).await.unwrap_or_default()).unwrap_or_default();
    let message = |value: &Value| value.get("message").and_then(Value::as_str).map(str::to_owned);
    let mut said = message(&body).unwrap_or_default();
    for error in body.get("errors").and_then(Value::as_array).into_iter().flatten().filter_map(message) {
        if !said.contains(&error) {
            said = format!("{said} {error}");
        }
    }
    let plain: String = said.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    Said::new(plain.trim().chars().take(SAID_MAX_CHARS).collect())
}

/// Every field of an error body is optional, and so is the body.
async fn is_daily(response: Response) -> bool {
    let body = read_body(response).await.unwrap_or_default();
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    body.get("policyName").and_then(Value::as_str) == Some("DAILY")
}
