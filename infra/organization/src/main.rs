//! Makes an organization in a table: its portal, first admin, the eight first questions, the first template, a roster.
//! Run once per HubSpot portal. Running it again mends signing in and changes nothing else: the admin is on the roster, and
//! every address of the roster is known.

use clap::Parser;
use handoff_domain::Timestamp;
use handoff_domain::audit::{AuditEntry, SettingsChange};
use handoff_domain::email::{EmailAddress, ParseEmailError};
use handoff_domain::id::{AuditId, MemberId, OrganizationId, ParseIdError, PortalId};
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
    #[error("the organization is there, but its roster is not")]
    Gone,
    #[error("somebody changed the roster at the same moment: run it again")]
    Busy,
}

/// What became of it.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Made,
    Mended { signing_in: usize, is_new_admin: bool },
}

#[tokio::main(flavor = "current_thread")]
#[allow(clippy::print_stdout, clippy::print_stderr, reason = "a command speaks to its terminal")]
async fn main() -> ExitCode {
    handoff_runtime::tls();
    let arguments = Arguments::parse();
    match make(&arguments, &Environment::from_process(), Clock::system().now()).await {
        Ok(Outcome::Made) => println!("Organization for portal {} made.", arguments.portal),
        Ok(Outcome::Mended { signing_in, is_new_admin }) => println!(
            "Portal {} has its organization already; {} people may sign in. {}",
            arguments.portal,
            signing_in,
            if is_new_admin { "The admin was added to its roster." } else { "Its roster was not changed." }
        ),
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
) -> Result<Outcome, OrganizationError> {
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
    let roster = roster(arguments.roster.as_deref(), admin.clone())?;
    let store = Store::new(&aws.config(Service::DynamoDb, Timeouts::WORKER), table);
    if store.create_organization(&organization, &QuestionSet::first(), &roster, &Template::first()).await? {
        return Ok(Outcome::Made);
    }
    mend(&store, &organization.id, admin, now).await
}

/// Makes sure that the admin can sign in, and everybody else of the roster.
async fn mend(
    store: &Store,
    id: &OrganizationId,
    admin: EmailAddress,
    now: Timestamp,
) -> Result<Outcome, OrganizationError> {
    let mut found = store.get_organizations(std::slice::from_ref(id)).await?;
    let (organization, before) = found.pop().ok_or(OrganizationError::Gone)?;
    let mut members = before.members.clone();
    let is_new_admin = ensure_admin(&mut members, admin)?;
    if is_new_admin {
        let after = Roster { members, ..before.clone() };
        let told = Organization { admins: after.admins(), ..organization };
        let entry = AuditEntry {
            at: now,
            id: AuditId::parse(format!("roster-{}", before.revision + 1))?,
            member: MemberId::parse("operator")?,
            by: "The command `make organization`".to_owned(),
            change: SettingsChange::RosterImported { added: 1, changed: 0 },
            fields: Vec::new(),
        };
        if !store.save_roster(id, &before, &after, Some(&told), &entry).await? {
            return Err(OrganizationError::Busy);
        }
    }
    let signing_in = store.index_people(id).await?.unwrap_or_default();
    Ok(Outcome::Mended { signing_in, is_new_admin })
}

fn roster(file: Option<&Path>, admin: EmailAddress) -> Result<Roster, OrganizationError> {
    let mut members: Vec<Member> = match file {
        None => Vec::new(),
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(OrganizationError::RosterFile)?;
            serde_json::from_str(&text).map_err(OrganizationError::RosterShape)?
        }
    };
    ensure_admin(&mut members, admin)?;
    Ok(Roster { members, revision: 0 })
}

/// Puts the admin on the list, or gives them the role; whether anything had to be done.
fn ensure_admin(members: &mut Vec<Member>, admin: EmailAddress) -> Result<bool, ParseIdError> {
    let is_first = members.iter().all(|member| member.id.as_str() != "admin");
    match members.iter_mut().find(|member| member.email.folded() == admin.folded()) {
        Some(known) if known.has(Role::Admin) => return Ok(false),
        Some(known) => known.roles.push(Role::Admin),
        None => members.push(Member {
            id: if is_first { MemberId::parse("admin")? } else { MemberId::from_random(rand::random()) },
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
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use handoff_domain::sign_in::AddressHash;

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
        let made = make(&arguments, &environment, Timestamp::UNIX_EPOCH).await.unwrap();
        assert_eq!(made, Outcome::Made);
        let again = make(&arguments, &environment, Timestamp::UNIX_EPOCH).await.unwrap();
        assert_eq!(again, Outcome::Mended { signing_in: 1, is_new_admin: false });
        let intake = table.store.get_intake(&PortalId(7).organization()).await.unwrap().unwrap();
        assert_eq!(intake.organization.time_zone, "Europe/Berlin");
        assert_eq!(intake.organization.admins[0].as_str(), "ada@us.test");
    }

    #[tokio::test]
    async fn run_again_it_lets_a_new_admin_in_and_mends_who_is_known() {
        let table = handoff_testing::table().await;
        let endpoint = table.config.endpoint_url().unwrap();
        let mut environment = handoff_testing::table::environment(endpoint);
        environment.set("TABLE_NAME", handoff_testing::table::TABLE);
        let now = Timestamp::UNIX_EPOCH;
        make(&arguments("x --portal 7 --admin ada@us.test --name Us"), &environment, now).await.unwrap();
        let next = arguments("x --portal 7 --admin bo@us.test --name Us");
        let mended = make(&next, &environment, now).await.unwrap();
        assert_eq!(mended, Outcome::Mended { signing_in: 2, is_new_admin: true });
        let bo = AddressHash::of(&EmailAddress::parse("BO@us.test").unwrap());
        assert_eq!(table.store.list_known_by(&bo).await.unwrap(), [PortalId(7).organization()]);
        let intake = table.store.get_intake(&PortalId(7).organization()).await.unwrap().unwrap();
        assert_eq!(intake.organization.admins.len(), 2);
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
