//! Metrics: what is counted, under which names, and how it leaves a function: as lines of CloudWatch's embedded metric
//! format on standard output, at the end of each invocation.
//!
//! Dimensions have few values, known beforehand; none says anything of a person or a customer. Without a namespace
//! nothing is counted.

use metrics::{SharedString, Unit};
use metrics_cloudwatch_embedded::{Builder, Collector};
use std::io::Write;
use std::sync::{Mutex, OnceLock, PoisonError};

/// A metric as CloudWatch knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// What it is measured in.
    pub unit: Unit,
    /// The one dimension that tells its values apart, if there is one.
    pub dimension: Option<&'static str>,
}

/// Counts what happens.
#[derive(Debug, Clone, Copy)]
pub struct Counter(Metric);

/// Counts what happens, by a dimension.
#[derive(Debug, Clone, Copy)]
pub struct CounterBy(Metric);

/// Measures a value, of which CloudWatch keeps the distribution. Also for what other systems call gauges: the library
/// would repeat a gauge at the end of every later invocation, when it is long out of date.
#[derive(Debug, Clone, Copy)]
pub struct Values(Metric);

/// Measures a value, by a dimension.
#[derive(Debug, Clone, Copy)]
pub struct ValuesBy(Metric);

impl Counter {
    /// It happened once.
    pub fn count(self) {
        self.add(1);
    }

    /// It happened so often.
    pub fn add(self, times: u64) {
        metrics::counter!(self.0.name).increment(times);
    }
}

impl CounterBy {
    /// It happened once, with this value of the dimension.
    pub fn count(self, value: impl Into<SharedString>) {
        let dimension = self.0.dimension.unwrap_or_default();
        metrics::counter!(self.0.name, dimension => value).increment(1);
    }
}

impl Values {
    /// It measures so much now.
    pub fn record(self, measured: f64) {
        metrics::histogram!(self.0.name).record(measured);
    }
}

impl ValuesBy {
    /// It measures so much now, for this value of the dimension.
    pub fn record(self, value: impl Into<SharedString>, measured: f64) {
        let dimension = self.0.dimension.unwrap_or_default();
        metrics::histogram!(self.0.name, dimension => value).record(measured);
    }
}

