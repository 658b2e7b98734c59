//! Everything that HubSpot knows about a won deal, as an account, an account executive and sources.
//!
//! What cannot be read is told and stops nothing: a failure that may heal is returned while there is another try, and
//! becomes a gap on the last one.

use crate::api::{
    Associated, BATCH_MAX, RECORD_TYPES, Record, RecordType, associations_body, associations_path,
    batch_read_body, batch_read_path, read_association_page, read_records,
};
use crate::client::HubSpot;
use crate::deal::Deal;
use crate::error::{HubSpotError, Said};
use crate::owner::Owner;
use crate::record::{account, deal_source, record_source, website};
use crate::transport::Request;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use handoff_domain::account::Account;
use handoff_domain::handoff::{Ae, Attention};
use handoff_domain::source::{Source, SourceGap, SourceKind};

mod transcripts;

/// Requests that are under way at once for one deal, beside the owner's.
const CONCURRENT_MAX: usize = 3;
/// Records of one kind that are read for one deal.
const RECORDS_MAX: usize = 500;
/// Pages of associations that are read for one kind.
const PAGES_MAX: usize = 5;

/// What HubSpot knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gathered {
    /// The customer. Its close date is the day in UTC; [`Deal::close_date`] gives it in another zone.
    pub account: Account,
    /// The deal's owner.
    pub ae: Ae,
    /// Why no mail can go to the owner.
    pub ae_attention: Option<Attention>,
    /// The deal, companies, contacts and activities that say something.
    pub sources: Vec<Source>,
    /// What could not be read.
    pub gaps: Vec<SourceGap>,
}

/// A deal's companies, read before the rest.
#[derive(Debug, Default)]
pub struct Companies(Found);

impl Companies {
    /// The website of the customer as the CRM holds it; empty when it holds none.
    pub fn website(&self) -> String {
        self.0.records.first().map(website).unwrap_or_default()
    }
}

/// The records of one kind, and why some of them are missing.
#[derive(Debug, Default)]
struct Found {
    records: Vec<Record>,
    gaps: Vec<String>,
}

impl HubSpot {
    /// Reads all that hangs on a deal: about ten requests for a hundred activities.
    ///
    /// A failure that may heal is an error, unless this is the last try: then it is a gap, and the rest goes on.
    pub async fn gather(&self, deal: &Deal, last_try: bool) -> Result<Gathered, HubSpotError> {
        self.gather_with(deal, None, last_try).await
    }

    /// The deal's companies alone, so that what hangs on them can begin: one request, none where there are none.
    pub async fn read_companies(&self, deal: &Deal, last_try: bool) -> Result<Companies, HubSpotError> {
        let mut kinds = RECORD_TYPES.iter().zip(&deal.associations);
        match kinds.find(|(kind, _)| kind.kind == SourceKind::Company) {
            Some((kind, associated)) => self.read_kind(deal, kind, associated, last_try).await.map(Companies),
            None => Ok(Companies::default()),
        }
    }

    /// As [`HubSpot::gather`]; companies that are known are not read again.
    pub async fn gather_with(
        &self,
        deal: &Deal,
        companies: Option<Companies>,
        last_try: bool,
    ) -> Result<Gathered, HubSpotError> {
        let mut gaps = Vec::new();
        let mut known = companies.map(|companies| companies.0);
        let kinds = RECORD_TYPES.iter().zip(&deal.associations);
        let reads: Vec<_> = kinds
            .map(|(kind, associated)| {
                let known = if kind.kind == SourceKind::Company { known.take() } else { None };
                async move {
                    match known {
                        Some(found) => Ok(found),
                        None => self.read_kind(deal, kind, associated, last_try).await,
                    }
                }
            })
            .collect();
        let records = stream::iter(reads).buffered(CONCURRENT_MAX).try_collect::<Vec<Found>>();
        let (owner, found) = tokio::try_join!(self.owner_or_gap(deal, last_try), records)?;
        let owner = owner.unwrap_or_else(|reason| {
            gaps.push(SourceGap { kind: SourceKind::Deal, reason: format!("Owner: {reason}") });
            Owner::unknown()
        });
        let mut sources: Vec<Source> = deal_source(deal).into_iter().collect();
        for (kind, found) in RECORD_TYPES.iter().zip(&found) {
            let read = found
                .records
                .iter()
                .filter_map(|record| record_source(kind.kind, record, &owner, deal.owner_id));
            sources.extend(read);
            gaps.extend(
                found.gaps.iter().map(|reason| SourceGap { kind: kind.kind, reason: reason.clone() }),
            );
        }
        self.add_transcripts(records_of(&found, SourceKind::Call), &mut sources, &mut gaps, last_try).await?;
        let company = records_of(&found, SourceKind::Company).first();
        let account = account(deal, company, records_of(&found, SourceKind::Contact));
        Ok(Gathered { account, ae: owner.ae, ae_attention: owner.attention, sources, gaps })
    }

