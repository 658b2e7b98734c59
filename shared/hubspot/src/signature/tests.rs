//! HubSpot's own vectors, our derived ones, and what must be refused.

use super::*;
use proptest::prelude::*;
use serde_json::Value;

const URL: &str = "https://hooks.example.com/webhooks/hubspot";

fn secret(text: &str) -> Secret {
    Secret::parse(text).unwrap()
}

fn at(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).unwrap()
}

/// The shared test data, or `None` with a plain message where it is absent.
fn vectors() -> Option<Value> {
    #[allow(clippy::disallowed_methods, reason = "tests find their data through the environment")]
    let root = std::env::var("TEST_DATA_DIR")
        .unwrap_or_else(|_| format!("{}/../../../shared", env!("CARGO_MANIFEST_DIR")));
    match std::fs::read(format!("{root}/vectors/hubspot-signatures.json")) {
        Ok(bytes) => Some(serde_json::from_slice(&bytes).unwrap()),
        Err(_) => {
            eprintln_skipped();
            None
        }
    }
}

#[allow(clippy::print_stderr, reason = "a skipped test says so")]
fn eprintln_skipped() {
    eprintln!("skipped: no vectors/hubspot-signatures.json under TEST_DATA_DIR");
}

fn judge(vector: &Value, url: &str, now: Timestamp) -> Option<Verdict> {
    let text = |name: &str| vector[name].as_str();
    let secrets = [secret("another-secret"), secret(text("client_secret").unwrap())];
    let call = Call { method: text("method").unwrap(), url, body: text("body").unwrap().as_bytes() };
    let signature = text("signature").unwrap_or_default();
    match text("version").unwrap() {
        "v2" => Some(verify_v2(&secrets, &call, signature)),
        "v3" => Some(verify_v3(&secrets, &call, signature, text("timestamp").unwrap(), now)),
        _ => None,
    }
}

#[test]
fn every_official_vector_of_versions_2_and_3_verifies() {
    let Some(vectors) = vectors() else { return };
    let mut checked = 0;
    for vector in vectors["official"].as_array().unwrap() {
        let now = at(vector["timestamp"].as_str().unwrap_or("0").parse().unwrap());
        let Some(verdict) = judge(vector, vector["uri"].as_str().unwrap_or_default(), now) else { continue };
        assert_eq!(verdict, Verdict::Genuine, "{}", vector["id"]);
        checked += 1;
    }
    assert_eq!(checked, 6);
}

#[test]
fn a_version_1_signature_is_worth_nothing() {
    let Some(vectors) = vectors() else { return };
    for vector in vectors["official"].as_array().unwrap().iter().filter(|vector| vector["version"] == "v1") {
        let call = Call { method: "POST", url: URL, body: vector["body"].as_str().unwrap().as_bytes() };
        let secrets = [secret(vector["client_secret"].as_str().unwrap())];
        assert_eq!(verify_v2(&secrets, &call, vector["signature"].as_str().unwrap()), Verdict::Forged);
    }
}

#[test]
fn every_derived_vector_verifies_and_no_negative_one_does() {
    let Some(vectors) = vectors() else { return };
    for (group, accepted) in [("derived", true), ("negative", false)] {
        for vector in vectors[group].as_array().unwrap() {
            let now = at(vector["verify_at_ms"].as_i64().unwrap());
            let verdict = judge(vector, vector["received_uri"].as_str().unwrap(), now).unwrap();
            assert_eq!(verdict == Verdict::Genuine, accepted, "{}: {verdict:?}", vector["id"]);
        }
    }
}

#[test]
fn a_true_signature_outside_its_window_is_stale_and_not_forged() {
    let secrets = [secret("s")];
    let call = Call { method: "POST", url: URL, body: b"[]" };
    let signature = sign_v3(&secrets[0], &call, "1760000000000");
    let verdict = |now| verify_v3(&secrets, &call, &signature, "1760000000000", at(now));
    assert_eq!(verdict(1_760_000_300_000), Verdict::Genuine);
    assert_eq!(verdict(1_760_000_300_001), Verdict::Stale);
    assert_eq!(verdict(1_759_999_940_000), Verdict::Genuine);
    assert_eq!(verdict(1_759_999_939_999), Verdict::Stale);
    assert_eq!(
        verify_v3(&[secret("t")], &call, &signature, "1760000000000", at(1_770_000_000_000)),
        Verdict::Forged
    );
}

