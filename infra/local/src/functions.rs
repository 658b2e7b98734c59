//! The functions, made from the same environment variables as on AWS, with the movable clock in them.

use crate::aws::dynamodb::TABLE_NAME;
use crate::aws::queues::{DEAD, QueueName};
use crate::aws::rights::ACCESS_KEY;
use crate::error::StartError;
use crate::options::{DrafterChoice, Options, Research};
use handoff_domain::pace::Permits;
use handoff_hubspot::HubSpot;
use handoff_research::{Poster, Reader};
use handoff_runtime::{Clock, Environment, SharedPermits};
use handoff_store::Store;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

/// Requests a second that the built-in CRM may get; its limits are its own business.
const LOCAL_REQUESTS_PER_SECOND: u32 = 1000;
const MAIL_FROM: &str = "Handoff <handoff@example.com>";
const CONFIGURATION_SET: &str = "handoff";

/// Where everything is reached.
#[derive(Debug, Clone)]
pub(crate) struct Addresses {
    pub(crate) base_url: String,
    pub(crate) dynamodb: String,
    pub(crate) sqs: String,
    pub(crate) ses: String,
    pub(crate) hubspot: String,
    pub(crate) bedrock: Option<String>,
}

/// What all functions work with.
pub(crate) struct Functions {
    pub(crate) webhook: hubspot_webhook::Deps,
    pub(crate) form: handoff_form::Deps,
    pub(crate) console: console::Deps,
    pub(crate) assignment: csm_assignment::Deps,
    pub(crate) worker: drafting_worker::Deps,
    pub(crate) research: company_research::Deps,
    pub(crate) sender: email_sender::Deps,
    pub(crate) events: mail_events::Deps,
    pub(crate) reminders: reminder_sweep::Deps,
    pub(crate) rollup: analytics_rollup::Deps,
    pub(crate) reconciliation: deal_reconciliation::Deps,
    pub(crate) integrations: integration_sender::Deps,
}

/// The environment that the functions get.
pub(crate) fn environment(options: &Options, addresses: &Addresses, link_key: &str) -> Environment {
    let queue = |name: QueueName| format!("{}/000000000000/{}", addresses.sqs, name.as_str());
    let given = |name: &str, default: &str| options.environment.get(name).unwrap_or(default).to_owned();
    let mut environment = Environment::from_pairs([
        ("AWS_REGION", given("AWS_REGION", &given("AWS_DEFAULT_REGION", "us-east-1"))),
        ("AWS_ACCESS_KEY_ID", given("AWS_ACCESS_KEY_ID", "local")),
        ("AWS_SECRET_ACCESS_KEY", given("AWS_SECRET_ACCESS_KEY", "local")),
        ("AWS_SESSION_TOKEN", given("AWS_SESSION_TOKEN", "")),
        ("HANDOFF_CA_FILE", given("HANDOFF_CA_FILE", "")),
        ("AWS_ENDPOINT_URL_DYNAMODB", addresses.dynamodb.clone()),
        ("AWS_ENDPOINT_URL_SQS", addresses.sqs.clone()),
        ("AWS_ENDPOINT_URL_SES", addresses.ses.clone()),
        ("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", addresses.bedrock.clone().unwrap_or_default()),
        ("TABLE_NAME", TABLE_NAME.to_owned()),
        ("BASE_URL", addresses.base_url.clone()),
        ("INTAKE_QUEUE_URL", queue(QueueName::Intake)),
        ("DRAFTING_QUEUE_URL", queue(QueueName::Drafting)),
        ("INTAKE_DEAD_LETTERS_URL", format!("{}{DEAD}", queue(QueueName::Intake))),
        ("DRAFTING_DEAD_LETTERS_URL", format!("{}{DEAD}", queue(QueueName::Drafting))),
        ("RESEARCHED_DEAD_LETTERS_URL", format!("{}{DEAD}", queue(QueueName::Researched))),
        ("MAIL_EVENTS_DEAD_LETTERS_URL", format!("{}{DEAD}", queue(QueueName::MailEvents))),
        ("RESEARCHED_QUEUE_URL", queue(QueueName::Researched)),
        ("LINK_KEY", options.link_key.clone().unwrap_or_else(|| link_key.to_owned())),
        ("LINK_KEY_PREVIOUS", options.link_key_previous.clone().unwrap_or_default()),
        ("HUBSPOT_API_BASE_URL", addresses.hubspot.clone()),
        ("HUBSPOT_ACCESS_TOKEN", options.hubspot_access_token.clone()),
        ("HUBSPOT_CLIENT_SECRET", options.client_secret.clone()),
        ("HUBSPOT_CLIENT_SECRET_PREVIOUS", options.client_secret_previous.clone().unwrap_or_default()),
        ("MAIL_FROM", given("MAIL_FROM", MAIL_FROM)),
        ("MAIL_CONFIGURATION_SET", CONFIGURATION_SET.to_owned()),
    ]);
    if options.research != Research::Off {
        environment.set("RESEARCH_QUEUE_URL", queue(QueueName::Research));
    }
    match &options.drafter {
        DrafterChoice::Extractive => environment.set("HANDOFF_DRAFTER", "extractive"),
        DrafterChoice::Bedrock { model_id } => {
            environment.set("HANDOFF_DRAFTER", "bedrock");
            environment.set("BEDROCK_MODEL_ID", model_id);
            for name in ["BEDROCK_OUTPUT", "BEDROCK_PRICES", "BEDROCK_SOURCE_TOKENS"] {
                environment.set(name, given(name, ""));
            }
        }
    }
    environment
}

