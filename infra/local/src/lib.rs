//! The same street on one machine.