#[test]
fn timestamps_that_are_not_plain_digits_are_refused_even_when_signed() {
    let secrets = [secret("s")];
    let call = Call { method: "POST", url: URL, body: b"[]" };
    for text in [
        "",
        " 1760000000000",
        "1760000000000.0",
        "-1760000000000",
        "176e10",
        "99999999999999999999",
        "１７６",
    ] {
        let signature = sign_v3(&secrets[0], &call, text);
        assert_eq!(
            verify_v3(&secrets, &call, &signature, text, at(1_760_000_000_000)),
            Verdict::Forged,
            "{text:?}"
        );
    }
}

#[test]
fn base64_is_read_strictly() {
    let secrets = [secret("s")];
    let call = Call { method: "POST", url: URL, body: b"[]" };
    let signature = sign_v3(&secrets[0], &call, "1760000000000");
    let bare = signature.trim_end_matches('=').to_owned();
    for text in [
        bare.clone(),
        format!(" {signature}"),
        format!("{signature}\n"),
        format!("{bare}=="),
        signature.replace('+', "-").replace('/', "_") + "!",
    ] {
        assert_eq!(
            verify_v3(&secrets, &call, &text, "1760000000000", at(1_760_000_000_000)),
            Verdict::Forged,
            "{text:?}"
        );
    }
}

#[test]
fn both_secrets_of_a_rotation_verify_and_an_empty_one_cannot_be_made() {
    let (old, new) = (secret("old"), secret("new"));
    let call = Call { method: "POST", url: URL, body: b"[]" };
    for signer in [&old, &new] {
        let signature = sign_v3(signer, &call, "1760000000000");
        let both = [new.clone(), old.clone()];
        assert_eq!(
            verify_v3(&both, &call, &signature, "1760000000000", at(1_760_000_000_000)),
            Verdict::Genuine
        );
        assert_eq!(verify_v2(&both, &call, &sign_v2(signer, &call)), Verdict::Genuine);
    }
    assert_eq!(Secret::parse(""), Err(EmptySecret));
    assert_eq!(Secret::parse("  "), Err(EmptySecret));
    assert_eq!(verify_v2(&[], &call, &sign_v2(&old, &call)), Verdict::Forged);
    assert!(!format!("{old:?}").contains("old"));
}

#[test]
fn only_listed_escapes_are_decoded_and_only_once() {
    assert_eq!(
        decode_listed("https://a/b?u=%3A%2f%3F%40%21%24%27%28%29%2A%2C%3B"),
        "https://a/b?u=:/?@!$'()*,;"
    );
    for kept in ["%20%26%3D%2B%25f", "%253A", "%", "%3", "%é", "100%"] {
        assert_eq!(decode_listed(kept), kept);
    }
}

proptest! {
    #[test]
    fn no_single_flipped_bit_survives(bit in 0_usize..(2 * 8), byte in any::<prop::sample::Index>()) {
        let secrets = [secret("s")];
        let body = b"[{\"portalId\":1}]".to_vec();
        let signature = sign_v3(&secrets[0], &Call { method: "POST", url: URL, body: &body }, "1760000000000");
        let mut bent = body.clone();
        let at_byte = byte.index(bent.len());
        bent[at_byte] ^= 1 << (bit % 8);
        let call = Call { method: "POST", url: URL, body: &bent };
        prop_assert_eq!(verify_v3(&secrets, &call, &signature, "1760000000000", at(1_760_000_000_000)), Verdict::Forged);
    }

    #[test]
    fn no_header_text_makes_it_panic(signature in ".*", timestamp in ".*", url in ".*") {
        let call = Call { method: "POST", url: &url, body: b"" };
        let _ = verify_v3(&[secret("s")], &call, &signature, &timestamp, at(0));
        let _ = verify_v2(&[secret("s")], &call, &signature);
    }
}
