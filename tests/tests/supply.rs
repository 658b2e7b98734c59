//! What comes from others: floors of versions with known advisories, crates that nobody keeps up, our own code without `unsafe`.
//!
//! The advisories are those of the RustSec database at bf5c0d2 of 21 August 2026; `make deny` asks the newest where the network allows.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test program")]

use handoff_tests::repository::{files, root};
use std::collections::BTreeMap;
use std::fs;

/// The lowest version of each line that has no known advisory. A crate may be there in several lines; a line that is not named is
/// not touched by any.
const FLOORS: &[(&str, &[&str])] = &[
    ("ammonia", &["4.1.4"]),
    ("anyhow", &["1.0.103"]),
    ("aws-lc-sys", &["0.39.0"]),
    ("bytes", &["1.11.1"]),
    ("crossbeam-channel", &["0.5.15"]),
    ("h2", &["0.4.16"]),
    ("hashbrown", &["0.15.1"]),
    ("hickory-proto", &["0.26.1"]),
    ("idna", &["1.0.0"]),
    ("lettre", &["0.11.22"]),
    ("lru", &["0.18.2"]),
    ("openssl", &["0.10.72"]),
    ("quick-xml", &["0.41.0"]),
    ("rand", &["0.8.6", "0.9.3", "0.10.1"]),
    ("ring", &["0.17.12"]),
    ("rustls", &["0.23.18"]),
    ("rustls-webpki", &["0.103.13"]),
    ("slab", &["0.4.11"]),
    ("time", &["0.3.47"]),
    ("tokio", &["1.44.2"]),
    ("tracing-subscriber", &["0.3.20"]),
];

/// Crates that are unsound or that nobody keeps up.
const AVOIDED: [&str; 12] = [
    "async-std",
    "backoff",
    "bincode",
    "derivative",
    "fxhash",
    "instant",
    "paste",
    "proc-macro-error",
    "rsa",
    "rustls-pemfile",
    "serde_yml",
    "yaml-rust",
];

/// Those of them that are there all the same: since when it is known, and why that is no harm.
const EXCUSED: [(&str, &str, &str); 1] = [(
    "fxhash",
    "2026-11-23",
    "through bm25, which counts the words of one handoff's sources with it: no secret and no stranger's choice of keys; bm25 2.3.2 is its newest",
)];

fn locked() -> BTreeMap<String, Vec<Vec<u64>>> {
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let mut found: BTreeMap<String, Vec<Vec<u64>>> = BTreeMap::new();
    for package in lock.split("[[package]]").skip(1) {
        let field = |name: &str| {
            let line = package.lines().find_map(|line| line.strip_prefix(&format!("{name} = \"")));
            line.map(|rest| rest.trim_end_matches('"').to_owned())
        };
        let (name, version) = (field("name").unwrap(), field("version").unwrap());
        found.entry(name).or_default().push(numbers(&version));
    }
    assert!(found.len() > 200, "the lock file is read");
    found
}

fn numbers(version: &str) -> Vec<u64> {
    let core = version.split(['-', '+']).next().unwrap_or_default();
    core.split('.').map(|part| part.parse().unwrap()).collect()
}

/// What may change within a line: of 0.x the last number, else all but the first.
fn is_same_line(one: &[u64], other: &[u64]) -> bool {
    let shared = if one[0] == 0 { 2 } else { 1 };
    one[..shared] == other[..shared]
}

fn below(versions: &[Vec<u64>], floors: &[&str]) -> Vec<Vec<u64>> {
    let floors: Vec<Vec<u64>> = floors.iter().map(|floor| numbers(floor)).collect();
    let is_below =
        |version: &&Vec<u64>| floors.iter().any(|floor| is_same_line(version, floor) && *version < floor);
    versions.iter().filter(is_below).cloned().collect()
}

#[test]
fn no_version_below_a_floor_of_a_known_advisory() {
    let locked = locked();
    let faults: Vec<String> = FLOORS
        .iter()
        .filter_map(|(name, floors)| {
            let low = below(locked.get(*name)?, floors);
            (!low.is_empty()).then(|| format!("{name} {low:?}, floors {floors:?}"))
        })
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!(below(&[vec![0, 8, 5], vec![0, 8, 8], vec![0, 10, 4]], &["0.8.6", "0.10.1"]), [vec![0, 8, 5]]);
}

#[test]
fn what_nobody_keeps_up_is_absent_or_excused_with_a_date() {
    let locked = locked();
    for name in AVOIDED {
        let excuse = EXCUSED.iter().find(|(excused, ..)| *excused == name);
        assert_eq!(
            locked.contains_key(name),
            excuse.is_some(),
            "{name}: absent, or excused with a date and a reason"
        );
    }
    let deny = fs::read_to_string(root().join("deny.toml")).unwrap();
    for (name, date, reason) in EXCUSED {
        assert!(
            reason.len() > 20 && deny.contains(name) && deny.contains(date),
            "deny.toml excuses {name} as of {date}"
        );
    }
}

#[test]
fn our_own_code_forbids_what_is_unsafe() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert!(manifest.contains("unsafe_code = \"forbid\""));
}

#[test]
fn every_test_that_the_pages_name_exists() {
    let mut code = String::new();
    for folder in ["shared", "functions", "infra", "tests"] {
        for file in files(&root().join(folder), ".rs").unwrap() {
            code.push_str(&fs::read_to_string(file).unwrap());
        }
    }
    for (page, least) in [("docs/reliability.md", 120), ("docs/asvs.md", 80)] {
        let page = (page, fs::read_to_string(root().join(page)).unwrap());
        let rows = page.1.lines().filter(|line| line.starts_with("| "));
        let tests = rows.filter_map(|row| row.split('|').nth(3));
        let words = tests.flat_map(|tests| tests.split('`').skip(1).step_by(2));
        let named: Vec<&str> = words.filter(|name| name.contains('_')).collect();
        assert!(named.len() > least, "{}: {}", page.0, named.len());
        let missing: Vec<&&str> =
            named.iter().filter(|name| !code.contains(&format!("fn {name}("))).collect();
        assert!(missing.is_empty(), "{} names tests that are not there: {missing:?}", page.0);
    }
}
