//! Makes an account by hand, from what a person knows and pasted, and has its handoff drafted as a deal's would be.
//! With the id of an account that exists, nothing is changed, and one that still waits is drafted again.

use clap::Parser;
use handoff_domain::Timestamp;
use handoff_domain::by_hand::AccountForm;
use handoff_domain::event::Who;
use handoff_domain::form::FieldErrors;
use handoff_domain::id::{AccountId, ParseIdError, PortalId};
use handoff_domain::message::{AccountMade, QueuedMessage, WorkerMessage};
use handoff_queue::{Queue, QueueError};
use handoff_runtime::{Aws, Clock, ConfigError, Environment, Service, Timeouts, new_correlation, report};
use handoff_store::{Store, StoreError};
use std::fmt;
use std::path::PathBuf;
use std::process::ExitCode;

/// Make an account in the Handoff table named by TABLE_NAME and send it to the queue at DRAFTING_QUEUE_URL, with the AWS
/// credentials of the environment.
#[derive(Debug, Parser)]
#[command(name = "handoff-account")]
struct Arguments {
    /// HubSpot portal id of the organization.
    #[arg(long)]
    portal: u64,
    /// The customer's name.
    #[arg(long)]
    company: String,
    /// Mail address of the account executive, who gets the link.
    #[arg(long)]
    ae: String,
    /// Annual recurring revenue, for example "48000 EUR".
    #[arg(long, default_value = "")]
    arr: String,
    /// The day on which the deal closed, for example 2026-11-22.
    #[arg(long, default_value = "")]
    close_date: String,
    /// The customer's website.
    #[arg(long, default_value = "")]
    website: String,
    /// What the customer does, for example "Computer software".
    #[arg(long, default_value = "")]
    industry: String,
    /// How many people work there, for example 51-200.
    #[arg(long, default_value = "")]
    size: String,
    /// One person at the customer, "name, job title, address, phone"; may be given several times.
    #[arg(long = "contact")]
    contacts: Vec<String>,
    /// A text file with notes, pasted conversation, e-mail threads, meeting notes: 200 KB at most.
    #[arg(long)]
    payload: Option<PathBuf>,
    /// The account's id, to go on where an earlier run broke off. Default: a random one, which is told.
    #[arg(long)]
    id: Option<String>,
}

/// Why no account was made.
#[derive(Debug, thiserror::Error)]
enum AccountError {
    #[error("the environment is not complete")]
    Environment(#[from] ConfigError),
    #[error("{0}")]
    Fields(Mistakes),
    #[error("--id is no id of an account that was made by hand")]
    Id(#[source] ParseIdError),
    #[error("--id is the id of a deal's account")]
    DealsId,
    #[error("--payload cannot be read")]
    Payload(#[source] std::io::Error),
    #[error("portal {0} has no organization: make it first, with `make organization`")]
    NoOrganization(u64),
    #[error("the table did not do its part")]
    Store(#[from] StoreError),
    #[error(
        "the account {account} is made, but nobody was told to draft it: run this again with --id {account}"
    )]
    Queue { account: AccountId, source: QueueError },
}

/// Every field that must be mended, one to a line, by its argument's name.
#[derive(Debug)]
struct Mistakes(FieldErrors);

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let argument = |field: &str| match field {
            "contacts" => "contact".to_owned(),
            "raw_payload" => "payload".to_owned(),
            field => field.replace('_', "-"),
        };
        let lines: Vec<String> =
            self.0.iter().map(|(field, remedy)| format!("--{}: {remedy}", argument(field))).collect();
        f.write_str(&lines.join("\n"))
    }
}

/// What was made.
#[derive(Debug, PartialEq, Eq)]
struct Made {
    account: AccountId,
    is_new: bool,
}

