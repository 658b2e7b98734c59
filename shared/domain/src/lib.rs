//! The rules of Handoff: ids, entities, the handoff's states, deadlines and decisions.
//!
//! Everything here is pure. `now` and ids are arguments; nothing reads a clock, the network or the environment.
//! The words are the product's words (see the README's glossary), and every other crate borrows them from here.

pub mod account;
pub mod answer;
pub mod assignment;
pub mod audit;
pub mod by_hand;
pub mod delivery;
pub mod digest;
pub mod draft;
pub mod due;
pub mod email;
pub mod event;
pub mod fact;
pub mod finding;
pub mod forget;
pub mod form;
pub mod handoff;
pub mod id;
pub mod intake;
pub mod integration;
pub mod kickoff;
pub mod limits;
pub mod link;
pub mod listing;
pub mod logo;
pub mod message;
pub mod note;
pub mod organization;
pub mod outbox;
pub mod owed;
pub mod pace;
pub mod pattern;
pub mod plan;
pub mod question;
pub mod rating;
pub mod reconciliation;
pub mod reminder;
pub mod report;
pub mod research;
pub mod rollup;
pub mod roster;
pub mod settling;
pub mod sign_in;
pub mod source;
pub mod text;
pub mod weekly;
pub mod welcome;

pub use jiff::Timestamp;

#[cfg(test)]
mod fuzz;
