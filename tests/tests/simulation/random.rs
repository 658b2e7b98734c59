//! Histories at random: several deals, people who do whatever they like in the middle of half-done work, services that fail now
//! and then, and crashes. Everything follows from the seed.

use crate::check::wrongs;
use crate::world::World;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};

const STORIES: [&str; 4] = ["Almost empty", "In German", "Hostile", "Contradictory"];
const CSMS: [&str; 2] = ["grace-lin", "mateo-rossi"];
const SERVICES: [&str; 4] = ["dynamodb", "sqs", "ses", "hubspot"];
const MODES: [&str; 4] = ["throttle", "error", "lost_reply", "truncated"];
/// How often a call fails where a service is flaky.
const FLAKY: f64 = 0.04;
/// Effects among which crashes fall.
const REACH: u64 = 160;

/// What a history met.
#[derive(Debug, Default, Clone, Copy)]
pub struct Met {
    pub effects: u64,
    pub crashes: u64,
    pub faults: u64,
}

fn faults(dice: &mut StdRng) -> Value {
    let mut faults = vec![json!({"mode": "crash_before", "probability": 0.0})];
    for _ in 0..dice.random_range(0..4) {
        let mode = if dice.random() { "crash_before" } else { "crash_after" };
        faults.push(json!({"mode": mode, "skip": dice.random_range(0..REACH), "times": 1}));
    }
    for _ in 0..dice.random_range(0..3) {
        let (service, mode) = (SERVICES.choose(dice).unwrap(), MODES.choose(dice).unwrap());
        faults.push(
            json!({"service": service, "mode": mode, "probability": FLAKY, "seed": dice.random::<u64>()}),
        );
    }
    for service in SERVICES {
        if dice.random_bool(0.3) {
            faults.push(json!({"service": service, "mode": "duplicate", "probability": 0.2, "seed": dice.random::<u64>()}));
        }
    }
    Value::Array(faults)
}

async fn act(world: &mut World, dice: &mut StdRng, deals: &[String], said: &mut u32) {
    let deal = deals.choose(dice).unwrap();
    let csm = CSMS.choose(dice).unwrap();
    *said += 1;
    let words = format!("Risk number {said}.");
    match dice.random_range(0..20) {
        0..4 => world.close(deal).await,
        4..6 => world.open(deal).await,
        6..9 => world.save(deal, &words).await,
        9..12 => world.submit(deal, csm, &words).await,
        12..14 => world.assign(deal, csm).await,
        14 => world.give_back(deal).await,
        15 => world.resend(deal).await,
        16 => world.schedule("outbox-sweep").await,
        17 => world.schedule("reminder-sweep").await,
        18 => world.schedule("deal-reconciliation").await,
        _ => world.schedule("analytics-rollup").await,
    }
    if dice.random_bool(0.4) {
        world.drain().await;
    } else {
        world.turns(dice.random_range(0..6)).await;
    }
}

/// Plays the history of a seed. Answers with what it met, or with what is wrong in the end.
pub async fn run(seed: u64) -> Result<Met, String> {
    let mut dice = StdRng::seed_from_u64(seed);
    let mut world = World::new().await;
    let mut deals = Vec::new();
    for story in &STORIES[..dice.random_range(1..=3)] {
        deals.push(world.street.deal(story).await);
    }
    let (mut met, mut said) = (Met::default(), 0);
    for chapter in 0..dice.random_range(1..=2) {
        if chapter > 0 {
            world.recover().await;
            world.wait(dice.random_range(1..=5) * 86_400).await;
            world.sign_in().await;
        }
        let faults = faults(&mut dice);
        world.story.push(format!("faults: {faults}"));
        world.faults(faults).await;
        for _ in 0..dice.random_range(6..=14) {
            act(&mut world, &mut dice, &deals, &mut said).await;
        }
        for fault in world.street.json("/local/faults").await.as_array().unwrap() {
            let struck = fault["struck"].as_u64().unwrap();
            if fault["mode"].as_str().unwrap().starts_with("crash") {
                met.crashes += struck;
            } else {
                met.faults += struck;
            }
        }
        met.effects += world.street.json("/local/faults").await[0]["seen"].as_u64().unwrap();
    }
    world.recover().await;
    let wrong = wrongs(&world).await;
    if wrong.is_empty() { Ok(met) } else { Err(format!("{wrong:#?}\n{:#?}", world.story)) }
}
