//! Whole histories with crashes in them: of the main flows a crash before and after each effect, and beyond them histories at
//! random. After each, everything that was broken works again, and then everything must hold that always holds.
//!
//! `make simulate SEEDS=n` runs more of them; a failure names the line that repeats it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    dead_code,
    missing_docs,
    unreachable_pub,
    reason = "a test program"
)]

mod check;
mod flows;
mod random;
#[path = "../journeys/rig.rs"]
mod rig;
mod world;

use flows::{Crash, Flow};
use handoff_runtime::Environment;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Histories at random, and pairs of crashes for each flow, where nobody asks for more.
const SEEDS: u64 = 16;

/// `SEEDS`: how many. `SEED`: this one only.
fn seeds() -> (u64, Vec<u64>) {
    let environment = Environment::from_process();
    let number = |name: &str| environment.get(name).and_then(|text| text.parse::<u64>().ok());
    let many = number("SEEDS").unwrap_or(SEEDS);
    (many, number("SEED").map_or_else(|| (0..many).collect(), |seed| vec![seed]))
}

/// Plays all cases on as many threads as there are processors, one at a time on each: what one does has one order. A case that
/// panics is one that failed.
fn play<C, F, T>(cases: &[C], run: impl Fn(C) -> F + Sync) -> Vec<(C, Result<T, String>)>
where
    C: Copy + Send + Sync,
    F: Future<Output = Result<T, String>>,
    T: Send,
{
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)).copied() {
                    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                    let played = std::panic::catch_unwind(AssertUnwindSafe(|| runtime.block_on(run(case))));
                    let outcome = played.unwrap_or_else(|panic| {
                        let text = panic.downcast_ref::<String>().cloned();
                        Err(text.unwrap_or_else(|| "panicked".to_owned()))
                    });
                    done.lock().unwrap().push((case, outcome));
                }
            });
        }
    });
    done.into_inner().unwrap()
}

/// A crash before and one after each effect of the flow.
fn each_effect(flow: Flow) {
    let points = play(&[()], |()| flows::run(flow, &[])).pop().unwrap().1.unwrap();
    assert!(points > 20, "{flow:?} has {points} effects only");
    let crashes: Vec<Crash> =
        (0..points).flat_map(|at| [false, true].map(|after| Crash { at, after })).collect();
    let played = play(&crashes, |crash| async move { flows::run(flow, &[crash]).await });
    println!("{flow:?}: {} histories, a crash before or after each of {points} effects", played.len());
    let failed: Vec<String> = played.into_iter().filter_map(|(_, outcome)| outcome.err()).collect();
    assert!(failed.is_empty(), "{} of them failed\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn a_crash_at_each_effect_of_handing_over_loses_and_doubles_nothing() {
    each_effect(Flow::HandOver);
}

#[test]
fn a_crash_at_each_effect_of_changing_hands_loses_and_doubles_nothing() {
    each_effect(Flow::ChangeHands);
}

#[test]
fn a_crash_at_each_effect_of_waiting_loses_and_doubles_nothing() {
    each_effect(Flow::Waiting);
}

/// Of all pairs of crashes in a flow as many as asked for; all of them where more are asked for than there are.
#[test]
fn two_crashes_in_one_history_lose_and_double_nothing() {
    let (many, _) = seeds();
    for flow in Flow::ALL {
        let points = play(&[()], |()| flows::run(flow, &[])).pop().unwrap().1.unwrap();
        let crash = |at: u64| [false, true].map(|after| Crash { at, after });
        let all: Vec<[Crash; 2]> = (0..points)
            .flat_map(|first| (first + 1..=points).map(move |second| (first, second)))
            .flat_map(|(first, second)| crash(first).map(|one| crash(second).map(|other| [one, other])))
            .flatten()
            .collect();
        let mut dice = StdRng::seed_from_u64(many);
        let pairs: Vec<[Crash; 2]> = if all.len() as u64 <= many {
            all.clone()
        } else {
            (0..many).map(|_| all[dice.random_range(0..all.len())]).collect()
        };
        let played = play(&pairs, |pair| async move { flows::run(flow, &pair).await });
        println!("{flow:?}: {} of {} pairs of crashes", played.len(), all.len());
        let failed: Vec<String> = played.into_iter().filter_map(|(_, outcome)| outcome.err()).collect();
        assert!(failed.is_empty(), "{} of them failed\n{}", failed.len(), failed.join("\n"));
    }
}

#[test]
fn histories_at_random_lose_and_double_nothing() {
    let (_, seeds) = seeds();
    let played = play(&seeds, random::run);
    let met = played.iter().filter_map(|(_, outcome)| outcome.as_ref().ok());
    let sums = met.fold([0; 3], |[e, c, f], met| [e + met.effects, c + met.crashes, f + met.faults]);
    println!(
        "{} histories at random: {} effects, {} crashes, {} faults",
        played.len(),
        sums[0],
        sums[1],
        sums[2]
    );
    let failed: Vec<String> = played
        .into_iter()
        .filter_map(|(seed, outcome)| Some(format!("make simulate SEED={seed}\n{}", outcome.err()?)))
        .collect();
    assert!(failed.is_empty(), "{} of them failed\n{}", failed.len(), failed.join("\n"));
}

/// `CASE`: one flow with its crashes, as a failure names it, with the mails and the journal.
#[tokio::test]
async fn one_case_again() {
    let environment = Environment::from_process();
    let Some(case) = environment.get("CASE") else { return };
    let (flow, crashes) = flows::parse(case).expect("CASE is like Waiting:8+,13-");
    flows::run(flow, &crashes).await.unwrap_or_else(|wrong| panic!("{wrong}"));
}
