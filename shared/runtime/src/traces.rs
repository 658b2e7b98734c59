//! Traces: every call to another service is a subsegment of Lambda's own segment in X-Ray.
//!
//! A call is a `tracing` span with the name and the fields of [`call_span`], so that rooms which may not import this one
//! (HubSpot's client) can be traced as well: they make the same span with `tracing` alone. The layer here turns such
//! spans into X-Ray's documents and hands them to the daemon that Lambda runs beside the function: one datagram each,
//! no thread, no waiting. Without a daemon the spans are not even made.

use crate::Environment;
use serde::Deserialize as _;
use serde::de::value::{Error as ValueError, StrDeserializer};
use std::net::SocketAddr;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Metadata, Span, Subscriber};
use tracing_subscriber::filter::{FilterExt as _, filter_fn};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::LookupSpan;
use xray_lite::{
    AwsOperation, Client as _, DaemonClient, Http, Request, Response, SegmentId, Subsegment, TraceId,
};

const INVOCATION: &str = "invocation";
const CALL: &str = "call";

/// The span of an invocation, with the header of the trace that it belongs to.
pub(crate) fn invocation_span(header: Option<&str>) -> Span {
    tracing::debug_span!(INVOCATION, trace = header)
}

/// The span of a call to an AWS service. `status` is recorded when the answer is there.
pub(crate) fn call_span(service: &'static str, operation: &str) -> Span {
    tracing::debug_span!(CALL, service, operation, status = tracing::field::Empty)
}

/// Where the daemon listens; `None` where there is none, or at an address that cannot be one.
pub(crate) fn daemon(environment: &Environment) -> Option<SocketAddr> {
    environment.get("AWS_XRAY_DAEMON_ADDRESS")?.parse().ok()
}

/// Sends the subsegments of what is called to the X-Ray daemon.
#[derive(Debug)]
pub struct Traces {
    daemon: DaemonClient,
}

impl Traces {
    /// For the daemon of the environment; `None` where there is none.
    pub fn from_environment(environment: &Environment) -> Option<Self> {
        let daemon = DaemonClient::new(daemon(environment)?).ok()?;
        Some(Self { daemon })
    }

    /// As a layer of a subscriber: sees the spans named above, of our own code, and nothing else.
    pub fn layer<S>(self) -> impl Layer<S> + Send + Sync + 'static
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        let ours = |metadata: &Metadata<'_>| {
            metadata.is_span()
                && [INVOCATION, CALL].contains(&metadata.name())
                && crate::logs::is_ours(metadata)
        };
        self.with_filter(filter_fn(ours).and(LevelFilter::DEBUG))
    }
}

/// The segment of Lambda that calls are a part of.
struct Parent {
    trace: TraceId,
    segment: SegmentId,
}

impl Parent {
    /// Reads `Root=...;Parent=...;Sampled=1`; `None` when X-Ray does not want this trace.
    fn of(header: &str) -> Option<Self> {
        let part = |name: &str| header.split(';').find_map(|part| part.trim().strip_prefix(name));
        let text = StrDeserializer::<ValueError>::new;
        part("Sampled=").filter(|sampled| *sampled == "1")?;
        Some(Self {
            trace: TraceId::deserialize(text(part("Root=")?)).ok()?,
            segment: SegmentId::deserialize(text(part("Parent=")?)).ok()?,
        })
    }
}

/// A span's fields, as far as they matter here.
#[derive(Default)]
struct Fields {
    trace: Option<String>,
    service: String,
    operation: Option<String>,
    method: Option<String>,
    url: Option<String>,
    status: Option<u16>,
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "trace" => self.trace = Some(value.to_owned()),
            "service" => value.clone_into(&mut self.service),
            "operation" => self.operation = Some(value.to_owned()),
            "method" => self.method = Some(value.to_owned()),
            "url" => self.url = Some(value.to_owned()),
            _ => {}
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "status" {
            self.status = u16::try_from(value).ok();
        }
    }

    fn record_debug(&mut self, _field: &Field, _value: &dyn std::fmt::Debug) {}
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Traces {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if span.name() == INVOCATION {
            if let Some(parent) = fields.trace.as_deref().and_then(Parent::of) {
                span.extensions_mut().insert(parent);
            }
            return;
        }
        let begun = span.scope().find_map(|outer| {
            let extensions = outer.extensions();
            let parent = extensions.get::<Parent>()?;
            Some(begin(parent, &fields))
        });
        if let Some(subsegment) = begun {
            span.extensions_mut().insert(subsegment);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = Fields::default();
        values.record(&mut fields);
        if let (Some(subsegment), Some(status)) =
            (span.extensions_mut().get_mut::<Subsegment>(), fields.status)
        {
            answer(subsegment, status);
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(mut subsegment) = context.span(&id).and_then(|span| span.extensions_mut().remove()) else {
            return;
        };
        end(&mut subsegment);
        // Nobody is told when the daemon is away: a trace is no reason to disturb the work.
        let _ = self.daemon.send(&subsegment);
    }
}

fn begin(parent: &Parent, fields: &Fields) -> Subsegment {
    let mut subsegment =
        Subsegment::begin(parent.trace.clone(), Some(parent.segment.clone()), fields.service.clone());
    match (&fields.operation, &fields.method) {
        (Some(operation), _) => {
            subsegment.namespace = Some("aws".to_owned());
            let operation = Some(operation.clone());
            subsegment.aws = Some(AwsOperation { operation, ..AwsOperation::default() });
        }
        (None, method) => {
            subsegment.namespace = Some("remote".to_owned());
            let request = Request { method: method.clone(), url: fields.url.clone(), ..Request::default() };
            subsegment.http = Some(Http { request: Some(request), response: None });
        }
    }
    subsegment
}

fn answer(subsegment: &mut Subsegment, status: u16) {
    subsegment.throttled = status == 429;
    subsegment.error = (400..500).contains(&status);
    subsegment.fault = status >= 500;
    let response = Some(Response { status: Some(status), content_length: None });
    subsegment.http.get_or_insert(Http { request: None, response: None }).response = response;
}

fn end(subsegment: &mut Subsegment) {
    let is_answered = subsegment.http.as_ref().is_some_and(|http| http.response.is_some());
    subsegment.fault |= !is_answered;
    subsegment.end();
}

#[cfg(test)]
mod tests;
