//! Brings the items of a table up to the current format (docs/adr/0014): after a deployment that raised it, so that
//! what nobody touches is found by new indexes too. Safe to stop, to run twice, and to run while the system works.
//!
//! It walks the whole table (`dynamodb:Scan`) and updates (`dynamodb:UpdateItem`, `dynamodb:GetItem`) with the operator's
//! own credentials: no function of the system may scan.

use clap::Parser;
use handoff_runtime::{Aws, ConfigError, Environment, Service, Timeouts, report};
use handoff_store::{Migrated, Position, Store, StoreError, format};
use std::process::ExitCode;

/// Bring the Handoff table named by TABLE_NAME up to the current item format, with the AWS credentials of the environment.
#[derive(Debug, Parser)]
#[command(name = "handoff-migrate")]
struct Arguments {
    /// Count what would be done, and write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Go on where an earlier run stood: the text that it printed.
    #[arg(long)]
    from: Option<Position>,
    /// Items read at once; each page is at most 1 MB.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(i32).range(1..=1000))]
    page: i32,
}

/// Why a walk stopped.
#[derive(Debug, thiserror::Error)]
enum MigrateError {
    #[error("the environment is not complete")]
    Environment(#[from] ConfigError),
    #[error("stopped; continue with --from '{at}'")]
    Stopped {
        at: String,
        #[source]
        source: StoreError,
    },
    #[error("stopped at the beginning")]
    NotBegun(#[source] StoreError),
}

#[tokio::main(flavor = "current_thread")]
#[allow(clippy::print_stdout, clippy::print_stderr, reason = "a command speaks to its terminal")]
async fn main() -> ExitCode {
    handoff_runtime::tls();
    let arguments = Arguments::parse();
    let environment = Environment::from_process();
    let walked = walk(&arguments, &environment, |seen, at| {
        eprintln!("{seen} items seen; to go on from here: --from '{at}'");
    });
    match walked.await {
        Ok(done) => {
            println!("{}", summary(&done, arguments.dry_run));
            if done.busy + done.newer > 0 || !done.unreadable.is_empty() {
                return ExitCode::FAILURE;
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{}", report(&error));
            ExitCode::FAILURE
        }
    }
}

async fn walk(
    arguments: &Arguments,
    environment: &Environment,
    mut tell: impl FnMut(u64, &Position),
) -> Result<Migrated, MigrateError> {
    let reader = environment.reader();
    let table = reader.required("TABLE_NAME");
    let (table, aws) = ConfigError::join(reader.finish(Some(table)), Aws::from_environment(environment))?;
    let store = Store::new(&aws.config(Service::DynamoDb, Timeouts::WORKER), table);
    let (mut all, mut from) = (Migrated::default(), arguments.from.clone());
    loop {
        let page = store.migrate_page(from.as_ref(), arguments.page, arguments.dry_run).await;
        let (done, next) = page.map_err(|source| match &from {
            Some(at) => MigrateError::Stopped { at: at.to_string(), source },
            None => MigrateError::NotBegun(source),
        })?;
        all.add(done);
        let Some(next) = next else { return Ok(all) };
        tell(all.seen, &next);
        from = Some(next);
    }
}

fn summary(done: &Migrated, dry_run: bool) -> String {
    let would = if dry_run { "would be " } else { "" };
    let mut lines = vec![format!(
        "{} items seen, {} {would}brought up to format {}.",
        done.seen,
        done.upgraded_in_all(),
        format::CURRENT
    )];
    lines.extend(done.upgraded.iter().map(|(kind, count)| format!("  {kind}: {count}")));
    if done.busy > 0 {
        lines.push(format!("{} were written by others all the time: run this again.", done.busy));
    }
    if done.newer > 0 {
        lines.push(format!(
            "{} have a newer format: this program is older than the system that wrote them.",
            done.newer
        ));
    }
    lines.extend(done.unreadable.iter().map(|key| format!("Not readable, left as it is: {key}")));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use handoff_testing::{TestTable, table};

    const OLD: &str = include_str!("../../../shared/store/tests/formats/1/table.json");

    async fn old() -> (TestTable, Environment) {
        let table = table().await;
        table.load(OLD).await;
        let mut environment = handoff_testing::table::environment(table.config.endpoint_url().unwrap());
        environment.set("TABLE_NAME", handoff_testing::table::TABLE);
        (table, environment)
    }

    fn arguments(text: &str) -> Arguments {
        Arguments::try_parse_from(text.split(' ')).unwrap()
    }

    #[tokio::test]
    async fn an_old_table_is_counted_then_brought_up_then_left_alone() {
        let (table, environment) = old().await;
        let before = table.dump().await;
        let would = walk(&arguments("x --page 5 --dry-run"), &environment, |_, _| {}).await.unwrap();
        assert_eq!(table.dump().await, before);
        let mut told = Vec::new();
        let done = walk(&arguments("x --page 5"), &environment, |_, at| told.push(at.to_string())).await;
        assert_eq!(done.unwrap(), would);
        assert!(summary(&would, true).contains("  handoff: 6"), "{}", summary(&would, true));
        let resumed = Arguments::try_parse_from(["x", "--from", &told[1]]).unwrap();
        let rest = walk(&resumed, &environment, |_, _| {}).await.unwrap();
        assert_eq!((rest.seen, rest.upgraded_in_all()), (would.seen - 10, 0));
    }

    #[tokio::test]
    async fn a_table_that_cannot_be_reached_is_told_with_the_way_on() {
        let (table, environment) = old().await;
        drop(table);
        let error = walk(&arguments("x"), &environment, |_, _| {}).await.unwrap_err();
        assert!(matches!(error, MigrateError::NotBegun(_)));
    }
}
