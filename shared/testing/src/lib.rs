//! Never shipped: an embedded table and fixtures for tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code stops where it stands")]

pub mod crowd;
pub mod engine;
pub mod fixtures;
pub mod table;

pub use table::{TestTable, table};
