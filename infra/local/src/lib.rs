//! The same street on one machine: the functions' own routers and handlers, with stand-ins for AWS and HubSpot that
//! are reached over real HTTP. [`start`] runs everything inside this process; tests of the whole system use it too.

pub mod aws;
pub mod clock;
pub mod crm;
mod data_dir;
mod error;
mod functions;
pub mod options;
pub mod organization;
mod pages;
mod pumps;
mod receivers;
mod serve;
mod start;
pub mod state;
mod street;
mod websites;
mod year;

pub use error::StartError;
pub use options::{DataDir, DrafterChoice, Options, Research};
pub use start::{Running, start};
