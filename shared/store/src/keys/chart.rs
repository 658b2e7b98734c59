//! Every key as `docs/data-model.md` shows it; a test holds the three together.

use super::{AES_INDEX, COMPANIES_INDEX, CSMS_INDEX, DUE_INDEX, LANES_INDEX, UNCOUNTED_INDEX};

/// The indexes as `docs/data-model.md` shows them: name, partition key, sort key.
pub const INDEX_CHART: [(&str, &str, &str); 6] = [
    (DUE_INDEX, "O#<org>#DUE#<shard>", "<due at>"),
    (COMPANIES_INDEX, "O#<org>#LIST", "<company>#<made at>#<account>"),
    (AES_INDEX, "O#<org>#LIST", "<ae>#<made at>#<account>"),
    (LANES_INDEX, "O#<org>#LANE#<lane>", "<made at>#<account>"),
    (CSMS_INDEX, "O#<org>#CSM#<member>", "<made at>#<account>"),
    (UNCOUNTED_INDEX, "O#<org>#UNCOUNTED#<shard>", "EVENT#<at>#<id>"),
];

/// Every kind of item: its name, partition key and sort key, as `docs/data-model.md` shows them.
pub const CHART: &[(&str, &str, &str)] = &[
    ("Organization", "O#<org>", "ORGANIZATION"),
    ("Current questions", "O#<org>", "QUESTIONS"),
    ("Question set version", "O#<org>", "QUESTIONS#<version>"),
    ("Logo", "O#<org>", "LOGO#<image>"),
    ("Roster", "O#<org>", "ROSTER"),
    ("Loads", "O#<org>", "LOADS"),
    ("Digest", "O#<org>", "DIGEST"),
    ("Weekly", "O#<org>", "WEEKLY"),
    ("Reconciliation", "O#<org>", "RECONCILIATION"),
    ("Integrations", "O#<org>", "INTEGRATIONS"),
    ("Outgoing delivery", "O#<org>#DELIVERIES", "<delivery>"),
    ("Totals", "O#<org>#TOTALS", "<grain>#<first day>#<whose>"),
    ("Templates", "O#<org>", "TEMPLATE"),
    ("Template version", "O#<org>", "TEMPLATE#<template>#<version>"),
    ("Handoff", "O#<org>#A#<account>", "HANDOFF"),
    ("Drafts", "O#<org>#A#<account>", "DRAFTS"),
    ("Flow-back", "O#<org>#A#<account>", "FLOW-BACK"),
    ("Event", "O#<org>#A#<account>", "EVENT#<at>#<id>"),
    ("Folded", "O#<org>#A#<account>", "FOLDED"),
    ("Sources", "O#<org>#A#<account>", "SOURCES#<nn>"),
    ("Plan", "O#<org>#A#<account>", "PLAN"),
    ("Note", "O#<org>#A#<account>", "NOTE#<written at>#<id>"),
    ("Rating", "O#<org>#A#<account>", "RATING#<round>"),
    ("Round", "O#<org>#A#<account>", "ROUND#<round>"),
    ("Payload", "O#<org>#A#<account>", "PAYLOAD"),
    ("Welcome", "O#<org>#A#<account>", "MAIL#WELCOME"),
    ("Kickoff", "O#<org>#A#<account>", "KICKOFF"),
    ("History", "O#<org>#HISTORY#<industry>#<band>", "<submitted at>#<account>"),
    ("Outbox entry", "O#<org>#OUTBOX#<shard>", "<owed at>#<id>"),
    ("Audit entry", "O#<org>#AUDIT", "<at>#<id>"),
    ("Session", "O#<org>#SESSION#<hash>", "SESSION"),
    ("Sign-ins", "O#<org>", "SIGN-INS#<from>"),
    ("Person", "PERSON#<address>", "O#<org>"),
    ("Sign-ins of an address", "PERSON#<address>", "SIGN-INS#<from>"),
    ("Sign-ins of nobody", "PERSON#<address>", "NOBODY#<from>"),
    ("Sign-in", "SIGN-IN#<id>", "SIGN-IN"),
    ("Directory", "DIRECTORY", "<org>"),
    ("Quarantine", "QUARANTINE", "<received at>#<id>"),
    ("Pace", "PACE", "<limit>"),
];
