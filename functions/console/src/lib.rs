//! HTTP: the signed-in pages, and signing in.
//!
//! Trigger: API Gateway. Who may see what stands in one table, [`routes::ROUTES`]. Each request of a signed-in browser
//! reads session, organization and roster in one batch read, so a person who is removed, or loses a role, is out at once.
//! An account is one query more; a list or the board one query, or several at once. Each step on an account reads it strongly
//! and is one transaction with what it tells and the mail that it owes. Sends: accounts made by hand, to the drafting queue.
//! Settings are written in one transaction with their entry in the audit. GET changes nothing but the note, at most every
//! half hour, that a session is in use. Nothing is retried here but by the browser.

pub mod accounts;
mod analytics;
pub mod app;
pub mod config;
pub mod gate;
mod help;
mod logo;
mod reply;
pub mod routes;
mod settings;
mod sign_in;
mod spreadsheet;

pub use app::Deps;
pub use config::Config;
pub use routes::router;

#[cfg(test)]
mod tests;
