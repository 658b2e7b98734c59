//! An organization's data in an operator's hands: handed out, deleted, and without a person who asked to be forgotten. Without
//! `--write` the last two only count. Safe to stop, to run twice, and to run while the system works.
//!
//! It walks the whole table (`dynamodb:Scan`), updates (`dynamodb:UpdateItem`) and deletes (`dynamodb:DeleteItem`) with the
//! operator's own credentials: no function of the system may scan or delete another's data.

use clap::{Parser, Subcommand};
use handoff_domain::email::{EmailAddress, ParseEmailError};
use handoff_domain::forget::Forgotten;
use handoff_domain::id::{OrganizationId, PortalId};
use handoff_runtime::{Aws, ConfigError, Environment, Service, Timeouts, report};
use handoff_store::{Store, StoreError, TakenOut, Whole};
use std::collections::BTreeMap;
use std::io::Write;
use std::process::ExitCode;

/// Items read at once; each page is at most 1 MB.
const PAGE: i32 = 200;

/// Hand out, delete or redact what the Handoff table named by TABLE_NAME holds of an organization, with the AWS credentials of the
/// environment.
#[derive(Debug, Parser)]
#[command(name = "handoff-data")]
struct Arguments {
    /// HubSpot portal id of the organization.
    #[arg(long)]
    portal: u64,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Everything as JSON on standard output, one line an item. Sessions and sign-in links are left out: they are secrets.
    Export,
    /// Everything goes: accounts, settings, people, history. The organization's name must be typed as it stands.
    Delete {
        /// The organization's name, so that nobody deletes the wrong one.
        #[arg(long)]
        name: String,
        /// Delete; otherwise it is only counted.
        #[arg(long)]
        write: bool,
    },
    /// Takes a person of a customer out of everything: sources, drafts, answers, notes, mails. What happened stays, without
    /// them. People of the organization itself leave by its roster.
    Forget {
        /// Their mail address.
        #[arg(long)]
        email: String,
        /// Their full name, as the CRM writes it.
        #[arg(long)]
        name: Option<String>,
        /// Take them out; otherwise it is only counted.
        #[arg(long)]
        write: bool,
    },
}

