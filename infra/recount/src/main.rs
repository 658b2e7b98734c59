//! Counts the totals of each organization again from its records, and mends what differs (docs/adr/0029). Without `--write` it only
//! tells. Safe to stop, to run twice, and to run while the system works: a row that somebody counts into at the same time is
//! left alone, and told.
//!
//! It queries (`dynamodb:Query`) and updates (`dynamodb:PutItem`, `dynamodb:UpdateItem`) with the operator's own credentials.

use clap::Parser;
use handoff_recount::{Recounted, recount};
use handoff_runtime::{Aws, ConfigError, Environment, Service, Timeouts, report};
use handoff_store::{Store, StoreError};
use std::process::ExitCode;

/// Differences that are printed.
const SHOWN: usize = 40;

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
    use handoff_domain::rollup::Counts;
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