    async fn owner_or_gap(
        &self,
        deal: &Deal,
        last_try: bool,
    ) -> Result<Result<Owner, &'static str>, HubSpotError> {
        match self.read_owner(deal.owner_id).await {
            Ok(owner) => Ok(Ok(owner)),
            Err(error) => gap_or_error(error, last_try).map(Err),
        }
    }

    async fn read_kind(
        &self,
        deal: &Deal,
        kind: &RecordType,
        associated: &Associated,
        last_try: bool,
    ) -> Result<Found, HubSpotError> {
        let mut found = Found::default();
        let mut ids = associated.ids.clone();
        if associated.next.is_some() {
            match self.read_all_associations(deal, kind, associated).await {
                Ok(all) => ids = all,
                Err(error) => {
                    found.gaps.push(format!("Not all were found: {}", gap_or_error(error, last_try)?));
                }
            }
        }
        if ids.len() > RECORDS_MAX {
            found.gaps.push(format!("{} of {} were left out", ids.len() - RECORDS_MAX, ids.len()));
            ids.truncate(RECORDS_MAX);
        }
        for batch in ids.chunks(BATCH_MAX) {
            match self.read_batch(kind, batch).await {
                Ok(records) => found.add(records, batch),
                Err(error) => found.gaps.push(gap_or_error(error, last_try)?.to_owned()),
            }
        }
        Ok(found)
    }

    /// The answer of a deal carries a first page only. Its cursor belongs to another endpoint, so this reads from the
    /// start; ids that are known already stay where they are.
    async fn read_all_associations(
        &self,
        deal: &Deal,
        kind: &RecordType,
        first: &Associated,
    ) -> Result<Vec<String>, HubSpotError> {
        let mut all = Associated { ids: first.ids.clone(), next: None };
        for _ in 0..PAGES_MAX {
            let body = associations_body(&deal.id, all.next.as_deref());
            let answer = self.call(&Request::post(associations_path(kind.name), body)).await?;
            let Some(answer) = answer else { break };
            let page =
                read_association_page(&answer).ok_or(HubSpotError::Unreadable("it holds no associations"))?;
            let is_last = page.next.is_none() || page.next == all.next;
            all.extend(page.ids);
            all.next = page.next;
            if is_last {
                break;
            }
        }
        Ok(all.ids)
    }

    async fn read_batch(&self, kind: &RecordType, ids: &[String]) -> Result<Vec<Record>, HubSpotError> {
        let body = batch_read_body(kind.properties, ids);
        let answer = self.call(&Request::post(batch_read_path(kind.name), body)).await?;
        let answer = answer.ok_or(HubSpotError::Refused { status: 404, said: Said::default() })?;
        read_records(&answer).ok_or(HubSpotError::Unreadable("it holds no records"))
    }
}

impl Found {
    /// Takes what came of a batch, in the order that was asked for, and tells what did not come.
    fn add(&mut self, mut records: Vec<Record>, asked: &[String]) {
        let place = |record: &Record| asked.iter().position(|id| *id == record.id);
        records.retain(|record| place(record).is_some());
        records.sort_by_key(place);
        records.dedup_by(|a, b| a.id == b.id);
        let missing = asked.len() - records.len();
        if missing > 0 {
            self.gaps.push(format!("{missing} of {} could not be read in HubSpot", asked.len()));
        }
        self.records.append(&mut records);
    }
}

fn records_of(found: &[Found], kind: SourceKind) -> &[Record] {
    let place = RECORD_TYPES.iter().position(|record| record.kind == kind);
    place.and_then(|place| found.get(place)).map(|found| found.records.as_slice()).unwrap_or_default()
}

/// A failure that may heal is an error as long as there is another try. A token that is refused may be exchanged
/// meanwhile; a missing scope stays missing, and must not keep the AE waiting.
fn gap_or_error(error: HubSpotError, last_try: bool) -> Result<&'static str, HubSpotError> {
    let may_heal = error.is_retryable() || matches!(error, HubSpotError::Unauthorized { status: 401 });
    if may_heal && !last_try { Err(error) } else { Ok(error.to_plain_text()) }
}
