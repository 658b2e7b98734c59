//! Mails: their words, their looks, and SES.
//!
//! Each mail is written once, as a [`letter::Letter`]; the HTML part and the text part are two renderings of it, so
//! they cannot say different things. Customer text is only ever data in a letter: it is cleaned when it goes in
//! ([`clean`]) and escaped when it comes out. What a person wrote to a customer has no frame of ours: [`welcome`].

mod brand;
pub mod clean;
mod dates;
mod html;
pub mod letter;
mod links;
mod mails;
mod personal;
mod renderer;
mod ses;
mod style;
mod text;

pub use brand::{Brand, Sign};
pub use links::DeadLink;
pub use personal::welcome;
pub use renderer::{Rendered, Renderer};
pub use ses::{InvalidSender, Sender, SesMailer};
