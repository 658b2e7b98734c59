//! Never shipped: an embedded table, fixtures and fakes for tests.
