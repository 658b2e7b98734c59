//! The only author of key text. `docs/data-model.md` is checked against [`CHART`].

mod chart;
mod kind;
mod people;

pub use chart::{CHART, INDEX_CHART};
pub use kind::Kind;
pub use people::*;

use aws_sdk_dynamodb::types::AttributeValue;
use handoff_domain::Timestamp;
use handoff_domain::event::Event;
use handoff_domain::id::{
    AccountId, AuditId, DeliveryId, LogoId, MemberId, OrganizationId, OutboxId, TemplateId,
};
use handoff_domain::listing::Lane;
use handoff_domain::note::Note;
use handoff_domain::outbox::OutboxKey;
use handoff_domain::pace::Limit;
use handoff_domain::pattern::{HistoryEntry, Segment};
use handoff_domain::rollup::{Of, Period};
use std::collections::HashMap;

/// Partition key attribute.
pub const PK: &str = "PK";
/// Sort key attribute.
pub const SK: &str = "SK";
/// TTL attribute: seconds since 1970. It only tidies up; expiry is checked in code.
pub const TTL: &str = "ttl";

/// Owed mails, and due handoffs, of one organization are spread over this many partitions.
pub const SHARDS: u8 = 4;

/// The index of due handoffs.
pub const DUE_INDEX: &str = "due";
/// Partition key attribute of [`DUE_INDEX`]; only on items that are due.
pub const DUE_PK: &str = "due_pk";
/// Sort key attribute of [`DUE_INDEX`]: the moment, nothing else. In an index keys need not be unique, and so an update in
/// place can set it to a moment that the item holds already.
pub const DUE_SK: &str = "due_sk";

/// The index of accounts by company.
pub const COMPANIES_INDEX: &str = "companies";
/// The index of accounts by AE.
pub const AES_INDEX: &str = "aes";
/// Partition key attribute of [`COMPANIES_INDEX`] and [`AES_INDEX`].
pub const LIST_PK: &str = "list_pk";
/// Sort key attribute of [`COMPANIES_INDEX`].
pub const COMPANY_SK: &str = "company_sk";
/// Sort key attribute of [`AES_INDEX`]; only where the AE is known.
pub const AE_SK: &str = "ae_sk";
/// The index of handoffs by lane.
pub const LANES_INDEX: &str = "lanes";
/// Partition key attribute of [`LANES_INDEX`].
pub const LANE_PK: &str = "lane_pk";
/// The index of accounts by CSM.
pub const CSMS_INDEX: &str = "csms";
/// Partition key attribute of [`CSMS_INDEX`]; only where somebody has the account.
pub const CSM_PK: &str = "csm_pk";
/// Sort key attribute of [`LANES_INDEX`] and [`CSMS_INDEX`]. It never changes, so an update in place that moves a handoff to
/// another lane need not know it.
pub const MADE_SK: &str = "made_sk";

/// The index of events that are not counted yet.
pub const UNCOUNTED_INDEX: &str = "uncounted";
/// Partition key attribute of [`UNCOUNTED_INDEX`]; only on events that are not counted yet. Its sort key is [`SK`].
pub const UNCOUNTED_PK: &str = "uncounted_pk";

/// The key of one item.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    /// Partition key.
    pub pk: String,
    /// Sort key.
    pub sk: String,
}

impl Key {
    fn new(pk: String, sk: impl Into<String>) -> Self {
        Self { pk, sk: sk.into() }
    }

    /// The key as DynamoDB takes it.
    pub fn attributes(&self) -> HashMap<String, AttributeValue> {
        let text = |value: &str| AttributeValue::S(value.to_owned());
        HashMap::from([(PK.to_owned(), text(&self.pk)), (SK.to_owned(), text(&self.sk))])
    }
}

/// The organization's partition.
pub fn organization_partition(organization: &OrganizationId) -> String {
    format!("O#{organization}")
}

/// The account's partition.
pub fn account_partition(organization: &OrganizationId, account: &AccountId) -> String {
    format!("O#{organization}#A#{account}")
}

/// The organization itself.
pub fn organization(id: &OrganizationId) -> Key {
    Key::new(organization_partition(id), "ORGANIZATION")
}

/// The questions that new handoffs begin with.
pub fn questions(id: &OrganizationId) -> Key {
    Key::new(organization_partition(id), "QUESTIONS")
}

/// One published version of the questions.
pub fn question_set(id: &OrganizationId, version: u32) -> Key {
    Key::new(organization_partition(id), format!("QUESTIONS#{version:04}"))
}

/// One image of the logo.
pub fn logo(id: &OrganizationId, logo: &LogoId) -> Key {
    Key::new(organization_partition(id), format!("LOGO#{logo}"))
}

/// The people.
pub fn roster(id: &OrganizationId) -> Key {
    Key::new(organization_partition(id), "ROSTER")
}

/// What each CSM carries.
pub fn loads(id: &OrganizationId) -> Key {
    Key::new(organization_partition(id), "LOADS")
}

