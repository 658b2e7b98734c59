//! The function over an embedded table.

mod accounts;
mod assigned;
mod harness;
mod integrations;
mod plan;
mod settings;
mod sign_in;
mod templates;
mod uploads;
mod walk;
mod welcome;
