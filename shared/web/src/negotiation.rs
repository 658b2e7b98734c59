//! Whether a caller wants JSON or a page.

use http::{HeaderMap, header};

/// Whether `Accept` names `application/json` before any HTML. Without `Accept` a page is sent.
pub fn wants_json(headers: &HeaderMap) -> bool {
    let named = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .map(|range| range.split(';').next().unwrap_or("").trim().to_ascii_lowercase())
        .find(|range| matches!(range.as_str(), "application/json" | "text/html" | "application/xhtml+xml"));
    named.as_deref() == Some("application/json")
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn browsers_get_pages_and_scripts_get_json() {
        let wants = |accept: &'static str| {
            wants_json(&HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))]))
        };
        assert!(wants("application/json"));
        assert!(wants("Application/JSON; q=0.9, text/html"));
        assert!(!wants("text/html,application/xhtml+xml,*/*;q=0.8"));
        assert!(!wants("*/*"));
        assert!(!wants_json(&HeaderMap::new()));
    }
}