/// Makes the functions.
pub(crate) fn make(
    options: &Options,
    environment: &Environment,
    clock: &Clock,
    websites: Option<BTreeMap<String, SocketAddr>>,
    receivers: BTreeMap<String, SocketAddr>,
) -> Result<Functions, StartError> {
    // Each function signs with a key that names it, unless there are real ones.
    let signing = |function: &str| {
        let mut own = environment.clone();
        if own.get("AWS_ACCESS_KEY_ID") == Some("local") {
            own.set("AWS_ACCESS_KEY_ID", format!("{ACCESS_KEY}{function}"));
        }
        own
    };
    let mut webhook = hubspot_webhook::Deps::from_environment(&signing("hubspot-webhook"))?;
    let mut form = handoff_form::Deps::from_environment(&signing("handoff-form"))?;
    let mut console = console::Deps::from_environment(&signing("console"))?;
    let mut assignment = csm_assignment::Deps::from_environment(&signing("csm-assignment"))?;
    let mut worker = drafting_worker::Deps::from_environment(&signing("drafting-worker"))?;
    let mut research = company_research::Deps::from_environment(&signing("company-research"))?;
    let mut sender = email_sender::Deps::from_environment(&signing("email-sender"))?;
    let mut events = mail_events::Deps::from_environment(&signing("mail-events"))?;
    let mut reminders = reminder_sweep::Deps::from_environment(&signing("reminder-sweep"))?;
    let mut rollup = analytics_rollup::Deps::from_environment(&signing("analytics-rollup"))?;
    let mut reconciliation = deal_reconciliation::Deps::from_environment(&signing("deal-reconciliation"))?;
    let mut integrations = integration_sender::Deps::from_environment(&signing("integration-sender"))?;
    integrations.poster =
        Poster::with_hosts(receivers).map_err(|error| StartError::Function(error.into()))?;
    console.poster = integrations.poster.clone();
    if options.hubspot_api_base_url.is_none() || options.fast_pumps {
        worker.hubspot = hubspot(environment, options.fast_pumps)?;
        console.hubspot = worker.hubspot.clone();
        integrations.hubspot = worker.hubspot.clone();
    }
    if let Some(websites) = websites {
        research.reader = Reader::of_sites(websites).map_err(|error| StartError::Function(error.into()))?;
    }
    let permits = |store: &Store| -> Option<Arc<dyn Permits>> {
        options.paced.then(|| -> Arc<dyn Permits> {
            Arc::new(SharedPermits::new(Arc::new(store.clone()), clock.clone()))
        })
    };
    worker.hubspot = worker.hubspot.with_permits(permits(&worker.store));
    console.hubspot = console.hubspot.with_permits(permits(&console.store));
    integrations.hubspot = integrations.hubspot.with_permits(permits(&integrations.store));
    reconciliation.hubspot = reconciliation.hubspot.with_permits(permits(&reconciliation.store));
    sender.permits = permits(&sender.store);
    webhook.clock = clock.clone();
    form.clock = clock.clone();
    console.clock = clock.clone();
    assignment.clock = clock.clone();
    worker.clock = clock.clone();
    research.clock = clock.clone();
    sender.clock = clock.clone();
    events.clock = clock.clone();
    reminders.clock = clock.clone();
    rollup.clock = clock.clone();
    reconciliation.clock = clock.clone();
    integrations.clock = clock.clone();
    Ok(Functions {
        webhook,
        form,
        console,
        assignment,
        worker,
        research,
        sender,
        events,
        reminders,
        rollup,
        reconciliation,
        integrations,
    })
}

fn hubspot(environment: &Environment, fast: bool) -> Result<HubSpot, StartError> {
    let mut hubspot = drafting_worker::Config::from_environment(environment)?.hubspot;
    hubspot.requests_per_second = LOCAL_REQUESTS_PER_SECOND;
    if fast {
        hubspot.backoff = Duration::from_millis(20);
    }
    HubSpot::new(hubspot).map_err(|error| StartError::Function(error.into()))
}
