//! The organization's accounts: list, board, one account with its sources and rounds, and what people do with it.

mod account;
mod board;
pub(crate) mod dead_letters;
mod import;
mod kickoff;
pub(crate) mod left;
mod list;
mod make;
mod new;
mod older;
mod pages;
pub(crate) mod plan;
mod query;
mod steps;
mod welcome;
mod words;
mod writing;

pub(crate) use account::{round, show, source};
pub(crate) use board::board;
pub(crate) use import::{import, preview};
pub(crate) use list::list;
pub(crate) use new::{create, form};
pub(crate) use pages::{outline, working_days};
pub(crate) use steps::{clear, give_back, remind, resend, skip};
pub(crate) use writing::{note, rate};

/// Deals of the past.
pub(crate) mod older_deals {
    pub(crate) use super::older::{import, page};
}

/// The welcome mail.
pub(crate) mod first_mail {
    pub(crate) use super::welcome::{mail, page, post, preview};
}

/// The kickoff.
pub(crate) mod first_call {
    pub(crate) use super::kickoff::{file, plan};
}
