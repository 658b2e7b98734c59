//! Whether a post comes from our own pages. The proof in the form is checked besides.

use http::{HeaderMap, header};

/// The post comes from another site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the request comes from another site")]
pub struct ForeignOrigin;

/// Refuses `Sec-Fetch-Site: cross-site` and a foreign `Origin`. `Origin: null`, which browsers send under
/// `no-referrer`, passes only with `Sec-Fetch-Site: same-origin`. With both absent the proof alone decides.
pub fn check(headers: &HeaderMap, base_url: &str) -> Result<(), ForeignOrigin> {
    let site = headers.get("sec-fetch-site").map(http::HeaderValue::as_bytes);
    if site == Some(b"cross-site") {
        return Err(ForeignOrigin);
    }
    let ours = origin_of(base_url);
    let all_ours = headers.get_all(header::ORIGIN).iter().all(|origin| match origin.as_bytes() {
        b"null" => site == Some(b"same-origin"),
        named => named.eq_ignore_ascii_case(ours.as_bytes()),
    });
    if all_ours { Ok(()) } else { Err(ForeignOrigin) }
}

/// Scheme, host and port of an address.
fn origin_of(base_url: &str) -> &str {
    let host = base_url.find("://").map_or(0, |at| at + 3);
    let end = base_url[host..].find('/').map_or(base_url.len(), |at| host + at);
    &base_url[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};

    #[test]
    fn only_our_own_pages_and_plain_clients_pass() {
        let cases: [(&[(&'static str, &'static str)], bool); 11] = [
            (&[], true),
            (&[("origin", "https://h.test")], true),
            (&[("origin", "https://H.test"), ("sec-fetch-site", "same-origin")], true),
            (&[("origin", "null"), ("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("origin", "null")], false),
            (&[("origin", "null"), ("sec-fetch-site", "same-site")], false),
            (&[("origin", "https://h.test.evil.test")], false),
            (&[("origin", "http://h.test")], false),
            (&[("origin", "https://h.test"), ("sec-fetch-site", "cross-site")], false),
            (&[("origin", "https://h.test"), ("origin", "https://evil.test")], false),
        ];
        for (pairs, passes) in cases {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
            assert_eq!(check(&headers, "https://h.test/").is_ok(), passes, "{pairs:?}");
        }
    }
}
