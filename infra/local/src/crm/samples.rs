//! The embedded sample data: one file per deal with all that belongs to it, and one with owners and pipelines.

use super::CrmError;
use super::data::Data;
use super::kind::Kind;
use super::record::Record;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Every file by its name, so that a broken one can be named.
const DEALS: &[(&str, &str)] = &[
    ("01-brightwater.json", include_str!("deals/01-brightwater.json")),
    ("02-pocket-harbor.json", include_str!("deals/02-pocket-harbor.json")),
    ("03-cobalt-ridge.json", include_str!("deals/03-cobalt-ridge.json")),
    ("04-weserland.json", include_str!("deals/04-weserland.json")),
    ("05-larkfield.json", include_str!("deals/05-larkfield.json")),
    ("06-quillmore.json", include_str!("deals/06-quillmore.json")),
    ("07-tern-and-vale.json", include_str!("deals/07-tern-and-vale.json")),
    ("08-halcyon.json", include_str!("deals/08-halcyon.json")),
    ("09-meridian.json", include_str!("deals/09-meridian.json")),
    ("10-naughty.json", include_str!("deals/10-naughty.json")),
    ("11-rivemont.json", include_str!("deals/11-rivemont.json")),
    ("12-brookhollow.json", include_str!("deals/12-brookhollow.json")),
    ("13-fernside.json", include_str!("deals/13-fernside.json")),
    ("14-old-mill.json", include_str!("deals/14-old-mill.json")),
];
const DIRECTORY: (&str, &str) = ("directory.json", include_str!("directory.json"));

/// One deal and everything that is associated with it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sample {
    story: String,
    deal: Record,
    #[serde(default)]
    companies: Vec<Record>,
    #[serde(default)]
    contacts: Vec<Record>,
    #[serde(default)]
    notes: Vec<Record>,
    #[serde(default)]
    emails: Vec<Record>,
    #[serde(default)]
    calls: Vec<Record>,
    #[serde(default)]
    meetings: Vec<Record>,
    #[serde(default)]
    tasks: Vec<Record>,
    #[serde(default)]
    transcripts: Vec<Transcript>,
}

/// What was said in one call; calls refer to it by `hs_call_transcription_id`.
#[derive(Deserialize)]
struct Transcript {
    id: String,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// Reads all samples.
pub(super) fn load() -> Result<Data, CrmError> {
    read(DEALS.iter().copied())
}

/// Reads these deals, and the samples' owners and pipelines.
pub(super) fn read<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Data, CrmError> {
    let mut data = Data::new(parse(DIRECTORY)?);
    for file in files {
        add(&mut data, parse(file)?);
    }
    Ok(data)
}

fn parse<T: DeserializeOwned>((file, text): (&str, &str)) -> Result<T, CrmError> {
    serde_json::from_str(text).map_err(|source| CrmError::Sample { file: file.to_owned(), source })
}

fn add(data: &mut Data, sample: Sample) {
    let deal = (Kind::Deals, sample.deal.id.clone());
    data.add_story(deal.1.clone(), sample.story);
    data.add(Kind::Deals, sample.deal);
    for company in &sample.companies {
        for contact in &sample.contacts {
            data.link(&(Kind::Companies, company.id.clone()), &(Kind::Contacts, contact.id.clone()));
        }
    }
    for Transcript { id, mut rest } in sample.transcripts {
        rest.insert("id".to_owned(), id.clone().into());
        data.add_transcript(id, rest.into());
    }
    let parts = [
        (Kind::Companies, sample.companies),
        (Kind::Contacts, sample.contacts),
        (Kind::Notes, sample.notes),
        (Kind::Emails, sample.emails),
        (Kind::Calls, sample.calls),
        (Kind::Meetings, sample.meetings),
        (Kind::Tasks, sample.tasks),
    ];
    for (kind, records) in parts {
        for record in records {
            data.link(&deal, &(kind, record.id.clone()));
            data.add(kind, record);
        }
    }
}
