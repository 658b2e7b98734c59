//! The same street on one machine: the functions' own routers and handlers, with stand-ins for AWS and HubSpot that
//! are reached over real HTTP. [`start`] runs everything inside this process; tests of the whole system use it too.

pub mod aws;
pub mod clock;
pub mod crm;
pub mod options;
pub mod organization;
pub(crate) mod pumps;
pub(crate) mod serve;
pub mod state;

pub use options::{DataDir, DrafterChoice, Options};
