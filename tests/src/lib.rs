//! What the test programs share: the repository's files, read as data.

pub mod repository;
pub mod template;
