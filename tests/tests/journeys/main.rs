//! Journeys over HTTP through the local run: the product as people and HubSpot meet it. One program, so that it links once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    missing_docs,
    unreachable_pub,
    reason = "a test program"
)]

mod bad_input;
mod budget;
mod by_hand;
mod console;
mod dead_letters;
mod form;
mod happy_path;
mod headers;
mod integrations;
mod links;
mod looking;
mod model;
mod numbers;
mod outages;
mod patterns;
mod permissions;
mod privacy;
mod reconciliation;
mod research;
mod rig;
mod rotation;
mod signing_in;
mod stuck;
mod webhooks;
