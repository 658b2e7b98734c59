//! What every signed-in page has around it, whichever function shows it: the gate before it (session, role, origin, proof,
//! size), the table of routes, the frame with its navigation, and the answers that all of them give.
//!
//! Between the rooms and the functions, beside `views`: it knows the store and pages, and no account. A function makes one [`Door`] and
//! hands its routes to [`router`]; its handlers take [`Viewer`] or [`Post`].

mod door;
mod gate;
mod nav;
mod reply;
mod routes;

pub use door::Door;
pub use gate::{Post, Stranger, Viewer, Who};
pub use nav::{NAV, nav};
pub use reply::{View, failure, redirect};
pub use routes::{Method, Route, router};
