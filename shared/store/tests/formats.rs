//! Items of every format that was ever written: that this program works on them, and writes its own. See
//! `formats/README.md`.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test program")]

mod formats {
    mod beginning;
    mod events;
    mod everything;
    mod index;
    mod journeys;
    mod migration;
    mod newer;
    mod plans;
    mod shapes;
    mod support;
    mod telling;
}
