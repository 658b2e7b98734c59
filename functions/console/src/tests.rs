//! The function over an embedded table.

mod harness;
mod sign_in;
mod walk;
