//! HTTP: who may look after an account, ranked and explained; assigning and reassigning it.
//!
//! Trigger: API Gateway, behind the gate of all signed-in pages. The page is one batch read with the session, organization,
//! roster, account and loads, and one query of the company's other accounts. An assignment reads the account strongly and is one
//! transaction of the handoff, the loads, what it tells, and the mails to whoever has it now and whoever had it. Nothing is
//! retried here but when somebody else wrote to the account in between.

pub mod app;
mod assign;
pub mod config;
mod page;
pub mod routes;
mod show;

pub use app::Deps;
pub use config::Config;
pub use routes::router;

#[cfg(test)]
mod tests;