/// Who gets the weekly mail, and for which week it was sent last.
pub fn weekly(id: &OrganizationId) -> Key {
    Key::new(organization_partition(id), "WEEKLY")
}

/// How far the organization's deals were looked through.
pub fn reconciliation(id: &OrganizationId) -> Key {
    Key::new(organization_partition(id), "RECONCILIATION")
}

/// What the organization wants told to other tools.
pub fn integrations(id: &OrganizationId) -> Key {
    Key::new(organization_partition(id), "INTEGRATIONS")
}

/// The partition of the organization's messages to other tools.
pub fn deliveries_partition(id: &OrganizationId) -> String {
    format!("{}#DELIVERIES", organization_partition(id))
}

/// One message to another tool.
pub fn delivery(id: &OrganizationId, delivery: &DeliveryId) -> Key {
    Key::new(deliveries_partition(id), delivery.as_str())
}

/// What of an account flowed back into HubSpot.
pub fn flow_back(organization: &OrganizationId, account: &AccountId) -> Key {
    Key::new(account_partition(organization, account), "FLOW-BACK")
}

/// The organization's events that other tools were not told of, in one shard of the due index.
pub fn untold_partition(id: &OrganizationId, shard: u8) -> String {
    format!("{}#UNTOLD#{shard}", organization_partition(id))
}

/// The organization's messages that are to be sent, in one shard of the due index.
pub fn deliver_partition(id: &OrganizationId, shard: u8) -> String {
    format!("{}#DELIVER#{shard}", organization_partition(id))
}

/// The partition of the organization's totals.
pub fn totals_partition(id: &OrganizationId) -> String {
    format!("{}#TOTALS", organization_partition(id))
}

/// One row of the organization's totals.
pub fn totals(id: &OrganizationId, period: Period, of: &Of) -> Key {
    Key::new(totals_partition(id), format!("{}#{}#{of}", period.grain.as_str(), period.start))
}

/// What an account has added to the totals.
pub fn folded(organization: &OrganizationId, account: &AccountId) -> Key {
    Key::new(account_partition(organization, account), "FOLDED")
}

/// When the organization's admins last got their digest.
pub fn digest(id: &OrganizationId) -> Key {
    Key::new(organization_partition(id), "DIGEST")
}

/// Sort key of the templates.
pub(crate) const TEMPLATES: &str = "TEMPLATE";

/// The onboarding templates as they are.
pub fn templates(id: &OrganizationId) -> Key {
    Key::new(organization_partition(id), TEMPLATES)
}

/// A version of a template that another one took the place of.
pub fn template_version(id: &OrganizationId, template: &TemplateId, version: u32) -> Key {
    Key::new(organization_partition(id), format!("{TEMPLATES}#{template}#{version:04}"))
}

/// The account and its handoff.
pub fn handoff(organization: &OrganizationId, account: &AccountId) -> Key {
    Key::new(account_partition(organization, account), "HANDOFF")
}

/// The drafts of the current round.
pub fn drafts(organization: &OrganizationId, account: &AccountId) -> Key {
    Key::new(account_partition(organization, account), "DRAFTS")
}

/// Prefix of the events' sort keys.
pub const EVENT_PREFIX: &str = "EVENT#";

/// One fact of an account's timeline.
pub fn event(organization: &OrganizationId, account: &AccountId, event: &Event) -> Key {
    let sort = format!("{EVENT_PREFIX}{}#{}", sortable(event.at), event.id);
    Key::new(account_partition(organization, account), sort)
}

/// Prefix of the sources' sort keys.
pub const SOURCES_PREFIX: &str = "SOURCES#";

/// One chunk of the sources' bodies.
pub fn sources(organization: &OrganizationId, account: &AccountId, chunk: usize) -> Key {
    Key::new(account_partition(organization, account), format!("{SOURCES_PREFIX}{chunk:02}"))
}

/// The onboarding plan.
pub fn plan(organization: &OrganizationId, account: &AccountId) -> Key {
    Key::new(account_partition(organization, account), "PLAN")
}

/// One note about the account.
pub fn note(organization: &OrganizationId, account: &AccountId, note: &Note) -> Key {
    let sort = format!("NOTE#{}#{}", sortable(note.created_at), note.id);
    Key::new(account_partition(organization, account), sort)
}

/// What was said of one round.
pub fn rating(organization: &OrganizationId, account: &AccountId, round: u32) -> Key {
    Key::new(account_partition(organization, account), format!("RATING#{round:04}"))
}

/// One round that is over.
pub fn round(organization: &OrganizationId, account: &AccountId, round: u32) -> Key {
    Key::new(account_partition(organization, account), format!("ROUND#{round:04}"))
}

/// The raw payload of an account made by hand.
pub fn payload(organization: &OrganizationId, account: &AccountId) -> Key {
    Key::new(account_partition(organization, account), "PAYLOAD")
}

