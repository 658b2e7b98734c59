//! Counts the totals of each organization again from its records, and mends what differs (docs/adr/0029). Without `--write` it only
//! tells. Safe to stop, to run twice, and to run while the system works: a row that somebody counts into at the same time is
//! left alone, and told.
//!
//! It queries (`dynamodb:Query`) and updates (`dynamodb:PutItem`, `dynamodb:UpdateItem`) with the operator's own credentials.

use clap::Parser;
use handoff_domain::id::OrganizationId;
use handoff_domain::rollup::{Contribution, Counts, Of, Period, Totals, TotalsRow};
use handoff_runtime::{Aws, ConfigError, Environment, Service, Timeouts, report};
use handoff_store::{Store, StoreError};
use std::collections::BTreeMap;
use std::process::ExitCode;

/// Differences that are printed.
const SHOWN: usize = 40;

/// How often an account that somebody counts at the same time is tried.
const TRIES: usize = 40;

/// Count the totals of the Handoff table named by TABLE_NAME again, with the AWS credentials of the environment.
#[derive(Debug, Parser)]
#[command(name = "handoff-recount")]
struct Arguments {
    /// Mend what differs; otherwise it is only told.
    #[arg(long)]
    write: bool,
}

/// Why it stopped.
#[derive(Debug, thiserror::Error)]
enum RecountError {
    #[error("the environment is not complete")]
    Environment(#[from] ConfigError),
    #[error("stopped; run it again, nothing is counted twice")]
    Stopped(#[from] StoreError),
}

/// What differed.
#[derive(Debug, Default, PartialEq, Eq)]
struct Recounted {
    accounts: u64,
    /// Accounts whose share of the totals was not what their records say.
    stale: u64,
    /// Counters of rows that were not the sum of all shares: whose, which, what stood there, what should.
    wrong: Vec<String>,
    /// Rows that could not be mended because somebody counted into them.
    busy: u64,
}

#[tokio::main(flavor = "current_thread")]
#[allow(clippy::print_stdout, clippy::print_stderr, reason = "a command speaks to its terminal")]
async fn main() -> ExitCode {
    handoff_runtime::tls();
    let arguments = Arguments::parse();
    match recount_all(&arguments, &Environment::from_process()).await {
        Ok(done) => {
            println!("{}", summary(&done, arguments.write));
            let is_right = done.busy == 0 && (arguments.write || done.stale == 0 && done.wrong.is_empty());
            if is_right { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("{}", report(&error));
            ExitCode::FAILURE
        }
    }
}

async fn recount_all(arguments: &Arguments, environment: &Environment) -> Result<Recounted, RecountError> {
    let reader = environment.reader();
    let table = reader.required("TABLE_NAME");
    let (table, aws) = ConfigError::join(reader.finish(Some(table)), Aws::from_environment(environment))?;
    let store = Store::new(&aws.config(Service::DynamoDb, Timeouts::WORKER), table);
    let mut all = Recounted::default();
    for organization in store.list_organizations().await? {
        recount(&store, &organization, arguments.write, &mut all).await?;
    }
    Ok(all)
}

/// First every account is brought up to its records. Then the rows are read, and after them all shares: whatever is counted in
/// between changes a row's revision, and that row is left alone.
async fn recount(
    store: &Store,
    organization: &OrganizationId,
    write: bool,
    told: &mut Recounted,
) -> Result<(), StoreError> {
    walk(store, organization, write, told).await?;
    let rows = store.all_totals(organization).await?;
    let right = walk(store, organization, false, &mut Recounted::default()).await?;
    let revisions: BTreeMap<(Period, Of), (TotalsRow, u64)> =
        rows.into_iter().map(|(row, revision)| ((row.period, row.of.clone()), (row, revision))).collect();
    let mut stored = Totals::new();
    for (row, _) in revisions.values() {
        stored.add_row(row);
    }
    let mut missing: BTreeMap<(Period, Of), Counts> = BTreeMap::new();
    for (period, of, counter, there, should) in stored.differences(&right) {
        told.wrong.push(format!(
            "{} {} {of} {counter}: {there}, should be {should}",
            period.grain.as_str(),
            period.start
        ));
        missing.entry((period, of)).or_default().insert(counter, should - there);
    }
    for (key, counts) in missing.into_iter().filter(|_| write) {
        let bare =
            || TotalsRow { period: key.0, of: key.1.clone(), name: String::new(), counts: Counts::new() };
        let (row, revision) = revisions.get(&key).cloned().unwrap_or_else(|| (bare(), 0));
        told.busy += u64::from(!store.mend_row(organization, &row, revision, &counts).await?);
    }
    Ok(())
}

/// The sum of what the totals hold of each account.
async fn walk(
    store: &Store,
    organization: &OrganizationId,
    write: bool,
    told: &mut Recounted,
) -> Result<Totals, StoreError> {
    let (mut sum, mut from) = (Totals::new(), None);
    loop {
        let (accounts, next) = store.list_account_ids(organization, from).await?;
        for account in &accounts {
            told.accounts += 1;
            if let Some(share) = bring_up(store, organization, account, write, told).await? {
                sum.add(&share);
            }
        }
        from = next;
        if from.is_none() {
            return Ok(sum);
        }
    }
}

/// An account's share as the totals hold it from now on; with `write` it is what its records say.
async fn bring_up(
    store: &Store,
    organization: &OrganizationId,
    account: &handoff_domain::id::AccountId,
    write: bool,
    told: &mut Recounted,
) -> Result<Option<Contribution>, StoreError> {
    for attempt in 0..TRIES {
        let Some(read) = store.get_to_count(organization, account).await? else { return Ok(None) };
        let now = Contribution::of(&read.handoff, &read.events);
        // What waits for the next run of the schedule is no mistake.
        let is_stale = read.folded != now;
        told.stale += u64::from(is_stale && attempt == 0 && read.uncounted() == 0);
        if !is_stale || !write {
            return Ok(Some(read.folded));
        }
        if store.put_counted(&read, &now).await? {
            return Ok(Some(now));
        }
    }
    told.busy += 1;
    Ok(None)
}

fn summary(done: &Recounted, write: bool) -> String {
    let mended = if write { "mended" } else { "not mended: run it with --write" };
    let mut lines = vec![format!("{} accounts counted again.", done.accounts)];
    match (done.stale, done.wrong.len()) {
        (0, 0) => lines.push("The totals are what the records say.".to_owned()),
        (stale, wrong) => lines.push(format!("{stale} accounts and {wrong} counters differed, {mended}.")),
    }
    lines.extend(done.wrong.iter().take(SHOWN).map(|line| format!("  {line}")));
    if done.busy > 0 {
        lines.push(format!("{} were counted into at the same time: run this again.", done.busy));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use handoff_domain::plan::Template;
    use handoff_domain::question::QuestionSet;
    use handoff_testing::fixtures::{handoff, organization, roster};
    use handoff_testing::table;

    async fn once(store: &Store, write: bool) -> Recounted {
        let mut told = Recounted::default();
        recount(store, &organization().id, write, &mut told).await.unwrap();
        told
    }

    #[tokio::test]
    async fn what_differs_is_told_then_mended_then_gone() {
        let table = table().await;
        let (questions, template) = (QuestionSet::first(), Template::first());
        table.store.create_organization(&organization(), &questions, &roster(), &template).await.unwrap();
        table.store.create_handoff(&handoff()).await.unwrap();
        let id = organization().id;
        assert_eq!(
            once(&table.store, true).await.stale,
            0,
            "what was never counted only waits for the schedule"
        );
        assert_eq!(once(&table.store, false).await, Recounted { accounts: 1, ..Recounted::default() });
        let (row, revision) = table.store.all_totals(&id).await.unwrap().remove(0);
        let five = Counts::from([("created".to_owned(), 5)]);
        assert!(table.store.mend_row(&id, &row, revision, &five).await.unwrap());
        let told = once(&table.store, false).await;
        assert_eq!(told.wrong.len(), 1);
        assert!(summary(&told, false).contains("created: 6, should be 1"), "{}", summary(&told, false));
        assert_eq!(once(&table.store, true).await.wrong.len(), 1);
        let after = once(&table.store, true).await;
        assert!(summary(&after, true).contains("The totals are what the records say"), "{after:?}");
    }
}
