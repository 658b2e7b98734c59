//! Where the cache point stands, and what a run is said to have cost.

use super::*;
use crate::bedrock::Prices;

const CLAUDE: &str = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0";

/// Enough text to be worth caching.
fn long() -> Vec<Source> {
    let mut sources = sources();
    sources[0].body.push_str(&" The returns desk of each store keeps a list of its own.".repeat(200));
    sources
}

async fn asked(model: &str, sources: &[Source], context: Option<&str>, run: &str) -> (Value, Drafted) {
    let server = Server::saying(Reply::answers(&good_answers())).await;
    let retry = RetryConfig::standard().with_max_attempts(1);
    let prices: Prices = "in=1,out=5,cache_read=0.1".parse().unwrap();
    let bedrock =
        BedrockDrafter::with_retries(&server.config(), model.into(), retry).with_prices(Some(prices));
    let (run, questions) = (RunId::parse(run).unwrap(), questions());
    let request = DraftRequest {
        language: "en",
        company: "Northwind",
        questions: &questions,
        sources,
        context,
        seed: "a secret of the handoff",
        run: &run,
        now: "2026-11-22T10:00:00Z".parse().unwrap(),
    };
    let drafts = bedrock.draft(&request).await;
    (server.asked()[0].1["messages"][0]["content"].clone(), drafts)
}

fn caches(content: &Value) -> bool {
    content.as_array().unwrap().iter().any(|block| block.get("cachePoint").is_some())
}

#[tokio::test]
async fn a_model_caches_the_sources_where_that_pays() {
    let (long, short) = (long(), sources());
    let context = Some("They moved it to May.");
    for (id, sources, context, expected) in [
        (MODEL, &long, None, true),
        (MODEL, &short, None, false),
        (CLAUDE, &long, None, false),
        (CLAUDE, &long, context, true),
        (CLAUDE, &short, context, false),
        ("meta.llama3-1-70b-instruct-v1:0", &long, context, false),
    ] {
        let (blocks, _) = asked(id, sources, context, "r1").await;
        assert_eq!(caches(&blocks), expected, "{id} {context:?}: {blocks}");
    }
}

#[tokio::test]
async fn what_stands_before_the_cache_point_is_the_same_for_every_run() {
    let (first, _) = asked(MODEL, &long(), None, "r1").await;
    let (second, _) = asked(MODEL, &long(), Some("They moved it to May."), "r2").await;
    assert_eq!(first[0], second[0]);
    assert_eq!(first[1], second[1]);
    assert_ne!(first[2], second[2]);
}

#[tokio::test]
async fn a_run_tells_what_it_cost() {
    let (_, told) = asked(MODEL, &long(), None, "r1").await;
    assert_eq!(told.usage.microdollars, Some(1200 + 5 * 340));
}
