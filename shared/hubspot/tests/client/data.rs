//! The shared test data: HubSpot's OpenAPI documents and vectors, which are not part of the repository.

use serde_json::Value;

/// One file under `TEST_DATA_DIR`, or `None` with a plain message where it is absent.
pub(crate) fn read(name: &str) -> Option<Value> {
    #[allow(clippy::disallowed_methods, reason = "tests find their data through the environment")]
    let root = std::env::var("TEST_DATA_DIR");
    let root = root.unwrap_or_else(|_| format!("{}/../../../shared", env!("CARGO_MANIFEST_DIR")));
    let text = std::fs::read(format!("{root}/{name}")).ok();
    if text.is_none() {
        say_skipped(name);
    }
    text.map(|text| serde_json::from_slice(&text).unwrap())
}

#[allow(clippy::print_stderr, reason = "a skipped test says so")]
fn say_skipped(name: &str) {
    eprintln!("skipped: no {name} under TEST_DATA_DIR");
}
