//! What several pages show of one handoff: quotes with their places, sources, conflicts, promises, the customer.
//!
//! Between the rooms and the functions: it knows the handoff, which `web` does not, and pages, which `domain` does not.
//! Pure functions from what is stored to markup; what is done with a form is its function's.

pub mod conflict;
pub mod evidence;
pub mod promise;
pub mod question;
pub mod source;
pub mod sources;
pub mod summary;

use handoff_domain::draft::Drafts;
use jiff::tz::TimeZone;

/// What the views of one handoff have in common.
#[derive(Debug, Clone)]
pub struct Reading<'a> {
    /// The drafts with their sources.
    pub drafts: &'a Drafts,
    /// The organization's time zone.
    pub zone: TimeZone,
    /// The address below which `/sources/<id>` leads to a whole source.
    pub path: &'a str,
}
