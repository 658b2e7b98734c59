//! Reads a customer's website safely: a few public pages, politely, from wherever the CRM's address leads on the public
//! internet and from nowhere else. Sends messages to addresses that an admin gave, through the same guards ([`Poster`]).
//!
//! An address is judged by its text ([`check_address`]), its host by all the addresses that it resolves to, every redirect
//! and link like the first address. The caps are those of `SITE_MAX`, `PAGE_MAX_BYTES` and their neighbours. Whatever a site does, the
//! answer is pages and gaps; there is no error.

mod address;
mod fetch;
mod links;
mod names;
mod network;
mod outline;
mod page;
mod post;
mod robots;
mod site;

#[cfg(test)]
mod fuzz;

pub use address::Refusal;
pub use post::{Answered, PostError, Poster};
pub use site::{Findings, Reader, ReaderError};

/// Whether the CRM's address of a website would be asked at all, without asking it.
pub fn check_address(text: &str) -> Result<(), Refusal> {
    address::of_crm(text).map(drop)
}
