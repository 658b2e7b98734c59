//! HubSpot: signatures, events, and the API client with its one pinned version.
//!
//! Nothing that HubSpot sends is trusted to have the documented shape: a missing, wrong or absurd value costs that
//! value and nothing else.

pub mod client;
pub mod deal;
pub mod error;
pub mod event;
pub mod gather;
pub mod search;
pub mod signature;

mod api;
mod bucket;
mod owner;
mod properties;
mod record;
mod text;
mod transport;
mod write;

#[cfg(test)]
mod fuzz;

pub use api::API_VERSION;
pub use client::{AccessToken, HubSpot, HubSpotConfig};
pub use deal::Deal;
pub use error::{HubSpotError, Said};
pub use gather::{Companies, Gathered};
pub use owner::Person;
pub use properties::Properties;
pub use write::NOTE_MAX_CHARS;
