//! SQS: read the deal again, make the account once, gather sources, draft, invite the AE.
