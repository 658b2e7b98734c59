//! What must hold when everything has come to rest, against what the people were told.

use crate::world::{Known, World, link};
use handoff_domain::answer::AnswerValue;
use handoff_domain::handoff::{Handoff, HandoffState};
use handoff_domain::id::QuestionId;
use handoff_recount::{Recounted, recount};
use handoff_runtime::{Aws, Environment, Service, Timeouts};
use handoff_store::Store;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that is wrong; empty is what everyone hopes for.
pub async fn wrongs(world: &World) -> Vec<String> {
    let mut wrong = Vec::new();
    let handoffs = world.handoffs().await;
    let mails = world.street.mails().await;
    let told = world.street.json("/local/told.json").await;
    nothing_moves_and_nothing_is_dead(world, &mut wrong).await;
    no_account_too_many(world, &handoffs, &mut wrong);
    nothing_twice(&mails, &told, &mut wrong);
    for (deal, known) in &world.known {
        let handoff = handoffs.iter().find(|handoff| handoff.id.to_string() == format!("d{deal}"));
        match handoff {
            Some(handoff) => {
                as_people_were_told(known, handoff, &mut wrong);
                mails_of(known, handoff, &mails, &mut wrong);
            }
            None if known.won && known.told => wrong.push(format!("I1: {deal} has no account")),
            None => {}
        }
        link_opens(world, deal, handoff, &mut wrong).await;
    }
    totals(world, &mut wrong).await;
    loads(world, &handoffs, &mut wrong).await;
    wrong
}

async fn nothing_moves_and_nothing_is_dead(world: &World, wrong: &mut Vec<String>) {
    let queues = world.street.json("/local/queues").await;
    if queues["pending"] != 0 || queues["dead"] != 0 {
        wrong.push(format!("I30: {queues}"));
    }
}

fn no_account_too_many(world: &World, handoffs: &[Handoff], wrong: &mut Vec<String>) {
    let mut seen = BTreeSet::new();
    for handoff in handoffs {
        let deal = handoff.id.to_string();
        if !seen.insert(deal.clone()) {
            wrong.push(format!("I2: {deal} twice"));
        }
        if !world.known.get(deal.trim_start_matches('d')).is_some_and(|known| known.won) {
            wrong.push(format!("I3: {deal} was never won"));
        }
    }
}

/// I6, I14, I15, I28: one mail for one cause, one note for a handoff.
fn nothing_twice(mails: &[Value], told: &Value, wrong: &mut Vec<String>) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for mail in mails {
        let what = format!("{} for {}", mail["kind"], mail["cause"]);
        *seen.entry(what).or_default() += 1;
    }
    for (mail, count) in seen.into_iter().filter(|(_, count)| *count > 1) {
        wrong.push(format!("I6: {count} times {mail}"));
    }
    let mut notes: BTreeMap<String, usize> = BTreeMap::new();
    for note in told["notes"].as_array().unwrap() {
        *notes.entry(note["deal"].to_string()).or_default() += 1;
    }
    for (deal, count) in notes.into_iter().filter(|(_, count)| *count > 1) {
        wrong.push(format!("I28: {count} notes on {deal}"));
    }
}

fn as_people_were_told(known: &Known, handoff: &Handoff, wrong: &mut Vec<String>) {
    let (id, risks) = (&handoff.id, QuestionId::parse("risks").unwrap());
    match &known.submitted {
        Some((words, _)) => {
            let frozen = handoff.submission.as_ref().and_then(|submission| submission.answers.get(&risks));
            if frozen.map(|answer| &answer.value) != Some(&AnswerValue::Text(words.clone())) {
                wrong.push(format!("I9: {id} was submitted with {words}, and holds {frozen:?}"));
            }
            if handoff.state != HandoffState::Submitted {
                wrong.push(format!("I10: {id} was submitted, and is {:?}", handoff.state));
            }
        }
        None if handoff.state == HandoffState::AwaitingAe => {
            let saved = handoff.answers.get(&risks).and_then(|answer| answer.value.clone());
            let expected = known.saved.clone().filter(|_| handoff.round == 1).map(AnswerValue::Text);
            if expected.is_some() && saved != expected {
                wrong.push(format!("I9: {id} was saved with {expected:?}, and holds {saved:?}"));
            }
        }
        None => {}
    }
    if handoff.assignments != known.assignments {
        wrong.push(format!(
            "I14: {id} changed hands {} times, people saw {}",
            handoff.assignments, known.assignments
        ));
    }
    let has = handoff.assigned.as_ref().map(|assigned| assigned.csm.to_string());
    if has != known.csm {
        wrong.push(format!("I14: {id} is with {has:?}, people saw {:?}", known.csm));
    }
    let should = if known.skipped { HandoffState::Skipped } else { handoff.state };
    if handoff.state != should || handoff.state == HandoffState::Drafting {
        wrong.push(format!("I7: {id} is {:?}", handoff.state));
    }
}

