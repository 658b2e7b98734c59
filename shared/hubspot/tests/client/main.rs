//! The client against a loopback HubSpot: every request and answer is held against HubSpot's own OpenAPI documents.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests say what they expect")]

mod contract;
mod data;
mod fake;
mod gathering;
mod limits;
mod responses;
mod traces;
mod writing;
