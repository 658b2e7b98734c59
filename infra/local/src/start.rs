//! Puts the street together: state, stand-ins, functions, pumps, pages, one address.

use crate::aws::calls::Calls;
use crate::aws::dynamodb::{self, TABLE_NAME, Table};
use crate::aws::faults::{Faults, Service};
use crate::aws::mails::Mails;
use crate::aws::proxy::Proxy;
use crate::aws::queues::Queues;
use crate::aws::{StandIns, ses, sqs};
use crate::clock::MovableClock;
use crate::crm::{self, Crm};
use crate::data_dir::{self, Claimed};
use crate::error::StartError;
use crate::functions::{self, Addresses, Functions};
use crate::options::{DataDir, DrafterChoice, Options};
use crate::pumps::consumers;
use crate::receivers::Receivers;
use crate::serve::{Stop, hang_up, serve};
use crate::state::State;
use crate::street::Street;
use crate::{organization, pages, websites};
use axum::Router;
use axum::extract::{Request, State as AxumState};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use handoff_hubspot::signature::Secret;
use handoff_runtime::{Aws, Timeouts};
use handoff_store::Store;
use std::net::Ipv4Addr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

const SHUTDOWN_GRACE: Duration = Duration::from_secs(5);

/// A local run. Dropping it stops it without waiting.
#[derive(Debug)]
pub struct Running {
    /// The address it answers at, without a slash at its end.
    pub base_url: String,
    /// Where it listens; differs from `base_url` when `BASE_URL` names a public origin.
    pub own_url: String,
    /// Where its table answers without being counted or failing by request.
    pub table_url: String,
    /// Its table itself.
    pub table: Table,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
    _claimed: Claimed,
}

impl Running {
    /// Lets what is under way end, at most a few seconds, and stops.
    pub async fn shutdown(mut self) {
        // An error says that everything has stopped already.
        let _ = self.stop.send(true);
        let all_ended = async { while self.tasks.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(SHUTDOWN_GRACE, all_ended).await;
    }
}

/// Starts everything. Returns when it answers.
pub async fn start(options: Options) -> Result<Running, StartError> {
    handoff_runtime::tls();
    let claimed = data_dir::claim(&options.data_dir)?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))
        .await
        .map_err(|source| StartError::Port { port: options.port, source })?;
    let own_url = format!("http://{}", listener.local_addr().map_err(StartError::Loopback)?);
    let base_url = options.base_url.clone().unwrap_or_else(|| own_url.clone());

    let (stop_sender, stop) = Stop::new();
    let faults = Faults::default();
    let kept = Kept::open(&options.data_dir, &faults)?;
    let mut stand_ins = StandIns {
        calls: Calls::new(kept.clock.clock()),
        faults: faults.clone(),
        stop: stop.clone(),
        tasks: JoinSet::new(),
    };
    let crm = match &options.hubspot_api_base_url {
        None => Some(built_in_crm(&options.data_dir, &kept.clock)?),
        Some(_) => None,
    };
    let (addresses, back_door) =
        start_stand_ins(&mut stand_ins, &options, &kept, crm.as_ref(), base_url.clone()).await?;
    let environment = functions::environment(&options, &addresses, &claimed.link_key);
    // With another CRM the customers are real, and so are their websites.
    let websites = match crm {
        Some(_) => Some(websites::start(&mut stand_ins).await.map_err(StartError::Loopback)?),
        None => None,
    };
    let receivers = Receivers::default();
    let hosts = receivers.start(&mut stand_ins, crm.is_some()).await;
    let hosts = hosts.map_err(StartError::Loopback)?;
    let functions = functions::make(&options, &environment, &kept.clock.clock(), websites, hosts)?;

    let mut back_environment = environment;
    back_environment.set("AWS_ENDPOINT_URL_DYNAMODB", back_door.clone());
    let aws = Aws::from_environment(&back_environment)?;
    let store = Store::new(&aws.config(handoff_runtime::Service::DynamoDb, Timeouts::WORKER), TABLE_NAME);
    bring_up(&store).await.map_err(StartError::Format)?;
    organization::ensure(&store, kept.clock.clock().now()).await?;

    let street = Street {
        clock: kept.clock.clone(),
        mails: kept.mails.clone(),
        queues: kept.queues.clone(),
        table: kept.table.clone(),
        store,
        faults: faults.clone(),
        calls: stand_ins.calls.clone(),
        crm,
        secret: Secret::parse(options.client_secret.clone()).map_err(|_| StartError::Secret)?,
        client: reqwest_client()?,
        base_url: base_url.clone(),
        own_url: own_url.clone(),
        drafter: match options.drafter {
            DrafterChoice::Extractive => "the extractive drafter, without a model",
            DrafterChoice::Bedrock { .. } => "a model on Bedrock",
        },
        sender: functions.sender.clone(),
        reminders: functions.reminders.clone(),
        rollup: functions.rollup.clone(),
        reconciliation: functions.reconciliation.clone(),
        integrations: functions.integrations.clone(),
        receivers,
        state: kept.state.clone(),
        tells_other_tools: options.tells_other_tools,
        consumers: consumers(&options, &kept, &faults, &functions),
    };
    let mut tasks = stand_ins.tasks;
    if !options.stepped {
        for consumer in &street.consumers {
            for _ in 0..consumer.workers {
                tasks.spawn(consumer.clone().run(stop.clone()));
            }
        }
    }
    let table = kept.table.clone();
    tasks.spawn(serve(listener, front(functions, street), stop));
    Ok(Running {
        base_url,
        own_url,
        table_url: back_door,
        table,
        stop: stop_sender,
        tasks,
        _claimed: claimed,
    })
}

