//! Keys of signing in.

use super::{Key, organization_partition, sortable};
use handoff_domain::Timestamp;
use handoff_domain::id::{OrganizationId, SignInId};
use handoff_domain::link::TokenHash;
use handoff_domain::sign_in::AddressHash;

/// One session, by the hash of its secret.
pub fn session(organization: &OrganizationId, hash: &TokenHash) -> Key {
    Key::new(format!("O#{organization}#SESSION#{}", hash.as_str()), "SESSION")
}

/// Sign-in links mailed to one organization's people within the window that begins at `from`.
pub fn sign_ins(organization: &OrganizationId, from: Timestamp) -> Key {
    Key::new(organization_partition(organization), format!("SIGN-INS#{}", sortable(from)))
}

/// All that is known of one mail address. It may belong to people of several organizations, so to none.
pub fn person_partition(address: &AddressHash) -> String {
    format!("PERSON#{}", address.as_str())
}

/// Prefix of the sort keys that name an address's organizations.
pub const KNOWN_BY_PREFIX: &str = "O#";

/// That an organization knows an address.
pub fn person(address: &AddressHash, organization: &OrganizationId) -> Key {
    Key::new(person_partition(address), format!("{KNOWN_BY_PREFIX}{organization}"))
}

/// Sign-in links that were asked for with one address, known or not, within the window that begins at `from`.
pub fn sign_ins_of(address: &AddressHash, from: Timestamp) -> Key {
    Key::new(person_partition(address), format!("SIGN-INS#{}", sortable(from)))
}

/// The same once more, for an address that no organization knows.
pub fn sign_ins_of_nobody(address: &AddressHash, from: Timestamp) -> Key {
    Key::new(person_partition(address), format!("NOBODY#{}", sortable(from)))
}

/// One wish to sign in.
pub fn sign_in(id: &SignInId) -> Key {
    Key::new(format!("SIGN-IN#{id}"), "SIGN-IN")
}
