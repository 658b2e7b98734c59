//! Who may come in: the gate of all signed-in pages, [`handoff_signed_in`].

pub(crate) use handoff_signed_in::Stranger;
pub use handoff_signed_in::{Post, Viewer};
