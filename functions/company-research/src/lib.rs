//! Reads a customer's website.
//!
//! Trigger: SQS, the research queue. Reads: a few public pages, as `handoff-research` finds safe. Writes: one message into
//! the researched queue, and nothing else: it meets the open internet, so its role can do nothing that would be worth
//! taking over. A site that cannot be read is an answer with gaps. Retries: only a message that is none of ours, or an
//! answer that the queue did not take, comes again; an answer that comes twice changes nothing.

mod config;

pub use config::Config;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use handoff_domain::research::{ResearchWanted, Researched};
use handoff_queue::Queue;
use handoff_research::{Findings, Reader};
use handoff_runtime::batch::each_message;
use handoff_runtime::{Clock, correlate, metrics, report};
use std::time::Instant;

/// What the function works with.
#[derive(Debug, Clone)]
pub struct Deps {
    /// Who reads.
    pub reader: Reader,
    /// Where answers go.
    pub researched_queue: Queue,
    /// The time.
    pub clock: Clock,
}

/// Works a batch; messages that shall come again are named in the answer.
pub async fn handle(deps: &Deps, event: SqsEvent) -> SqsBatchResponse {
    each_message(event, |message| async move { work(deps, &message).await }).await
}

async fn work(deps: &Deps, message: &SqsMessage) -> bool {
    let body = message.body.as_deref().unwrap_or_default();
    let wanted: ResearchWanted = match serde_json::from_str(body) {
        Ok(wanted) => wanted,
        Err(error) => {
            // Without the error's own words: they quote what they could not read.
            tracing::error!(line = error.line(), column = error.column(), "message could not be read");
            return false;
        }
    };
    correlate(wanted.correlation);
    let began = Instant::now();
    let findings = deps.reader.read(&wanted.website, deps.clock.now()).await;
    metrics::WEBSITE_SECONDS.record(began.elapsed().as_secs_f64());
    metrics::WEBSITES.count(outcome(&findings));
    let (pages, gaps) = (findings.pages.len(), findings.gaps.len());
    let answer = answer(wanted, findings);
    if let Err(error) = deps.researched_queue.send(&answer).await {
        tracing::warn!(error = report(&error), "answer not kept; message comes again");
        return false;
    }
    tracing::info!(organization = %answer.organization, account = %answer.account, pages, gaps, "website read");
    true
}

fn outcome(findings: &Findings) -> &'static str {
    match (findings.pages.is_empty(), findings.gaps.is_empty()) {
        (true, _) => "nothing",
        (false, true) => "read",
        (false, false) => "partly",
    }
}

fn answer(wanted: ResearchWanted, findings: Findings) -> Researched {
    Researched {
        correlation: wanted.correlation,
        organization: wanted.organization,
        account: wanted.account,
        ticket: wanted.ticket,
        pages: findings.pages,
        gaps: findings.gaps,
    }
}

#[cfg(test)]
mod tests;
