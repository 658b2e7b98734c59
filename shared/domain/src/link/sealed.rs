//! Secrets of others that have to be kept to be used, sealed under the link key: the table alone opens nothing.

use super::{LinkKey, LinkKeys};
use crate::id::{EndpointId, OrganizationId};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A sealed text: nonce and AES-256-GCM ciphertext in URL-safe base64. Printing it shows nothing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sealed(String);

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(..)")
    }
}

/// Random bytes that [`LinkKeys::seal`] needs; never twice the same.
pub type SealNonce = [u8; NONCE_LEN];

impl LinkKey {
    fn sealing(&self, organization: &OrganizationId, what: &str) -> Option<LessSafeKey> {
        let key = self.derive(&[b"sealed", organization.as_str().as_bytes(), what.as_bytes()]);
        UnboundKey::new(&AES_256_GCM, &key).ok().map(LessSafeKey::new)
    }

    fn webhook_secret(
        &self,
        organization: &OrganizationId,
        endpoint: &EndpointId,
        generation: u32,
    ) -> String {
        let secret = self.derive(&[
            b"webhook-secret",
            organization.as_str().as_bytes(),
            endpoint.as_str().as_bytes(),
            &generation.to_be_bytes(),
        ]);
        format!("whsec_{}", STANDARD.encode(secret))
    }
}

impl LinkKeys {
    /// Seals a text for one organization and one use, under the current key.
    pub fn seal(&self, organization: &OrganizationId, what: &str, plain: &str, nonce: SealNonce) -> Sealed {
        let mut bytes = plain.as_bytes().to_vec();
        let sealed = self.current().sealing(organization, what).and_then(|key| {
            key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut bytes).ok()
        });
        // Neither step can fail for a key of 32 bytes and a short text; if one did, what is kept opens nothing.
        let bytes = if sealed.is_some() { bytes } else { Vec::new() };
        Sealed(URL_SAFE_NO_PAD.encode([nonce.as_slice(), &bytes].concat()))
    }

    /// Opens what was sealed for the same organization and use; `None` when its key is gone.
    pub fn open(&self, organization: &OrganizationId, what: &str, sealed: &Sealed) -> Option<String> {
        let bytes = URL_SAFE_NO_PAD.decode(&sealed.0).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_LEN>()?;
        self.all().find_map(|key| {
            let mut sealed = sealed.to_vec();
            let nonce = Nonce::assume_unique_for_key(*nonce);
            let key = key.sealing(organization, what)?;
            let plain = key.open_in_place(nonce, Aad::empty(), &mut sealed).ok()?;
            String::from_utf8(plain.to_vec()).ok()
        })
    }

    /// The same text sealed under the current key, where another one sealed it; `None` where nothing is to be done.
    pub fn reseal(
        &self,
        organization: &OrganizationId,
        what: &str,
        sealed: &Sealed,
        nonce: SealNonce,
    ) -> Option<Sealed> {
        let is_current = Self::from(self.current().clone()).open(organization, what, sealed).is_some();
        let plain = self.open(organization, what, sealed).filter(|_| !is_current)?;
        Some(self.seal(organization, what, &plain, nonce))
    }

    /// The signing secrets of an endpoint in these generations, in the form of Standard Webhooks (`whsec_` and base64): under the
    /// current key first, during a rotation under the other one as well.
    pub fn webhook_secrets(
        &self,
        organization: &OrganizationId,
        endpoint: &EndpointId,
        generations: &[u32],
    ) -> Vec<String> {
        let of = |key: &LinkKey| {
            generations
                .iter()
                .map(|generation| key.webhook_secret(organization, endpoint, *generation))
                .collect::<Vec<_>>()
        };
        self.all().flat_map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(current: &str, previous: Option<&str>) -> LinkKeys {
        let key = |text: &str| LinkKey::new(&format!("{text}, padded to thirty-two characters")).unwrap();
        LinkKeys::new(key(current), previous.map(key))
    }

    fn organization(id: &str) -> OrganizationId {
        OrganizationId::parse(id).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_for_the_same_organization_and_use_only() {
        let (keys, one) = (keys("a", None), organization("hs1"));
        let sealed = keys.seal(&one, "slack", "xoxb-secret", [7; NONCE_LEN]);
        assert_eq!(keys.open(&one, "slack", &sealed).as_deref(), Some("xoxb-secret"));
        assert_eq!(keys.open(&one, "endpoint", &sealed), None);
        assert_eq!(keys.open(&organization("hs2"), "slack", &sealed), None);
        let stored = serde_json::to_string(&sealed).unwrap();
        assert!(!stored.contains("xoxb") && !format!("{sealed:?}").contains(&sealed.0));
        let mut forged = sealed.0.clone().into_bytes();
        forged[20] ^= 1;
        assert_eq!(keys.open(&one, "slack", &Sealed(String::from_utf8(forged).unwrap())), None);
    }

    #[test]
    fn a_rotation_of_the_link_key_loses_nothing() {
        let one = organization("hs1");
        let sealed = keys("old", None).seal(&one, "slack", "secret", [1; NONCE_LEN]);
        assert_eq!(keys("new", Some("old")).open(&one, "slack", &sealed).as_deref(), Some("secret"));
        assert_eq!(keys("new", None).open(&one, "slack", &sealed), None);
        let again = keys("new", Some("old")).reseal(&one, "slack", &sealed, [2; NONCE_LEN]).unwrap();
        assert_eq!(keys("new", None).open(&one, "slack", &again).as_deref(), Some("secret"));
        assert_eq!(keys("new", Some("old")).reseal(&one, "slack", &again, [3; NONCE_LEN]), None);
        assert_eq!(keys("new", None).reseal(&one, "slack", &sealed, [4; NONCE_LEN]), None, "it is lost");
        let endpoint = EndpointId::from_random(1);
        let before = keys("old", None).webhook_secrets(&one, &endpoint, &[1]);
        let during = keys("new", Some("old")).webhook_secrets(&one, &endpoint, &[1]);
        assert_eq!(during.len(), 2);
        assert_eq!(during.last(), before.first());
    }

    #[test]
    fn every_endpoint_and_generation_has_a_secret_of_its_own() {
        let (keys, one) = (keys("a", None), organization("hs1"));
        let (first, second) = (EndpointId::from_random(1), EndpointId::from_random(2));
        let mut secrets = keys.webhook_secrets(&one, &first, &[2, 1]);
        secrets.extend(keys.webhook_secrets(&one, &second, &[2, 1]));
        secrets.extend(keys.webhook_secrets(&organization("hs2"), &first, &[2, 1]));
        let all: std::collections::BTreeSet<_> = secrets.iter().collect();
        assert_eq!(all.len(), 6);
        assert!(secrets.iter().all(|secret| secret.starts_with("whsec_") && secret.len() == 50));
    }
}
