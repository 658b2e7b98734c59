//! The function over an embedded table.

mod accounts;
mod harness;
mod sign_in;
mod walk;
