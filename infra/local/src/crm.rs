//! The built-in CRM: sample deals behind HubSpot's own API shapes, so that the real client has something to talk to.
//!
//! It serves the dated paths of one API version, asks for a bearer token (any will do), and keeps what is written to it
//! in one file, so that a closed deal stays closed after a restart.

mod answer;
mod associations;
mod data;
mod directory;
mod kind;
mod objects;
mod record;
mod router;
mod samples;
mod search;
mod state;
#[cfg(test)]
mod tests;

pub use router::router;

use data::Data;
use handoff_runtime::Clock;
use jiff::Timestamp;
use kind::Kind;
use state::StateFile;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU16, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The portal that the sample deals live in.
const PORTAL_ID: u64 = 62_515;
/// Most associations of one kind that HubSpot puts on a page.
const ASSOCIATIONS_PER_PAGE: usize = 500;

/// Why the CRM could not start or could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum CrmError {
    /// A sample is broken.
    #[error("the sample data {file} cannot be read")]
    Sample {
        /// Which one.
        file: String,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// The file with the changes holds something else.
    #[error("the CRM's state file cannot be understood; delete it to begin again")]
    State(#[source] serde_json::Error),
    /// The file with the changes cannot be read or written.
    #[error("the CRM's state file cannot be read or written")]
    File(#[source] std::io::Error),
    /// There is no such deal.
    #[error("there is no such deal")]
    UnknownDeal,
    /// The deal's pipeline has no stage that means "won".
    #[error("the deal's pipeline has no won stage")]
    NoWonStage,
}

/// One sample deal as the start page lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DealSummary {
    /// HubSpot's deal id.
    pub id: String,
    /// The deal's name; may hold markup, so escape it.
    pub name: String,
    /// The company's name; empty when the deal has no company.
    pub company: String,
    /// What is special about it, in one line.
    pub story: String,
    /// The label of its stage.
    pub stage: String,
    /// Whether it is won now.
    pub is_won: bool,
    /// The address of its owner, where the owner is active and has one.
    pub owner_email: Option<String>,
}

/// A note that was written through the API.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct WrittenNote {
    /// The deal that it hangs on.
    pub deal: String,
    /// HTML.
    pub body: String,
}

/// The CRM. Clones share everything.
#[derive(Debug, Clone)]
pub struct Crm {
    shared: Arc<Shared>,
    clock: Clock,
}

#[derive(Debug)]
struct Shared {
    data: Mutex<Data>,
    file: Option<StateFile>,
    requests: AtomicU64,
    outage: AtomicU16,
    association_page: AtomicUsize,
}

impl Crm {
    /// The sample deals, with the changes that `state_path` remembers; without a path changes last as long as the process.
    pub fn new(state_path: Option<PathBuf>) -> Result<Self, CrmError> {
        let mut data = samples::load()?;
        let file = state_path.map(StateFile::new);
        if let Some(changes) = file.as_ref().map(StateFile::read).transpose()?.flatten() {
            data.apply(changes);
        }
        Ok(Self::serving(data, file))
    }

    /// Other deals in the place of the samples, with the samples' owners and pipelines. `files` are pairs of a name, for
    /// errors, and a text of the samples' shape. Changes last as long as the process.
    pub fn with_deals<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, CrmError> {
        Ok(Self::serving(samples::read(files)?, None))
    }

    fn serving(data: Data, file: Option<StateFile>) -> Self {
        let shared = Shared {
            data: Mutex::new(data),
            file,
            requests: AtomicU64::new(0),
            outage: AtomicU16::new(0),
            association_page: AtomicUsize::new(ASSOCIATIONS_PER_PAGE),
        };
        Self { shared: Arc::new(shared), clock: Clock::system() }
    }

    /// The same CRM, dating writes over HTTP by `clock`.
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// The portal's id, as webhooks name it.
    pub fn portal_id(&self) -> u64 {
        PORTAL_ID
    }

    /// Every sample deal, in the order of its id.
    pub fn deals(&self) -> Vec<DealSummary> {
        self.data().summaries()
    }

    /// Notes that Handoff wrote.
    pub fn written_notes(&self) -> Vec<WrittenNote> {
        let data = self.data();
        let written =
            data.list(Kind::Notes).filter(|note| note.text("hs_note_body").contains("Handoff reference "));
        let told = written.map(|note| WrittenNote {
            deal: data.linked(Kind::Notes, &note.id, Kind::Deals).join(", "),
            body: note.text("hs_note_body").to_owned(),
        });
        told.collect()
    }

    /// Moves a deal to the won stage of its pipeline, as an AE would. A deal that is won already stays as it is.
    pub fn close(&self, id: &str, now: Timestamp) -> Result<(), CrmError> {
        self.write(|data| {
            let deal = data.find(Kind::Deals, id).ok_or(CrmError::UnknownDeal)?;
            let stage = data.directory.won_stage(deal.text("pipeline")).ok_or(CrmError::NoWonStage)?;
            if deal.text("dealstage") != stage {
                let change = [("dealstage".to_owned(), Some(stage))].into();
                data.patch(Kind::Deals, id, change, now);
            }
            Ok(())
        })?
    }

    /// Makes so many deals like this one, with companies of their own; answers with their ids.
    pub fn copy(&self, id: &str, count: usize, now: Timestamp) -> Result<Vec<String>, CrmError> {
        self.write(|data| {
            (1..=count).map(|number| data.copy(id, number, now).ok_or(CrmError::UnknownDeal)).collect()
        })?
    }

    /// Takes a deal back to the first stage of its pipeline, and answers with that stage.
    pub fn reopen(&self, id: &str, now: Timestamp) -> Result<String, CrmError> {
        self.write(|data| {
            let deal = data.find(Kind::Deals, id).ok_or(CrmError::UnknownDeal)?;
            let stage = data.directory.first_stage(deal.text("pipeline")).ok_or(CrmError::NoWonStage)?;
            let change = [("dealstage".to_owned(), Some(stage.clone()))].into();
            data.patch(Kind::Deals, id, change, now);
            Ok(stage)
        })?
    }

    /// HTTP requests answered so far, refused ones included.
    pub fn requests(&self) -> u64 {
        self.shared.requests.load(Ordering::Relaxed)
    }

    /// Answers every request with this HTTP status until told otherwise; `None` ends the outage.
    pub fn set_outage(&self, status: Option<u16>) {
        self.shared.outage.store(status.unwrap_or(0), Ordering::Relaxed);
    }

    /// How many associations of one kind come on a page (500 at first), so that paging can be tried with few.
    pub fn set_association_page_size(&self, size: usize) {
        self.shared.association_page.store(size.max(1), Ordering::Relaxed);
    }

    fn association_page_size(&self) -> usize {
        self.shared.association_page.load(Ordering::Relaxed)
    }

    fn data(&self) -> MutexGuard<'_, Data> {
        self.shared.data.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a change and makes it durable before anyone sees it; a change that cannot be kept is not made.
    fn write<T>(&self, change: impl FnOnce(&mut Data) -> T) -> Result<T, CrmError> {
        let mut data = self.data();
        let Some(file) = &self.shared.file else { return Ok(change(&mut data)) };
        let mut changed = data.clone();
        let outcome = change(&mut changed);
        file.write(&changed.changes())?;
        *data = changed;
        Ok(outcome)
    }
}
