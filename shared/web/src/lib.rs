//! Pages: layout, components, forms, security headers, assets.
//!
//! Everything that an HTTP function needs to answer a browser, and nothing that knows a handoff: no store, no clock.

pub mod assets;
pub mod components;
pub mod compression;
pub mod cookie;
pub mod error_page;
pub mod fields;
pub mod form;
pub mod headers;
pub mod inline;
pub mod negotiation;
pub mod origin;
pub mod page;
pub mod shell;
pub mod text;

pub use maud::{Markup, PreEscaped, Render, html};