fn mails_of(known: &Known, handoff: &Handoff, mails: &[Value], wrong: &mut Vec<String>) {
    let id = handoff.id.to_string();
    let of = |kind: &str| {
        let is = |mail: &&Value| mail["account_id"] == id.as_str() && mail["kind"] == kind;
        mails.iter().filter(is).count()
    };
    let generation = handoff.link.as_ref().map_or(0, |link| link.generation);
    let carriers = ["handoff_invitation", "handoff_link_renewed", "handoff_returned"];
    let with_link = mails.iter().filter(|mail| {
        mail["account_id"] == id.as_str() && carriers.iter().any(|kind| mail["kind"] == *kind)
    });
    let links: Vec<String> = with_link.filter_map(link).collect();
    let distinct: BTreeSet<&String> = links.iter().collect();
    if links.len() != distinct.len() || u32::try_from(links.len()).unwrap() > generation {
        wrong.push(format!("I6: {id} has {generation} links, {} mails told of one", links.len()));
    }
    if links.is_empty() && generation > 0 && handoff.ae.email.is_some() {
        wrong.push(format!("I6: nobody was invited to {id}"));
    }
    // Somebody may have been quicker than the mail: then the older one is not sent any more.
    let expected = [
        ("handoff_receipt", known.submits),
        ("handoff_received", known.assignments as usize + known.submits.saturating_sub(1)),
        ("handoff_reassigned", known.assignments.saturating_sub(1) as usize),
    ];
    for (kind, most) in expected {
        let sent = of(kind);
        if sent > most || (sent == 0 && most > 0 && kind != "handoff_reassigned" && known.submitted.is_some())
        {
            wrong.push(format!("I14: {sent} mails {kind} of {id}, expected {most}"));
        }
    }
}

async fn link_opens(world: &World, deal: &str, handoff: Option<&Handoff>, wrong: &mut Vec<String>) {
    let Some(handoff) = handoff else { return };
    let lives = matches!(handoff.state, HandoffState::AwaitingAe | HandoffState::Submitted);
    if let (true, Some(link)) = (lives, world.link(deal).await) {
        let page = world.street.get(&link).await;
        if page.status != 200 {
            wrong.push(format!("I17: the newest link of {deal} answers {}", page.status));
        }
    }
}

async fn totals(world: &World, wrong: &mut Vec<String>) {
    let environment = Environment::from_pairs([
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
        ("AWS_ENDPOINT_URL_DYNAMODB", &world.street.table_url()),
    ]);
    let aws = Aws::from_environment(&environment).unwrap();
    let store = Store::new(&aws.config(Service::DynamoDb, Timeouts::WORKER), "handoff");
    for organization in store.list_organizations().await.unwrap() {
        let mut told = Recounted::default();
        recount(&store, &organization, false, &mut told).await.unwrap();
        if told.stale > 0 || !told.wrong.is_empty() {
            wrong.push(format!("I29: {told:?}"));
        }
    }
}

/// What each CSM carries is what a recount says.
async fn loads(world: &World, handoffs: &[Handoff], wrong: &mut Vec<String>) {
    let mut counted: BTreeMap<String, u64> = BTreeMap::new();
    for assigned in handoffs
        .iter()
        .filter(|one| one.state == HandoffState::Submitted)
        .filter_map(|one| one.assigned.as_ref())
    {
        *counted.entry(assigned.csm.to_string()).or_default() += 1;
    }
    let items = world.street.items("LOADS").await;
    let stored = items[0]["loads"]["M"].as_object().cloned().unwrap_or_default();
    let stored: BTreeMap<String, u64> = stored
        .into_iter()
        .map(|(csm, load)| (csm, load["N"].as_str().unwrap().parse().unwrap()))
        .filter(|(_, load)| *load > 0)
        .collect();
    if stored != counted {
        wrong.push(format!("I14: loads are {stored:?}, counted {counted:?}"));
    }
}