#[tokio::main(flavor = "current_thread")]
#[allow(clippy::print_stdout, clippy::print_stderr, reason = "a command speaks to its terminal")]
async fn main() -> ExitCode {
    handoff_runtime::tls();
    let arguments = Arguments::parse();
    let made = make(&arguments, &Environment::from_process(), rand::random(), Clock::system().now()).await;
    match made {
        Ok(Made { account, is_new: true }) => {
            println!("Account {account} made; its handoff is being drafted.");
        }
        Ok(Made { account, is_new: false }) => {
            println!("Account {account} exists; it was left as it is and is drafted if it still waits.");
        }
        Err(error) => {
            eprintln!("{}", report(&error));
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

async fn make(
    arguments: &Arguments,
    environment: &Environment,
    random: u128,
    now: Timestamp,
) -> Result<Made, AccountError> {
    let new = form(arguments)?.check().map_err(|errors| AccountError::Fields(Mistakes(errors)))?;
    let account = account(arguments.id.as_deref(), random)?;
    let reader = environment.reader();
    let settings = (reader.required("TABLE_NAME"), reader.required("DRAFTING_QUEUE_URL"));
    let ((table, queue), aws) =
        ConfigError::join(reader.finish(Some(settings)), Aws::from_environment(environment))?;
    let store = Store::new(&aws.config(Service::DynamoDb, Timeouts::WORKER), table);
    let queue = Queue::new(&aws.config(Service::Sqs, Timeouts::WORKER), queue);
    let organization = PortalId(arguments.portal).organization();
    let intake = store.get_intake(&organization).await?;
    let intake = intake.ok_or(AccountError::NoOrganization(arguments.portal))?;
    let correlation = Some(new_correlation());
    let mut handoff = new.begin(&intake.organization, account.clone(), intake.questions.version, now);
    handoff.correlation = correlation;
    let is_new = store.create_by_hand(&handoff, &new.raw_payload, Who::System).await?;
    let made = AccountMade { organization, account: account.clone() };
    let message = QueuedMessage { correlation, message: WorkerMessage::AccountMade(made) };
    let sent = queue.send(&message).await;
    sent.map_err(|source| AccountError::Queue { account: account.clone(), source })?;
    Ok(Made { account, is_new })
}

fn form(arguments: &Arguments) -> Result<AccountForm, AccountError> {
    let raw_payload = match &arguments.payload {
        None => String::new(),
        Some(path) => std::fs::read_to_string(path).map_err(AccountError::Payload)?,
    };
    Ok(AccountForm {
        company: arguments.company.clone(),
        arr: arguments.arr.clone(),
        close_date: arguments.close_date.clone(),
        website: arguments.website.clone(),
        industry: arguments.industry.clone(),
        size: arguments.size.clone(),
        contacts: arguments.contacts.join("\n"),
        ae: arguments.ae.clone(),
        raw_payload,
    })
}

fn account(given: Option<&str>, random: u128) -> Result<AccountId, AccountError> {
    match given {
        None => Ok(AccountId::by_hand(random)),
        Some(id) if id.starts_with('m') => AccountId::parse(id).map_err(AccountError::Id),
        Some(_) => Err(AccountError::DealsId),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(more: &[&str]) -> Arguments {
        let first = ["x", "--portal", "62515", "--company", "Acme", "--ae", "ana@us.test"];
        Arguments::try_parse_from(first.iter().chain(more)).unwrap()
    }

    fn environment(endpoint: &str) -> Environment {
        let mut environment = handoff_testing::table::environment(endpoint);
        environment.set("TABLE_NAME", handoff_testing::table::TABLE);
        environment.set("DRAFTING_QUEUE_URL", "http://127.0.0.1:9/queue");
        environment.set("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:9");
        environment
    }

    #[tokio::test]
    async fn every_mistake_is_named_by_its_argument() {
        let wrong = arguments(&["--arr", "much", "--close-date", "soon", "--contact", "a, b, c, d"]);
        let error = make(&wrong, &Environment::default(), 7, Timestamp::UNIX_EPOCH).await.unwrap_err();
        let told = error.to_string();
        for argument in ["--arr: ", "--close-date: ", "--contact: "] {
            assert!(told.contains(argument), "{told}");
        }
    }

    #[tokio::test]
    async fn an_account_whose_drafting_nobody_was_told_of_can_be_gone_on_with() {
        let table = handoff_testing::table().await;
        let environment = environment(table.config.endpoint_url().unwrap());
        let now = Timestamp::UNIX_EPOCH;
        let error = make(&arguments(&[]), &environment, 7, now).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "portal 62515 has no organization: make it first, with `make organization`"
        );
        let organization = handoff_testing::fixtures::organization();
        let (questions, template) =
            (handoff_domain::question::QuestionSet::first(), handoff_domain::plan::Template::first());
        let roster = handoff_testing::fixtures::roster();
        table.store.create_organization(&organization, &questions, &roster, &template).await.unwrap();
        // Nobody listens at the queue's address.
        let error = make(&arguments(&["--industry", "Retail"]), &environment, 7, now).await.unwrap_err();
        let AccountError::Queue { account, .. } = &error else { panic!("{error}") };
        assert_eq!(*account, AccountId::by_hand(7));
        let held = table.store.get_by_hand(&organization.id, account).await.unwrap().unwrap();
        assert_eq!(held.0.account.industry, "Retail");
        let error = make(&arguments(&["--id", account.as_str()]), &environment, 8, now).await.unwrap_err();
        assert!(error.to_string().contains(account.as_str()), "{error}");
    }

    #[test]
    fn the_id_of_a_deal_is_refused() {
        assert!(matches!(account(Some("d123"), 1), Err(AccountError::DealsId)));
        assert!(matches!(account(Some("m#"), 1), Err(AccountError::Id(_))));
    }
}