/// The welcome mail. Its name sorts before [`SOURCES_PREFIX`], so that it is read with the account.
pub fn welcome(organization: &OrganizationId, account: &AccountId) -> Key {
    Key::new(account_partition(organization, account), "MAIL#WELCOME")
}

/// The kickoff as planned.
pub fn kickoff(organization: &OrganizationId, account: &AccountId) -> Key {
    Key::new(account_partition(organization, account), "KICKOFF")
}

/// What the organization's customers of one industry and size named.
pub fn history_partition(organization: &OrganizationId, segment: &Segment) -> String {
    format!("O#{organization}#HISTORY#{}#{}", segment.industry(), segment.band().as_str())
}

/// What one submitted handoff named.
pub fn history(entry: &HistoryEntry) -> Key {
    let sort = format!("{}#{}", sortable(entry.submitted_at), entry.account);
    Key::new(history_partition(&entry.organization, &entry.segment), sort)
}

/// One of the organization's outbox partitions.
pub fn outbox_partition(organization: &OrganizationId, shard: u8) -> String {
    format!("O#{organization}#OUTBOX#{shard}")
}

/// One owed entry.
pub fn outbox(key: &OutboxKey) -> Key {
    Key::new(outbox_partition(&key.organization, outbox_shard(key)), outbox_sort(key.owed_at, &key.id))
}

/// Mails about no account are spread by their cause.
fn outbox_shard(key: &OutboxKey) -> u8 {
    key.account.as_ref().map_or_else(|| shard_of(key.id.as_str()), shard)
}

fn outbox_sort(owed_at: Timestamp, id: &OutboxId) -> String {
    format!("{}#{id}", sortable(owed_at))
}

/// The shard of an account's owed mails and of its entry in the due index: stable, spread evenly.
pub fn shard(account: &AccountId) -> u8 {
    shard_of(account.as_str())
}

pub(crate) fn shard_of(text: &str) -> u8 {
    let sum = text.bytes().fold(0u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte));
    sum % SHARDS
}

/// What changed in the organization's settings, and who changed it.
pub fn audit_partition(organization: &OrganizationId) -> String {
    format!("O#{organization}#AUDIT")
}

/// One change of the settings.
pub fn audit(organization: &OrganizationId, at: Timestamp, id: &AuditId) -> Key {
    Key::new(audit_partition(organization), format!("{}#{id}", sortable(at)))
}

/// One of the organization's partitions of the due index.
pub fn due_partition(organization: &OrganizationId, shard: u8) -> String {
    format!("O#{organization}#DUE#{shard}")
}

/// The organization's partition of the lists by name.
pub fn list_partition(organization: &OrganizationId) -> String {
    format!("O#{organization}#LIST")
}

/// The organization's events that are not counted yet, in one shard.
pub fn uncounted_partition(organization: &OrganizationId, shard: u8) -> String {
    format!("O#{organization}#UNCOUNTED#{shard}")
}

/// The organization's handoffs in one lane.
pub fn lane_partition(organization: &OrganizationId, lane: Lane) -> String {
    format!("O#{organization}#LANE#{}", lane.as_str())
}

/// The organization's accounts that one CSM has.
pub fn csm_partition(organization: &OrganizationId, csm: &MemberId) -> String {
    format!("O#{organization}#CSM#{csm}")
}

/// Where an account stands in a list by age.
pub fn made_sort(made_at: Timestamp, account: &AccountId) -> String {
    format!("{}#{account}", sortable(made_at))
}

/// Where an account stands in a list by a folded name.
pub fn named_sort(folded: &str, made: &str) -> String {
    format!("{folded}#{made}")
}

/// The account of a partition that [`account_partition`] made; `None` for any other.
pub fn account_of(partition: &str) -> Option<AccountId> {
    let (_, account) = partition.strip_prefix("O#")?.split_once("#A#")?;
    AccountId::parse(account).ok()
}

/// The organization of a partition of its own; `None` for any other.
pub fn organization_of(partition: &str) -> Option<OrganizationId> {
    OrganizationId::parse(partition.strip_prefix("O#")?.split('#').next()?).ok()
}

/// All organizations: the one partition that belongs to none, for schedules only.
pub const DIRECTORY: &str = "DIRECTORY";

/// One organization in the directory.
pub fn directory(id: &OrganizationId) -> Key {
    Key::new(DIRECTORY.to_owned(), id.as_str())
}

/// The limits that all processes keep together. They belong to the deployment: to its one portal and its one AWS account.
pub const PACE: &str = "PACE";

/// One such limit.
pub fn pace(limit: Limit) -> Key {
    Key::new(PACE.to_owned(), limit.as_str())
}

/// All unusable deliveries.
pub const QUARANTINE: &str = "QUARANTINE";

/// One unusable delivery. Its organization is not known: that is what is unusable about it.
pub fn quarantine(received_at: Timestamp, id: &str) -> Key {
    Key::new(QUARANTINE.to_owned(), format!("{}#{id}", sortable(received_at)))
}

/// RFC 3339 in UTC with six digits of a second, so that text order is time order.
pub fn sortable(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;
