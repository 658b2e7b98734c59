//! Makes an organization in a table: its portal, first admin, the eight first questions, the first template, a roster.
//! Run once per HubSpot portal; running it again changes nothing and says so.

use clap::Parser;
use handoff_domain::Timestamp;
use handoff_domain::email::{EmailAddress, ParseEmailError};
use handoff_domain::id::{MemberId, ParseIdError, PortalId};
use handoff_domain::organization::Organization;
use handoff_domain::plan::Template;
use handoff_domain::question::QuestionSet;
use handoff_domain::roster::{Member, Role, Roster};
use handoff_runtime::{Aws, Clock, ConfigError, Environment, Service, Timeouts, report};
use handoff_store::{Store, StoreError};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Make an organization in the Handoff table named by TABLE_NAME, with the AWS credentials of the environment.
#[derive(Debug, Parser)]
#[command(name = "handoff-organization")]
struct Arguments {
    /// HubSpot portal id.
    #[arg(long)]
    portal: u64,
    /// Mail address of the first admin.
    #[arg(long)]
    admin: String,
    /// Name that pages and mails use.
    #[arg(long)]
    name: String,
    /// Deals won before this moment (RFC 3339) are never mailed by themselves. Default: now.
    #[arg(long)]
    handoffs_from: Option<Timestamp>,
    /// IANA time zone, for dates that people read.
    #[arg(long, default_value = "UTC")]
    time_zone: String,
    /// Pipeline ids whose deals count, separated by commas. Default: all.
    #[arg(long, value_delimiter = ',')]
    pipelines: Vec<String>,
    /// A JSON file with a list of people; each has id, name, email, roles (ae, csm, admin), expertise, capacity.
    #[arg(long)]
    roster: Option<PathBuf>,
}

/// Why no organization was made.
#[derive(Debug, thiserror::Error)]
enum OrganizationError {
    #[error("the environment is not complete")]
    Environment(#[from] ConfigError),
    #[error("--admin is not a mail address")]
    Admin(#[source] ParseEmailError),
    #[error("--time-zone is not an IANA time zone such as Europe/Berlin")]
    TimeZone(#[source] jiff::Error),
    #[error("--roster cannot be read")]
    RosterFile(#[source] std::io::Error),
    #[error("--roster is not a list of people")]
    RosterShape(#[source] serde_json::Error),
    #[error("the admin cannot be put on the roster")]
    Member(#[from] ParseIdError),
    #[error("the table could not be written")]
    Store(#[from] StoreError),
}

#[tokio::main(flavor = "current_thread")]
#[allow(clippy::print_stdout, clippy::print_stderr, reason = "a command speaks to its terminal")]
async fn main() -> ExitCode {
    handoff_runtime::tls();
    let arguments = Arguments::parse();
    match make(&arguments, &Environment::from_process(), Clock::system().now()).await {
        Ok(true) => println!("Organization for portal {} made.", arguments.portal),
        Ok(false) => {
            println!("Portal {} has its organization already; nothing was changed.", arguments.portal);
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
    now: Timestamp,
) -> Result<bool, OrganizationError> {
    let reader = environment.reader();
    let table = reader.required("TABLE_NAME");
    let (table, aws) = ConfigError::join(reader.finish(Some(table)), Aws::from_environment(environment))?;
    let admin = EmailAddress::parse(&arguments.admin).map_err(OrganizationError::Admin)?;
    jiff::tz::TimeZone::get(&arguments.time_zone).map_err(OrganizationError::TimeZone)?;
    let from = arguments.handoffs_from.unwrap_or(now);
    let mut organization =
        Organization::new(PortalId(arguments.portal), arguments.name.clone(), admin.clone(), from);
    organization.time_zone.clone_from(&arguments.time_zone);
    organization.pipelines.clone_from(&arguments.pipelines);
    let roster = roster(arguments.roster.as_deref(), admin)?;
    let store = Store::new(&aws.config(Service::DynamoDb, Timeouts::WORKER), table);
    Ok(store.create_organization(&organization, &QuestionSet::first(), &roster, &Template::first()).await?)
}

fn roster(file: Option<&Path>, admin: EmailAddress) -> Result<Roster, OrganizationError> {
    let mut members: Vec<Member> = match file {
        None => Vec::new(),
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(OrganizationError::RosterFile)?;
            serde_json::from_str(&text).map_err(OrganizationError::RosterShape)?
        }
    };
    match members.iter_mut().find(|member| member.email == admin) {
        Some(known) if known.has(Role::Admin) => {}
        Some(known) => known.roles.push(Role::Admin),
        None => members.push(Member {
            id: MemberId::parse("admin")?,
            name: "Admin".to_owned(),
            email: admin,
            roles: vec![Role::Admin],
            expertise: Vec::new(),
            capacity: 0,
            away_from: None,
            away_until: None,
            booking_link: String::new(),
        }),
    }
    Ok(Roster { members })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(text: &str) -> Arguments {
        Arguments::try_parse_from(text.split(' ')).unwrap()
    }

    #[tokio::test]
    async fn an_organization_is_made_once_with_its_admin() {
        let table = handoff_testing::table().await;
        let endpoint = table.config.endpoint_url().unwrap();
        let mut environment = handoff_testing::table::environment(endpoint);
        environment.set("TABLE_NAME", handoff_testing::table::TABLE);
        let arguments = arguments("x --portal 7 --admin ada@us.test --name Us --time-zone Europe/Berlin");
        assert!(make(&arguments, &environment, Timestamp::UNIX_EPOCH).await.unwrap());
        assert!(!make(&arguments, &environment, Timestamp::UNIX_EPOCH).await.unwrap());
        let intake = table.store.get_intake(&PortalId(7).organization()).await.unwrap().unwrap();
        assert_eq!(intake.organization.time_zone, "Europe/Berlin");
        assert_eq!(intake.organization.admins[0].as_str(), "ada@us.test");
    }

    #[tokio::test]
    async fn a_bad_argument_is_named() {
        let mut environment = Environment::from_pairs([("TABLE_NAME", "t")]);
        for name in ["AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
            environment.set(name, "x");
        }
        let bad = arguments("x --portal 7 --admin nobody --name Us");
        let error = make(&bad, &environment, Timestamp::UNIX_EPOCH).await.unwrap_err();
        assert_eq!(error.to_string(), "--admin is not a mail address");
    }
}
