//! The function over an embedded table.

mod accounts;
mod harness;
mod settings;
mod sign_in;
mod uploads;
mod walk;