macro_rules! metrics {
    ($($(#[$doc:meta])* $id:ident: $kind:ident = $name:literal, $unit:ident $(, by $dimension:literal)?;)*) => {
        $(
            $(#[$doc])*
            pub const $id: $kind =
                $kind(Metric { name: $name, unit: Unit::$unit, dimension: metrics!(@ $($dimension)?) });
        )*

        /// Every metric there is: the template's alarms and dashboard may use these and no others.
        pub const ALL: &[Metric] = &[$($id.0),*];
    };
    (@) => { None };
    (@ $dimension:literal) => { Some($dimension) };
}

metrics! {
    /// Deliveries of HubSpot that are kept in the intake queue.
    WEBHOOK_ACCEPTED: Counter = "WebhookAccepted", Count;
    /// Deliveries that can concern no won deal.
    WEBHOOK_IRRELEVANT: Counter = "WebhookIrrelevant", Count;
    /// Deliveries whose signature is `forged` (not ours) or `stale` (too old).
    WEBHOOK_REFUSED: CounterBy = "WebhookRefused", Count, by "Reason";
    /// Deliveries that the intake queue did not take; HubSpot repeats them.
    WEBHOOK_UNAVAILABLE: Counter = "WebhookUnavailable", Count;
    /// Deliveries of which at least a part could not be used.
    WEBHOOK_QUARANTINED: Counter = "WebhookQuarantined", Count;

    /// Accounts given to a CSM by a person: `assigned` where nobody had it, else `reassigned`.
    ACCOUNT_ASSIGNED: CounterBy = "AccountAssigned", Count, by "How";
    /// Assignments that were asked for and changed nothing.
    ASSIGNMENT_REFUSED: Counter = "AssignmentRefused", Count;

    /// Accounts made, each with its handoff.
    HANDOFF_CREATED: Counter = "HandoffCreated", Count;
    /// Accounts made because the reconciliation found their deal: no webhook had told of it.
    DEAL_MISSED: Counter = "DealMissed", Count;
    /// Organizations whose deals were looked through to the newest.
    DEALS_LOOKED_THROUGH: Counter = "DealsLookedThrough", Count;
    /// Searches that HubSpot refused or did not answer, by reason.
    SEARCH_FAILED: CounterBy = "SearchFailed", Count, by "Reason";
    /// Runs that left drafts, by `bedrock` or `extractive`.
    DRAFTS_READY: CounterBy = "DraftsReady", Count, by "By";
    /// Runs in which the model did not answer usably, so that sentences of the sources stand in.
    DRAFT_FALLBACK: Counter = "DraftFallback", Count;
    /// Handoffs whose drafting was given up; the admins got a mail.
    DRAFT_FAILED: Counter = "DraftFailed", Count;
    /// Tokens that the model read anew.
    TOKENS_IN: Counter = "TokensIn", Count;
    /// Tokens that the model read from its cache.
    TOKENS_CACHED: Counter = "TokensCached", Count;
    /// Tokens that the model wrote.
    TOKENS_OUT: Counter = "TokensOut", Count;
    /// What the model cost by the configured prices, in millionths of a dollar.
    DRAFT_MICRODOLLARS: Counter = "DraftMicrodollars", Count;
    /// How long the drafter took for one run.
    DRAFT_SECONDS: Values = "DraftSeconds", Seconds;

    /// Websites that were read, by `read`, `partly` or `nothing`.
    WEBSITES: CounterBy = "Websites", Count, by "Outcome";
    /// How long one took.
    WEBSITE_SECONDS: Values = "WebsiteSeconds", Seconds;
    /// Handoffs that were drafted without the website, because its reading had not arrived in time.
    RESEARCH_LATE: Counter = "ResearchLate", Count;

    /// Mails that SES took, by kind.
    MAIL_SENT: CounterBy = "MailSent", Count, by "Kind";
    /// Mails that SES will never take.
    MAIL_REFUSED: Counter = "MailRefused", Count;
    /// Mails of which it is not known whether SES took them.
    MAIL_UNKNOWN: Counter = "MailUnknown", Count;
    /// Second tries after an unknown outcome.
    MAIL_RESENT: Counter = "MailResent", Count;
    /// Mails that came back.
    MAIL_BOUNCED: Counter = "MailBounced", Count;
    /// Mails that their reader called spam.
    MAIL_COMPLAINED: Counter = "MailComplained", Count;
    /// Entries that the sweep found owed for more than two minutes.
    OUTBOX_OWED: Values = "OutboxOwed", Count;
    /// The age of the oldest of them; 0 when there is none.
    OUTBOX_OLDEST_SECONDS: Values = "OutboxOldestSeconds", Seconds;

    /// Messages that reached another tool: `hubspot`, `slack` or `endpoint`.
    DELIVERY_DONE: CounterBy = "DeliveryDone", Count, by "Target";
    /// Tries after which one had not.
    DELIVERY_FAILED: CounterBy = "DeliveryFailed", Count, by "Target";
    /// Events that nobody told other tools of within three days.
    EVENT_TOO_LATE_TO_TELL: Counter = "EventTooLateToTell", Count;
    /// Events that the sweep found untold for more than two minutes.
    EVENTS_UNTOLD: Values = "EventsUntold", Count;

    /// Events that were counted into the totals.
    FACTS_COUNTED: Counter = "FactsCounted", Count;
    /// How old the oldest event is that a run left uncounted; 0 when it left none.
    FACTS_OLDEST_SECONDS: Values = "FactsOldestSeconds", Seconds;
    /// What AEs said instead of handing over: `later`, `not-me`.
    ASIDE_SAID: CounterBy = "AsideSaid", Count, by "Said";
    /// Handoffs whose time had come, by what the sweep made of them: `reminded`, `expired`, `given_up`, `put_off`.
    HANDOFFS_SETTLED: CounterBy = "HandoffsSettled", Count, by "Outcome";
    /// Handoffs past their time, by `drafting`, `awaiting_ae` or `attention`.
    HANDOFFS_STUCK: ValuesBy = "HandoffsStuck", Count, by "State";
    /// How long the oldest of them is past it.
    HANDOFFS_STUCK_OLDEST_SECONDS: ValuesBy = "HandoffsStuckOldestSeconds", Seconds, by "State";

    /// Times that a person opened a form.
    HANDOFF_OPENED: Counter = "HandoffOpened", Count;
    /// Handoffs submitted.
    HANDOFF_SUBMITTED: Counter = "HandoffSubmitted", Count;
    /// Submits that came back to the AE: fields to mend, or saved by somebody meanwhile.
    SUBMIT_REFUSED: Counter = "SubmitRefused", Count;
    /// New drafts asked for.
    REDRAFT_ASKED: Counter = "RedraftAsked", Count;
    /// Fresh links mailed.
    LINK_RENEWED: Counter = "LinkRenewed", Count;
    /// Sign-in links asked for.
    SIGN_IN_ASKED: Counter = "SignInAsked", Count;
    /// Sign-ins that were refused: `address_limit`, `organization_limit` or `other_browser`.
    SIGN_IN_REFUSED: CounterBy = "SignInRefused", Count, by "Reason";
    /// Sessions begun.
    SIGNED_IN: Counter = "SignedIn", Count;
    /// How long requests take, by method and pattern of the path.
    REQUEST_MILLISECONDS: ValuesBy = "RequestMilliseconds", Milliseconds, by "Route";
}

struct Emitter {
    collector: &'static Collector,
    out: Mutex<Box<dyn Write + Send>>,
}

static EMITTER: OnceLock<Emitter> = OnceLock::new();

/// Counts from now on, under this namespace, and lets [`flush`] write to `out`. Only the first call of a process matters.
pub fn init(namespace: &str, out: impl Write + Send + 'static) {
    // An error says that somebody else records the metrics of this process.
    let Ok(collector) = Builder::new().cloudwatch_namespace(namespace.to_owned()).init() else { return };
    for metric in ALL {
        metrics::describe_histogram!(metric.name, metric.unit, "");
    }
    let _ = EMITTER.set(Emitter { collector, out: Mutex::new(Box::new(out)) });
}

/// Writes what was counted since the last time, each document a line of its own.
pub fn flush() {
    let Some(emitter) = EMITTER.get() else { return };
    let mut lines = Vec::new();
    let collected = emitter.collector.flush(&mut lines);
    let mut out = emitter.out.lock().unwrap_or_else(PoisonError::into_inner);
    if let Err(error) = collected.and_then(|()| out.write_all(&lines)).and_then(|()| out.flush()) {
        tracing::warn!(%error, "metrics could not be written");
    }
}
