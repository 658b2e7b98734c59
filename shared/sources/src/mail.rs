//! E-mail threads: each message once, in its author's own words.
//!
//! Mail programs repeat the whole thread under every answer. What is repeated stands in the CRM as a mail of its own and
//! goes; what stands nowhere else (somebody forwarded it, or it is older than the CRM) becomes a source of its own, since
//! it may hold the only statement of a fact. Signatures and disclaimers go.
//!
//! The parsers on crates.io know English only, and none of them reads who wrote a quoted message and when.

pub(crate) mod date;
pub(crate) mod header;
mod phrases;
mod roles;
mod signature;
mod thread;
mod tidied;

pub use tidied::tidy;