/// Why it stopped.
#[derive(Debug, thiserror::Error)]
enum DataError {
    #[error("the environment is not complete")]
    Environment(#[from] ConfigError),
    #[error("--email is not a mail address")]
    Email(#[source] ParseEmailError),
    #[error("there is no organization for this portal")]
    Nobody,
    #[error("--name is not the organization's name: it is called otherwise")]
    OtherName,
    #[error("this address belongs to a person of the organization: take them off its roster instead")]
    OwnPerson,
    #[error("what was read could not be written out")]
    Out(#[source] std::io::Error),
    #[error("stopped; run it again, nothing is done twice")]
    Stopped(#[from] StoreError),
}

/// What was done, or would be.
#[derive(Debug, Default, PartialEq, Eq)]
struct Done {
    kinds: BTreeMap<&'static str, u64>,
    /// Items that somebody wrote at the same time.
    busy: u64,
}

#[tokio::main(flavor = "current_thread")]
#[allow(clippy::print_stderr, reason = "a command speaks to its terminal")]
async fn main() -> ExitCode {
    handoff_runtime::tls();
    let arguments = Arguments::parse();
    match run(&arguments, &Environment::from_process(), &mut std::io::stdout().lock()).await {
        Ok(done) => {
            eprintln!("{}", summary(&arguments.what, &done));
            if done.busy == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("{}", report(&error));
            ExitCode::FAILURE
        }
    }
}

async fn run(
    arguments: &Arguments,
    environment: &Environment,
    out: &mut impl Write,
) -> Result<Done, DataError> {
    let reader = environment.reader();
    let table = reader.required("TABLE_NAME");
    let (table, aws) = ConfigError::join(reader.finish(Some(table)), Aws::from_environment(environment))?;
    let store = Store::new(&aws.config(Service::DynamoDb, Timeouts::WORKER), table);
    let organization = PortalId(arguments.portal).organization();
    match &arguments.what {
        What::Export => export(&store, &organization, out).await,
        What::Delete { name, write } => delete(&store, &organization, name, *write).await,
        What::Forget { email, name, write } => {
            let email = EmailAddress::parse(email).map_err(DataError::Email)?;
            forget(&store, &organization, &email, name.as_deref(), *write).await
        }
    }
}

async fn export(
    store: &Store,
    organization: &OrganizationId,
    out: &mut impl Write,
) -> Result<Done, DataError> {
    let (mut done, mut from) = (Done::default(), None);
    loop {
        let (items, next) = store.everything_page(organization, from.as_ref(), PAGE).await?;
        for whole in items.iter().filter(|whole| !whole.is_secret()) {
            writeln!(out, "{}", whole.to_json()?).map_err(DataError::Out)?;
            *done.kinds.entry(whole.kind()).or_default() += 1;
        }
        let Some(next) = next else { return Ok(done) };
        from = Some(next);
    }
}

/// The organization goes last: a run that stopped is found by its name again.
async fn delete(
    store: &Store,
    organization: &OrganizationId,
    name: &str,
    write: bool,
) -> Result<Done, DataError> {
    let found = store.get_organization(organization).await?.ok_or(DataError::Nobody)?;
    if found.name.trim() != name.trim() {
        return Err(DataError::OtherName);
    }
    let (mut done, mut from, mut last) = (Done::default(), None, Vec::new());
    loop {
        let (items, next) = store.everything_page(organization, from.as_ref(), PAGE).await?;
        for whole in items {
            *done.kinds.entry(whole.kind()).or_default() += 1;
            if whole.kind() == "organization" {
                last.push(whole);
            } else if write {
                store.delete_whole(&whole).await?;
            }
        }
        let Some(next) = next else { break };
        from = Some(next);
    }
    for whole in last.iter().filter(|_| write) {
        store.delete_whole(whole).await?;
    }
    Ok(done)
}

async fn forget(
    store: &Store,
    organization: &OrganizationId,
    email: &EmailAddress,
    name: Option<&str>,
    write: bool,
) -> Result<Done, DataError> {
    let known = store.get_organizations(std::slice::from_ref(organization)).await?;
    let (_, roster) = known.first().ok_or(DataError::Nobody)?;
    if roster.members.iter().any(|member| member.email == *email) {
        return Err(DataError::OwnPerson);
    }
    let person = Forgotten::new(Some(email), name);
    let (mut done, mut from) = (Done::default(), None);
    loop {
        let (items, next) = store.everything_page(organization, from.as_ref(), PAGE).await?;
        for whole in &items {
            match forget_in(store, whole, &person, write).await? {
                TakenOut::NotNamed => {}
                TakenOut::Done => *done.kinds.entry(whole.kind()).or_default() += 1,
                TakenOut::Changed => done.busy += 1,
            }
        }
        let Some(next) = next else { return Ok(done) };
        from = Some(next);
    }
}

async fn forget_in(
    store: &Store,
    whole: &Whole,
    person: &Forgotten,
    write: bool,
) -> Result<TakenOut, StoreError> {
    if whole.is_secret() { Ok(TakenOut::NotNamed) } else { store.forget_in(whole, person, write).await }
}

fn summary(what: &What, done: &Done) -> String {
    let count: u64 = done.kinds.values().sum();
    let first = match what {
        What::Export => format!("{count} items handed out."),
        What::Delete { write: true, .. } => format!("{count} items deleted."),
        What::Delete { .. } => format!("{count} items would be deleted: run it with --write."),
        What::Forget { write: true, .. } => format!("The person is taken out of {count} items."),
        What::Forget { .. } => format!("The person is named in {count} items: run it with --write."),
    };
    let mut lines = vec![first];
    lines.extend(done.kinds.iter().map(|(kind, count)| format!("  {kind}: {count}")));
    if done.busy > 0 {
        lines.push(format!("{} were written by others at the same time: run this again.", done.busy));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use handoff_domain::id::AccountId;
    use handoff_store::Consistency;
    use handoff_testing::{TestTable, table};
    use serde_json::Value;

    const OLD: &str = include_str!("../../../shared/store/tests/formats/1/table.json");

    async fn filled() -> (TestTable, Environment) {
        let table = table().await;
        table.load(OLD).await;
        let mut environment = handoff_testing::table::environment(table.config.endpoint_url().unwrap());
        environment.set("TABLE_NAME", handoff_testing::table::TABLE);
        (table, environment)
    }

    async fn asked(environment: &Environment, portal: u64, what: What) -> Result<(Done, String), DataError> {
        let mut out = Vec::new();
        let done = run(&Arguments { portal, what }, environment, &mut out).await?;
        Ok((done, String::from_utf8(out).unwrap()))
    }

    fn lines(text: &str) -> Vec<Value> {
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[tokio::test]
    async fn all_of_it_is_handed_out_unpacked_and_nothing_of_others() {
        let (_table, environment) = filled().await;
        let (done, text) = asked(&environment, 62515, What::Export).await.unwrap();
        let items = lines(&text);
        assert_eq!(items.len() as u64, done.kinds.values().sum::<u64>());
        assert!(items.iter().all(|item| item["kind"].is_string() && !item["holds"].is_null()));
        let kinds: Vec<&str> = items.iter().map(|item| item["kind"].as_str().unwrap()).collect();
        for kind in ["organization", "roster", "handoff", "drafts", "sources", "outbox entry"] {
            assert!(kinds.contains(&kind), "{kind} is missing");
        }
        assert!(text.contains("Northwind Software") && !text.contains("QUARANTINE"));
        // A portal whose number begins alike is somebody else.
        assert_eq!(asked(&environment, 6251, What::Export).await.unwrap().1, "");
    }

    #[tokio::test]
    async fn an_organization_goes_by_its_name_only_and_then_nothing_is_left() {
        let (table, environment) = filled().await;
        let delete = |name: &str, write| What::Delete { name: name.to_owned(), write };
        let before = table.dump().await;
        let other = asked(&environment, 62515, delete("Contoso", true)).await;
        assert!(matches!(other, Err(DataError::OtherName)));
        let (counted, _) = asked(&environment, 62515, delete("Northwind Software", false)).await.unwrap();
        assert_eq!(table.dump().await, before, "counted only");
        let (done, _) = asked(&environment, 62515, delete("Northwind Software", true)).await.unwrap();
        assert_eq!(done, counted);
        assert_eq!(asked(&environment, 62515, What::Export).await.unwrap().1, "");
        let again = asked(&environment, 62515, delete("Northwind Software", true)).await;
        assert!(matches!(again, Err(DataError::Nobody)));
    }

    const THEM: &str = "imogen.farrow@quillmore.example";

    #[tokio::test]
    async fn a_person_is_taken_out_everywhere_and_everything_can_still_be_read() {
        let (table, environment) = filled().await;
        let forget = |email: &str, write| What::Forget {
            email: email.to_owned(),
            name: Some("Imogen Farrow".to_owned()),
            write,
        };
        let named = |text: &str| {
            let text = text.to_lowercase();
            text.matches("imogen.farrow@").count() + text.matches("imogen farrow").count()
        };
        let before = asked(&environment, 62515, What::Export).await.unwrap().1;
        assert!(named(&before) > 9, "{}", named(&before));
        let (counted, _) = asked(&environment, 62515, forget(THEM, false)).await.unwrap();
        assert_eq!(asked(&environment, 62515, What::Export).await.unwrap().1, before, "counted only");
        let (done, _) = asked(&environment, 62515, forget(THEM, true)).await.unwrap();
        assert_eq!(done, counted);
        assert!(done.kinds.contains_key("handoff") && done.kinds.contains_key("sources"), "{done:?}");
        let after = asked(&environment, 62515, What::Export).await.unwrap().1;
        assert_eq!((named(&after), lines(&after).len()), (0, lines(&before).len()));
        assert_eq!(asked(&environment, 62515, forget(THEM, true)).await.unwrap().0, Done::default(), "twice");
        // Every account is still one, for the pages that show it.
        let organization = PortalId(62515).organization();
        let handoffs = lines(&after).into_iter().filter(|item| item["kind"] == "handoff");
        for item in handoffs {
            let account = &AccountId::parse(item["holds"]["id"].as_str().unwrap()).unwrap();
            let page =
                table.store.get_handoff_page(&organization, account, Consistency::Strong).await.unwrap();
            assert!(page.is_some());
            table.store.get_with_sources(&organization, account).await.unwrap();
            table.store.get_account(&organization, account, Consistency::Strong).await.unwrap();
        }
        // Who works there is not forgotten by mistake.
        let own = asked(&environment, 62515, forget("grace.lin@northwind.example", true)).await;
        assert!(matches!(own, Err(DataError::OwnPerson)));
    }
}
