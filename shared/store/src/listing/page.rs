//! Pages of a list: at most a few queries each, and a cursor that says where the next one begins.

use super::readable;
use super::segment::{Range, Segment};
use crate::Store;
use crate::error::StoreError;
use crate::item::Item;
use crate::keys;
use aws_sdk_dynamodb::types::AttributeValue;
use data_encoding::BASE64URL_NOPAD;
use futures_util::future::try_join_all;
use handoff_domain::id::{AccountId, OrganizationId};
use handoff_domain::listing::{Filter, Lane, Listed, fold};
use serde::{Deserialize, Serialize};

/// Entries that one query reads where a filter refuses some of them.
const NARROWED_MAX: usize = 250;

/// Further queries of one page where a filter refuses most of what the first ones found.
const MORE_QUERIES_MAX: usize = 4;

/// Accounts of one company that are looked at: more than a company has.
const OF_COMPANY_MAX: usize = 50;

/// Where a page ended. Its text is opaque; one that does not belong to the list begins it anew. It opens nothing: the
/// partition comes from the organization that asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    segment: usize,
    sort: String,
    account: AccountId,
}

impl Cursor {
    /// The text for an address.
    pub fn to_text(&self) -> String {
        BASE64URL_NOPAD.encode(&serde_json::to_vec(self).unwrap_or_default())
    }

    /// Reads a text that [`Cursor::to_text`] made; `None` for any other.
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_slice(&BASE64URL_NOPAD.decode(text.as_bytes()).ok()?).ok()
    }
}

/// One page of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountsPage {
    /// The rows, possibly fewer than asked for although there are more.
    pub rows: Vec<Listed>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Cursor>,
}

/// What one query found.
struct Found {
    entries: Vec<Item>,
    has_more: bool,
}

impl Store {
    /// A page of the organization's accounts, at most `most`: without a text in the order of companies, else of what the
    /// text names; by state, CSM and age the newest first. Read from the indexes, so a second or so behind the table.
    pub async fn list_accounts(
        &self,
        organization: &OrganizationId,
        filter: &Filter,
        after: Option<&Cursor>,
        most: usize,
    ) -> Result<AccountsPage, StoreError> {
        let segments = Segment::of(filter);
        let ranges: Vec<Range> = segments.iter().map(|segment| segment.range(organization, filter)).collect();
        let after = after.filter(|cursor| {
            let fits = |range: &Range| range.from <= cursor.sort && cursor.sort <= range.to;
            ranges.get(cursor.segment).is_some_and(fits)
        });
        let begin = after.map_or(0, |cursor| cursor.segment);
        let limit = |index: usize| {
            let narrowed = index > 0 || segments[index].is_narrowed_by(filter);
            if narrowed { NARROWED_MAX.max(most + 1) } else { most + 1 }
        };
        let firsts = (begin..segments.len()).map(|index| {
            let from = after.filter(|cursor| cursor.segment == index);
            self.query_list(organization, &ranges[index], from, limit(index))
        });
        let mut page =
            Filling { filter, segments: &segments, most, page: AccountsPage::default(), last: None };
        let mut further = 0;
        for (index, mut found) in (begin..).zip(try_join_all(firsts).await?) {
            loop {
                if page.take(index, &ranges[index], &found.entries) {
                    return Ok(page.ended());
                }
                if !found.has_more {
                    break;
                }
                if further == MORE_QUERIES_MAX {
                    return Ok(page.ended());
                }
                further += 1;
                let from = page.last.as_ref();
                found = self.query_list(organization, &ranges[index], from, limit(index)).await?;
            }
        }
        Ok(page.page)
    }

    /// The oldest handoffs of a lane, at most `most`, and whether there are more: one query.
    pub async fn list_lane(
        &self,
        organization: &OrganizationId,
        lane: Lane,
        most: usize,
    ) -> Result<(Vec<Listed>, bool), StoreError> {
        let range = Segment::Lane(lane).range(organization, &Filter::default());
        let oldest_first = Range { is_ascending: true, ..range };
        let found = self.query_list(organization, &oldest_first, None, most).await?;
        Ok((found.entries.iter().filter_map(readable).collect(), found.has_more))
    }

    /// The accounts of companies that are called the same, whatever case and accents: one query.
    pub(crate) async fn list_company(
        &self,
        organization: &OrganizationId,
        company: &str,
    ) -> Result<Vec<Listed>, StoreError> {
        let company = fold(company);
        if company.is_empty() {
            return Ok(Vec::new());
        }
        let range = Segment::Company(keys::named_sort(&company, "")).range(organization, &Filter::default());
        let found = self.query_list(organization, &range, None, OF_COMPANY_MAX).await?;
        Ok(found.entries.iter().filter_map(readable).collect())
    }

    async fn query_list(
        &self,
        organization: &OrganizationId,
        range: &Range,
        after: Option<&Cursor>,
        limit: usize,
    ) -> Result<Found, StoreError> {
        let text = |value: &str| AttributeValue::S(value.to_owned());
        let (partition_key, sort_key) = range.keys;
        let start = after.map(|cursor| {
            let mut key = keys::handoff(organization, &cursor.account).attributes();
            key.insert(partition_key.to_owned(), text(&range.partition));
            key.insert(sort_key.to_owned(), text(&cursor.sort));
            key
        });
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(range.index)
            .key_condition_expression("#pk = :pk AND #sk BETWEEN :from AND :to")
            .expression_attribute_names("#pk", partition_key)
            .expression_attribute_names("#sk", sort_key)
            .expression_attribute_values(":pk", text(&range.partition))
            .expression_attribute_values(":from", text(&range.from))
            .expression_attribute_values(":to", text(&range.to))
            .scan_index_forward(range.is_ascending)
            .limit(i32::try_from(limit).unwrap_or(i32::MAX))
            .set_exclusive_start_key(start);
        let found = query.send().await.map_err(StoreError::call("listing accounts"))?;
        Ok(Found { has_more: found.last_evaluated_key.is_some(), entries: found.items.unwrap_or_default() })
    }
}

/// A page while it is filled.
struct Filling<'a> {
    filter: &'a Filter,
    segments: &'a [Segment],
    most: usize,
    page: AccountsPage,
    /// The last entry that was looked at, wanted or not.
    last: Option<Cursor>,
}

impl Filling<'_> {
    /// Takes entries of a segment; whether the page is full and there is at least one more row.
    fn take(&mut self, segment: usize, range: &Range, entries: &[Item]) -> bool {
        for entry in entries {
            let listed = readable(entry).filter(|listed| self.is_wanted(segment, listed));
            if listed.is_some() && self.page.rows.len() == self.most {
                return true;
            }
            self.page.rows.extend(listed);
            let sort = entry.get(range.keys.1).and_then(|sort| sort.as_s().ok());
            let account = entry.get(keys::PK).and_then(|key| keys::account_of(key.as_s().ok()?));
            if let (Some(sort), Some(account)) = (sort, account) {
                self.last = Some(Cursor { segment, sort: sort.clone(), account });
            }
        }
        false
    }

    /// A row that an earlier segment shows is not shown again.
    fn is_wanted(&self, segment: usize, listed: &Listed) -> bool {
        self.filter.matches(listed) && !self.segments[..segment].iter().any(|before| before.covers(listed))
    }

    fn ended(self) -> AccountsPage {
        AccountsPage { next: self.last, ..self.page }
    }
}
