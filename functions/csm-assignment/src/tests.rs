//! The function over an embedded table.

mod assign;
mod harness;
mod histories;
mod page;
mod walk;
