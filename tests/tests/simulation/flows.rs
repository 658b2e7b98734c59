//! The main flows, each with crashes at chosen effects.

use crate::check::wrongs;
use crate::world::World;
use serde_json::{Value, json};
use std::fmt;

/// A crash at an effect, counted from 0 in the part of the flow that is under attack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crash {
    pub at: u64,
    pub after: bool,
}

impl fmt::Display for Crash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.at, if self.after { "+" } else { "-" })
    }
}

/// What is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// A deal closes, is drafted, the AE is invited, edits and submits; the CSM, HubSpot and the totals hear of it.
    HandOver,
    /// A submitted handoff is given to another CSM, comes back to the AE and is submitted again.
    ChangeHands,
    /// No webhook comes; the walk finds the deal; a link is sent anew, the AE is reminded, the link ends and is renewed; the
    /// handoff is skipped.
    Waiting,
}

impl Flow {
    pub const ALL: [Self; 3] = [Self::HandOver, Self::ChangeHands, Self::Waiting];

    /// What happens before the attack.
    async fn prepare(self, world: &mut World, deal: &str) {
        if self == Self::ChangeHands {
            world.close(deal).await;
            world.drain().await;
            world.submit(deal, "grace-lin", "Their COO leaves.").await;
            world.drain().await;
        }
    }

    async fn play(self, world: &mut World, deal: &str) {
        match self {
            Self::HandOver => {
                world.close(deal).await;
                world.drain().await;
                world.open(deal).await;
                world.save(deal, "Their COO leaves.").await;
                world.submit(deal, "grace-lin", "Their COO leaves in May.").await;
                world.drain().await;
                world.schedule("analytics-rollup").await;
            }
            Self::ChangeHands => {
                world.assign(deal, "mateo-rossi").await;
                world.drain().await;
                world.give_back(deal).await;
                world.drain().await;
                world.submit(deal, "mateo-rossi", "Their COO left.").await;
                world.drain().await;
            }
            Self::Waiting => {
                world.close_in_silence(deal).await;
                world.schedule("deal-reconciliation").await;
                world.drain().await;
                world.resend(deal).await;
                world.drain().await;
                world.wait(4 * 86_400).await;
                world.schedule("reminder-sweep").await;
                world.drain().await;
                world.wait(31 * 86_400).await;
                world.schedule("reminder-sweep").await;
                world.drain().await;
                world.renew(deal).await;
                world.drain().await;
            }
        }
    }
}

/// Plays a flow with these crashes. Answers with how many points there were to crash at, or with what is wrong.
pub async fn run(flow: Flow, crashes: &[Crash]) -> Result<u64, String> {
    let mut world = World::new().await;
    let deal = world.street.deal("Almost empty").await;
    flow.prepare(&mut world, &deal).await;
    let mut faults = vec![json!({"mode": "crash_before", "probability": 0.0})];
    faults.extend(crashes.iter().map(|crash| {
        let mode = if crash.after { "crash_after" } else { "crash_before" };
        json!({"mode": mode, "skip": crash.at, "times": 1})
    }));
    world.faults(Value::Array(faults)).await;
    flow.play(&mut world, &deal).await;
    let points = world.street.json("/local/faults").await[0]["seen"].as_u64().unwrap();
    world.recover().await;
    let wrong = wrongs(&world).await;
    let crashes: Vec<String> = crashes.iter().map(Crash::to_string).collect();
    let case = format!("make simulate CASE={flow:?}:{}", crashes.join(","));
    if handoff_runtime::Environment::from_process().get("CASE").is_some() {
        for mail in world.street.mails().await {
            println!("{} {} {} {:?}", mail["sent_at"], mail["kind"], mail["to"], crate::world::link(&mail));
        }
        for entry in world.street.json("/local/journal.json").await.as_array().unwrap() {
            if entry["effect"] == true {
                println!(
                    "{} {} {} {} {}",
                    entry["at"], entry["by"], entry["operation"], entry["fault"], entry["status"]
                );
            }
        }
        println!("{:?}", world.handoff(&deal).await.map(|h| (h.state, h.link, h.attention)));
    }
    if wrong.is_empty() { Ok(points) } else { Err(format!("{case}\n{wrong:#?}\n{:#?}", world.story)) }
}

/// Reads a flow and its crashes as a failure names them: `Waiting:8+,13-`.
pub fn parse(case: &str) -> Option<(Flow, Vec<Crash>)> {
    let (flow, crashes) = case.split_once(':')?;
    let flow = Flow::ALL.into_iter().find(|known| format!("{known:?}") == flow)?;
    let crash = |text: &str| {
        let at = text.strip_suffix(['+', '-'])?.parse().ok()?;
        Some(Crash { at, after: text.ends_with('+') })
    };
    let crashes = crashes.split(',').filter(|text| !text.is_empty()).map(crash).collect::<Option<_>>()?;
    Some((flow, crashes))
}
