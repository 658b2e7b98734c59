//! The real way of a deal: served by the built-in CRM over loopback, read by HubSpot's client, drafted as the worker does.

use crate::EvaluationError;
use crate::deals::EvaluationDeal;
use crate::score::{DealScore, score};
use axum::Router;
use drafting_worker::DrafterChoice;
use handoff_domain::Timestamp;
use handoff_domain::id::{DealId, RunId};
use handoff_domain::question::{Question, QuestionSet};
use handoff_drafting::{DraftRequest, Drafter, ExtractiveDrafter};
use handoff_hubspot::{Gathered, HubSpot, HubSpotConfig};
use handoff_local::crm::{self, Crm};
use handoff_runtime::{Aws, Environment};
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

/// The built-in CRM has no limit of its own.
const REQUESTS_PER_SECOND: u32 = 100_000;

/// Reads deals and drafts them.
#[derive(Debug)]
pub struct Pipeline {
    hubspot: HubSpot,
    drafter: Drafter,
    run: RunId,
}

impl Pipeline {
    /// Serves these deals on a port of the loopback for as long as the runtime lives.
    pub async fn start(deals: &[EvaluationDeal], drafter: Drafter) -> Result<Self, EvaluationError> {
        let crm = Crm::with_deals(deals.iter().map(|deal| (deal.name.as_str(), deal.text.as_str())))?;
        let url = serve(crm::router(crm)).await.map_err(EvaluationError::Address)?;
        let mut config = HubSpotConfig::new(url, "evaluation");
        config.requests_per_second = REQUESTS_PER_SECOND;
        let hubspot = HubSpot::new(config)
            .map_err(|source| EvaluationError::Gather { name: "(none yet)".to_owned(), source })?;
        let run = RunId::parse("evaluation").unwrap_or_else(|_| unreachable!("a constant id"));
        Ok(Self { hubspot, drafter, run })
    }

    /// Reads one deal, drafts it, and scores the drafts.
    pub async fn evaluate(&self, deal: &EvaluationDeal) -> Result<DealScore, EvaluationError> {
        let (gathered, now, gathering) = self.gather(deal).await?;
        let questions = questions(deal);
        let request = DraftRequest {
            language: &deal.gold.language,
            company: &gathered.account.company,
            questions: &questions,
            sources: &gathered.sources,
            context: None,
            seed: &deal.name,
            run: &self.run,
            now,
        };
        let began = Instant::now();
        let drafted = self.drafter.draft(&request).await;
        let drafting = began.elapsed();
        let mut score = score(&deal.gold, &questions, &gathered.sources, &drafted);
        (score.tally.gathering, score.tally.drafting) = (gathering, drafting);
        Ok(score)
    }

    /// Evaluates one deal after the other, so that their times are their own.
    pub async fn evaluate_all(&self, deals: &[EvaluationDeal]) -> Result<Vec<DealScore>, EvaluationError> {
        let mut scores = Vec::with_capacity(deals.len());
        for deal in deals {
            scores.push(self.evaluate(deal).await?);
        }
        Ok(scores)
    }

    /// What the worker reads, the moment of the close as "now", and how long it took.
    pub async fn gather(
        &self,
        deal: &EvaluationDeal,
    ) -> Result<(Gathered, Timestamp, Duration), EvaluationError> {
        let failed = |source| EvaluationError::Gather { name: deal.name.clone(), source };
        let lost = || EvaluationError::NoDeal(deal.name.clone());
        let began = Instant::now();
        let id = DealId::parse(&deal.id).map_err(|_| lost())?;
        let found = self.hubspot.get_deal(&id).await.map_err(failed)?.ok_or_else(lost)?;
        let gathered = drafting_worker::gather(&self.hubspot, &found, false).await.map_err(failed)?;
        let now = found.closed_at.ok_or_else(lost)?;
        Ok((gathered, now, began.elapsed()))
    }
}

fn questions(deal: &EvaluationDeal) -> Vec<Question> {
    let mut questions = QuestionSet::first().questions;
    questions.extend(deal.gold.extra_questions.iter().cloned());
    questions
}

async fn serve(router: Router) -> std::io::Result<String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let url = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(url)
}

/// The drafter that needs no model.
pub fn extractive() -> Drafter {
    Drafter::Extractive(ExtractiveDrafter::new())
}

/// The drafter that the worker would make of this environment.
pub fn bedrock(environment: &Environment) -> Result<Drafter, EvaluationError> {
    let mut environment = environment.clone();
    environment.set("HANDOFF_DRAFTER", "bedrock");
    let reader = environment.reader();
    let choice = DrafterChoice::read(&reader);
    let (choice, aws) =
        handoff_runtime::ConfigError::join(reader.finish(Some(choice)), Aws::from_environment(&environment))?;
    Ok(choice.make(&aws))
}
