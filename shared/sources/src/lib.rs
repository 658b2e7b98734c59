//! Makes gathered material fit to be read, quoted and counted.
//!
//! Pure: sources in, sources out. Citations are cut out of what this room returns, and that is what is kept, so every
//! quote stands word for word in its stored source.

mod mail;
mod payload;
mod typed;
mod words;

pub use mail::tidy;
pub use payload::split;
pub use typed::typed;
