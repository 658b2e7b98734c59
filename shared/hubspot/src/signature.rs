//! Whether a call really comes from HubSpot: its request signatures, versions 2 and 3.
//!
//! Pure: the secrets, the public address that HubSpot was given, the raw bytes and the time are arguments. Version 1
//! covers neither address nor time and is not accepted.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use data_encoding::HEXLOWER;
use handoff_domain::limits::{SIGNATURE_MAX_AGE_MS, SIGNATURE_MAX_AHEAD_MS};
use jiff::Timestamp;
use ring::{digest, hmac};
use std::fmt;
use subtle::ConstantTimeEq as _;

/// The header of a version 3 signature.
pub const SIGNATURE_V3_HEADER: &str = "x-hubspot-signature-v3";
/// The header of the time that a version 3 signature covers, in milliseconds since 1970.
pub const TIMESTAMP_HEADER: &str = "x-hubspot-request-timestamp";
/// The header of a version 1 or 2 signature.
pub const SIGNATURE_HEADER: &str = "x-hubspot-signature";
/// The header that tells version 1 from version 2.
pub const SIGNATURE_VERSION_HEADER: &str = "x-hubspot-signature-version";

/// The app's client secret. Printing it shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// An empty secret would make every signature forgeable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the client secret is empty")]
pub struct EmptySecret;

impl Secret {
    /// Takes a client secret; an empty or blank one is refused.
    pub fn parse(text: impl Into<String>) -> Result<Self, EmptySecret> {
        let text = text.into();
        if text.trim().is_empty() { Err(EmptySecret) } else { Ok(Self(text)) }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What a signature covers.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The HTTP method, in upper case.
    pub method: &'a str,
    /// The full public address that HubSpot was told to call, with its query; never made from `Host`.
    pub url: &'a str,
    /// The body exactly as it came.
    pub body: &'a [u8],
}

/// What is known of a call's origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// HubSpot signed it, in time.
    Genuine,
    /// HubSpot signed it, more than 5 minutes ago or more than 1 minute ahead of our clock.
    Stale,
    /// Nothing shows that HubSpot signed it.
    Forged,
}

/// Checks a version 3 signature: base64 of HMAC-SHA256 over method, address, body and timestamp.
/// Any of the secrets will do: there are two while one is rotated.
pub fn verify_v3(
    secrets: &[Secret],
    call: &Call<'_>,
    signature: &str,
    timestamp: &str,
    now: Timestamp,
) -> Verdict {
    let (Ok(signature), Some(signed_at)) = (STANDARD.decode(signature), parse_milliseconds(timestamp)) else {
        return Verdict::Forged;
    };
    let message = message_v3(call, timestamp);
    let is_signed =
        secrets.iter().any(|secret| hmac::verify(&hmac_key(secret), &message, &signature).is_ok());
    let age = now.as_millisecond().saturating_sub(signed_at);
    match is_signed {
        false => Verdict::Forged,
        true if (-SIGNATURE_MAX_AHEAD_MS..=SIGNATURE_MAX_AGE_MS).contains(&age) => Verdict::Genuine,
        true => Verdict::Stale,
    }
}

/// Checks a version 2 signature: hex of SHA-256 over secret, method, address and body. It carries no time, so it is
/// never [`Verdict::Stale`].
pub fn verify_v2(secrets: &[Secret], call: &Call<'_>, signature: &str) -> Verdict {
    let Ok(signature) = HEXLOWER.decode(signature.as_bytes()) else { return Verdict::Forged };
    let is_signed = secrets.iter().any(|secret| bool::from(digest_v2(secret, call).ct_eq(&signature)));
    if is_signed { Verdict::Genuine } else { Verdict::Forged }
}

/// Signs as HubSpot does, version 3: what the local run's CRM and tests send.
pub fn sign_v3(secret: &Secret, call: &Call<'_>, timestamp: &str) -> String {
    STANDARD.encode(hmac::sign(&hmac_key(secret), &message_v3(call, timestamp)))
}

/// Signs as HubSpot does, version 2.
pub fn sign_v2(secret: &Secret, call: &Call<'_>) -> String {
    HEXLOWER.encode(&digest_v2(secret, call))
}

fn hmac_key(secret: &Secret) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, secret.0.as_bytes())
}

fn message_v3(call: &Call<'_>, timestamp: &str) -> Vec<u8> {
    let url = decode_listed(call.url);
    [call.method.as_bytes(), url.as_bytes(), call.body, timestamp.as_bytes()].concat()
}

fn digest_v2(secret: &Secret, call: &Call<'_>) -> Vec<u8> {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in [secret.0.as_bytes(), call.method.as_bytes(), call.url.as_bytes(), call.body] {
        context.update(part);
    }
    context.finish().as_ref().to_vec()
}

/// Digits only: `+1`, `1.0` and `1e3` are numbers to a lenient parser, and another text than the one that was signed.
fn parse_milliseconds(text: &str) -> Option<i64> {
    let is_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_digits { text.parse().ok() } else { None }
}

/// Decodes, once, the few escapes that HubSpot's rule lists; all others stay as they are.
fn decode_listed(url: &str) -> String {
    let mut decoded = String::with_capacity(url.len());
    let mut rest = url;
    while let Some(at) = rest.find('%') {
        let (before, escape) = rest.split_at(at);
        decoded.push_str(before);
        let listed = escape.get(1..3).and_then(|hex| listed_character(&hex.to_ascii_uppercase()));
        decoded.push(listed.unwrap_or('%'));
        rest = escape.get(if listed.is_some() { 3 } else { 1 }..).unwrap_or_default();
    }
    decoded.push_str(rest);
    decoded
}

fn listed_character(hex: &str) -> Option<char> {
    Some(match hex {
        "3A" => ':',
        "2F" => '/',
        "3F" => '?',
        "40" => '@',
        "21" => '!',
        "24" => '$',
        "27" => '\'',
        "28" => '(',
        "29" => ')',
        "2A" => '*',
        "2C" => ',',
        "3B" => ';',
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