/// A data directory may hold items of an older format: what `make migrate` does for a deployment.
async fn bring_up(store: &Store) -> Result<(), handoff_store::StoreError> {
    const PAGE: i32 = 500;
    let mut from = None;
    loop {
        let (_, next) = store.migrate_page(from.as_ref(), PAGE, false).await?;
        if next.is_none() {
            return Ok(());
        }
        from = next;
    }
}

/// What survives a restart.
pub(crate) struct Kept {
    pub(crate) state: State,
    clock: MovableClock,
    pub(crate) queues: Queues,
    mails: Mails,
    pub(crate) table: Table,
}

impl Kept {
    fn open(data_dir: &DataDir, faults: &Faults) -> Result<Self, StartError> {
        let state = State::open(data_dir)?;
        let clock = MovableClock::open(&state)?;
        let queues = Queues::open(&state, &clock.clock(), faults)?;
        Ok(Self { mails: Mails::new(&state), table: Table::open(data_dir)?, state, clock, queues })
    }
}

fn built_in_crm(data_dir: &DataDir, clock: &MovableClock) -> Result<Crm, StartError> {
    let path = match data_dir {
        DataDir::Memory => None,
        DataDir::Path(path) => Some(path.join("crm.json")),
    };
    Ok(Crm::new(path)?.with_clock(clock.clock()))
}

/// Starts the servers that the functions call; answers with their addresses, and the table's own behind its front.
async fn start_stand_ins(
    stand_ins: &mut StandIns,
    options: &Options,
    kept: &Kept,
    crm: Option<&Crm>,
    base_url: String,
) -> Result<(Addresses, String), StartError> {
    let engine = stand_ins.start_engine(&kept.table).await.map_err(StartError::Loopback)?;
    let front = dynamodb::Front {
        proxy: Proxy::new(&engine).map_err(StartError::Client)?,
        calls: stand_ins.calls.clone(),
        table: kept.table.clone(),
    };
    let ses = ses::Ses {
        mails: kept.mails.clone(),
        queues: kept.queues.clone(),
        clock: kept.clock.clock(),
        faults: stand_ins.faults.clone(),
    };
    let hubspot = match (crm, &options.hubspot_api_base_url) {
        (None, Some(url)) => passing(url)?,
        (crm, _) => crm.cloned().map(crm::router).unwrap_or_default(),
    };
    let endpoint = options
        .environment
        .get("AWS_ENDPOINT_URL_BEDROCK_RUNTIME")
        .or(options.environment.get("AWS_ENDPOINT_URL"));
    let bedrock = match endpoint {
        Some(url) => {
            Some(stand_ins.start(Service::Bedrock, passing(url)?).await.map_err(StartError::Loopback)?)
        }
        None => None,
    };
    let mut start = async |service, app| stand_ins.start(service, app).await.map_err(StartError::Loopback);
    let addresses = Addresses {
        base_url,
        dynamodb: start(Service::DynamoDb, dynamodb::router(front)).await?,
        sqs: start(Service::Sqs, sqs::router(kept.queues.clone())).await?,
        ses: start(Service::Ses, ses::router(ses)).await?,
        hubspot: start(Service::HubSpot, hubspot).await?,
        bedrock,
    };
    Ok((addresses, engine))
}

/// A server that only passes on, so that calls are counted and faults can be played.
fn passing(url: &str) -> Result<Router, StartError> {
    let proxy = Proxy::new(url).map_err(StartError::Client)?;
    Ok(Router::new().fallback(async move |request: Request| proxy.pass(request).await))
}

fn reqwest_client() -> Result<reqwest::Client, StartError> {
    let roots = rustls::RootCertStore::empty();
    let tls = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let builder = reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy();
    builder.timeout(Duration::from_secs(30)).build().map_err(StartError::Client)
}

/// Everything behind the one address, as API Gateway would have it, and the local pages.
fn front(functions: Functions, street: Street) -> Router {
    let faults = street.faults.clone();
    Router::new()
        .merge(hubspot_webhook::router(functions.webhook))
        // An address that leads nowhere is the console's, as the API has it.
        .merge(handoff_form::router(functions.form).reset_fallback())
        .merge(csm_assignment::router(functions.assignment).reset_fallback())
        .merge(console::router(functions.console))
        .layer(from_fn_with_state(faults, mortal))
        .merge(pages::router(street))
        .layer(from_fn(pages::start_page_first))
}

/// A request to a function goes on when its client is gone, and ends without an answer when the function dies.
async fn mortal(AxumState(faults): AxumState<Faults>, request: Request, next: Next) -> Response {
    let changes = !request.method().is_safe();
    let process = faults.clone();
    let invocation = tokio::spawn(async move { process.mortal(next.run(request)).await });
    match invocation.await {
        Ok(Some(answer)) if !(changes && faults.dies_before(Service::Sqs, "Answer")) => answer,
        _ => hang_up(),
    }
}
