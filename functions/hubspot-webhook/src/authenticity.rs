//! Whether the request comes from HubSpot, by its headers, its bytes and our own public address.

use crate::Deps;
use handoff_hubspot::signature::{
    Call, SIGNATURE_HEADER, SIGNATURE_V3_HEADER, SIGNATURE_VERSION_HEADER, TIMESTAMP_HEADER, Verdict,
    verify_v2, verify_v3,
};
use http::HeaderMap;
use http::request::Parts;

/// Where a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// HubSpot, now.
    HubSpot,
    /// HubSpot, too long ago or too far ahead.
    Stale,
    /// Nobody knows.
    Unknown,
}

impl Origin {
    /// A fixed word for logs and counts.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::HubSpot => "genuine",
            Self::Stale => "stale",
            Self::Unknown => "forged",
        }
    }
}

impl From<Verdict> for Origin {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Genuine => Self::HubSpot,
            Verdict::Stale => Self::Stale,
            Verdict::Forged => Self::Unknown,
        }
    }
}

/// Judges by version 3 where its header is present, else by version 2 where that is taken. The address is our
/// configured origin and the path that was called; `Host` and forwarded headers are anybody's to write.
pub(crate) fn judge(deps: &Deps, parts: &Parts, body: &[u8], takes_v2: bool) -> Origin {
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let url = format!("{}{path}", deps.base_url);
    let call = Call { method: parts.method.as_str(), url: &url, body };
    let headers = &parts.headers;
    let verdict = if headers.contains_key(SIGNATURE_V3_HEADER) {
        match (single(headers, SIGNATURE_V3_HEADER), single(headers, TIMESTAMP_HEADER)) {
            (Some(signature), Some(at)) => verify_v3(&deps.secrets, &call, signature, at, deps.clock.now()),
            _ => Verdict::Forged,
        }
    } else {
        match (single(headers, SIGNATURE_HEADER), single(headers, SIGNATURE_VERSION_HEADER)) {
            (Some(signature), Some("v2")) if takes_v2 => verify_v2(&deps.secrets, &call, signature),
            _ => Verdict::Forged,
        }
    };
    verdict.into()
}

/// A header's value when it stands there exactly once: of two, nobody can say which one was meant.
fn single<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    if values.next().is_none() { Some(value) } else { None }
}
