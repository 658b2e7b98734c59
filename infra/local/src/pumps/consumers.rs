//! Who takes what from which queue, and who reads the stream: the event sources of the template, each as something that can be
//! run for ever or asked for a turn.

use super::Pace;
use super::queue::QueuePump;
use super::stream::StreamPump;
use crate::aws::faults::Faults;
use crate::aws::queues::QueueName;
use crate::functions::Functions;
use crate::options::{Options, Research};
use crate::serve::Stop;
use crate::start::Kept;
use crate::street::TOLD_THROUGH;
use aws_lambda_events::event::dynamodb::Event;
use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use aws_lambda_events::event::streams::DynamoDbEventResponse;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use handoff_runtime::invocation;
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

type Doing<T> = Arc<dyn Fn() -> BoxFuture<'static, T> + Send + Sync>;

/// One event source with its function.
#[derive(Clone)]
pub(crate) struct Consumer {
    /// The queue, or the function that reads the stream.
    pub(crate) name: &'static str,
    /// How many work at once.
    pub(crate) workers: usize,
    turn: Doing<bool>,
    idle: Doing<()>,
}

impl Consumer {
    /// One turn; whether there was something to do.
    pub(crate) async fn turn(&self) -> bool {
        (self.turn)().await
    }

    /// Works until told to stop.
    pub(crate) async fn run(self, stop: Stop) {
        let work = async {
            loop {
                if !self.turn().await {
                    (self.idle)().await;
                }
            }
        };
        tokio::select! {
            () = work => {}
            () = stop.wait() => {}
        }
    }

    pub(super) fn of_queue<H, F>(pump: QueuePump, workers: usize, handle: H) -> Self
    where
        H: Fn(SqsEvent) -> F + Send + Sync + 'static,
        F: Future<Output = SqsBatchResponse> + Send + 'static,
    {
        let (name, pump, handle) = (pump.queue.as_str(), Arc::new(pump), Arc::new(handle));
        let idler = pump.clone();
        Self {
            name,
            workers,
            turn: Arc::new(move || {
                let (pump, handle) = (pump.clone(), handle.clone());
                async move { pump.turn(&*handle).await }.boxed()
            }),
            idle: Arc::new(move || {
                let pump = idler.clone();
                async move { pump.idle().await }.boxed()
            }),
        }
    }

    pub(super) fn of_stream<H, F>(pump: StreamPump, handle: H) -> Self
    where
        H: Fn(Event) -> F + Send + Sync + 'static,
        F: Future<Output = DynamoDbEventResponse> + Send + 'static,
    {
        let (name, pump, handle) = (pump.function, Arc::new(pump), Arc::new(handle));
        let idler = pump.clone();
        Self {
            name,
            workers: 1,
            turn: Arc::new(move || {
                let (pump, handle) = (pump.clone(), handle.clone());
                async move { pump.turn(&*handle).await }.boxed()
            }),
            idle: Arc::new(move || {
                let pump = idler.clone();
                async move { pump.idle().await }.boxed()
            }),
        }
    }
}

/// All of them.
pub(crate) fn consumers(
    options: &Options,
    kept: &Kept,
    faults: &Faults,
    functions: &Functions,
) -> Vec<Consumer> {
    let pace = match (options.stepped, options.fast_pumps) {
        (true, _) => Pace::STEPPED,
        (false, true) => Pace::FAST,
        (false, false) => Pace::CALM,
    };
    let queue = |queue: QueueName, function, seconds| QueuePump {
        queues: kept.queues.clone(),
        faults: faults.clone(),
        queue,
        function,
        timeout: Duration::from_secs(seconds),
        pace,
    };
    let stream = |checkpoint, function, minutes| StreamPump {
        table: kept.table.clone(),
        state: kept.state.clone(),
        faults: faults.clone(),
        checkpoint,
        function,
        timeout: Duration::from_mins(minutes),
        pace,
        trouble: Mutex::default(),
    };
    let worker = Arc::new(functions.worker.clone());
    let draft = move |event| {
        let worker = worker.clone();
        invocation(None, async move { drafting_worker::handle(&worker, event).await })
    };
    let events = Arc::new(functions.events.clone());
    let confirm = move |event| {
        let events = events.clone();
        invocation(None, async move { mail_events::handle(&events, event).await })
    };
    let sender = Arc::new(functions.sender.clone());
    let send = move |event| {
        let sender = sender.clone();
        invocation(None, async move { email_sender::handle(&sender, event).await })
    };
    let of_worker =
        |name, workers| Consumer::of_queue(queue(name, "drafting-worker", 300), workers, draft.clone());
    let mut all = vec![
        of_worker(QueueName::Intake, 1),
        of_worker(QueueName::Researched, 1),
        of_worker(QueueName::Drafting, options.drafting_workers),
        Consumer::of_queue(queue(QueueName::MailEvents, "mail-events", 60), 1, confirm),
        Consumer::of_stream(stream("stream_checkpoint", "email-sender", 1), send),
    ];
    if options.tells_other_tools {
        let integrations = Arc::new(functions.integrations.clone());
        let tell = move |event| {
            let integrations = integrations.clone();
            invocation(None, async move { integration_sender::handle(&integrations, event).await })
        };
        all.push(Consumer::of_stream(stream(TOLD_THROUGH, "integration-sender", 3), tell));
    }
    if options.research != Research::Unanswered {
        let research = Arc::new(functions.research.clone());
        let read = move |event| {
            let research = research.clone();
            invocation(None, async move { company_research::handle(&research, event).await })
        };
        all.push(Consumer::of_queue(queue(QueueName::Research, "company-research", 45), 1, read));
    }
    all
}
