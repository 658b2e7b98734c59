//! The function against an embedded table and the other side's stand-ins.

mod documents;
mod endpoints;
mod notes;
mod triggers;
mod world;

use crate::{Deps, SweepSummary, sweep};
use handoff_domain::Timestamp;
use handoff_domain::answer::{AnswerOrigin, AnswerValue};
use handoff_domain::delivery::Delivery;
use handoff_domain::event::{Event, What, Who};
use handoff_domain::fact::Fact;
use handoff_domain::handoff::{Assigned, CsmChoice, FinalAnswer, Handoff, HandoffState, Submission};
use handoff_domain::id::{EndpointId, MemberId, RunId};
use handoff_domain::integration::{Endpoint, HubSpotPart, Integrations, Slack, SlackTopic, SlackWay};
use handoff_domain::plan::Template;
use handoff_domain::question::QuestionSet;
use handoff_hubspot::{HubSpot, HubSpotConfig};
use handoff_research::Poster;
use handoff_runtime::Clock;
use handoff_testing::fixtures;
use handoff_testing::table::{TestTable, table};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use world::World;

struct Street {
    deps: Deps,
    table: TestTable,
    world: World,
    ahead_ms: Arc<AtomicI64>,
}

/// An organization with one handoff that was handed over, and nothing told yet.
fn street(wishes: impl FnOnce(&Deps) -> Integrations) -> impl Future<Output = Street> {
    Box::pin(begin(wishes))
}

async fn begin(wishes: impl FnOnce(&Deps) -> Integrations) -> Street {
    let (table, world, ahead_ms) = (table().await, World::default(), Arc::new(AtomicI64::new(0)));
    let address = world.start().await;
    let mut hubspot = HubSpotConfig::new(format!("http://{address}"), "token");
    hubspot.backoff = Duration::from_millis(1);
    hubspot.requests_per_second = 1000;
    let hosts = ["hooks.slack.com", "slack.com", "hooks.example", "other.example"];
    let deps = Deps {
        store: table.store.clone(),
        hubspot: HubSpot::new(hubspot).unwrap(),
        poster: Poster::with_hosts(hosts.map(|host| (host.to_owned(), address)).into()).unwrap(),
        link_keys: fixtures::link_key().into(),
        base_url: "https://handoff.test".to_owned(),
        clock: Clock::shifted(ahead_ms.clone()),
    };
    let organization = fixtures::organization();
    let (questions, roster, template) = (QuestionSet::first(), fixtures::roster(), Template::first());
    assert!(table.store.create_organization(&organization, &questions, &roster, &template).await.unwrap());
    let integrations = wishes(&deps);
    assert!(table.store.put_integrations(&organization.id, &integrations, None).await.unwrap());
    let street = Street { deps, table, world, ahead_ms };
    street.hand_over().await;
    street
}

impl Street {
    fn now(&self) -> Timestamp {
        self.deps.clock.now()
    }

    fn wait(&self, seconds: i64) {
        self.ahead_ms.fetch_add(seconds * 1000, Ordering::Relaxed);
    }

    /// A handoff with its drafts, submitted to Cora without telling it.
    async fn hand_over(&self) {
        let store = &self.deps.store;
        let mut begun = fixtures::handoff();
        begun.state = HandoffState::Drafting;
        begun.link = None;
        store.create_handoff(&begun).await.unwrap();
        let drafts = fixtures::drafts("r1", Some("drafted"));
        let drafted = Handoff { claim: None, ..fixtures::handoff() };
        assert!(store.keep_drafts(&begun, &drafted, &drafts, &[], &[], &[]).await.unwrap());
        let before = Handoff { revision: 1, ..drafted };
        let done = submitted(&before, self.now());
        assert!(store.replace_handoff(&before, &done, &[], &[]).await.unwrap());
        // What making the account told is not what the tests are about.
        for untold in store.list_untold(&before.organization, Timestamp::MAX, 25).await.unwrap() {
            store.owe_deliveries(&untold, &[]).await.unwrap();
        }
    }

    async fn handoff(&self) -> Handoff {
        let fixture = fixtures::handoff();
        let found = self.deps.store.get_handoff_and_drafts(&fixture.organization, &fixture.id).await;
        found.unwrap().unwrap().0
    }

    /// Something happens to the account.
    async fn happens(&self, cause: &str, what: What) -> Event {
        let before = self.handoff().await;
        let told = Event::new(&before, self.now(), cause, Who::System, what);
        let after = before.clone();
        let is_told =
            self.deps.store.replace_handoff(&before, &after, &[], std::slice::from_ref(&told)).await;
        assert!(is_told.unwrap());
        told
    }

    async fn swept(&self) -> SweepSummary {
        sweep(&self.deps).await.unwrap()
    }

    /// Two minutes later, when the stream would long have brought it.
    async fn told(&self) -> SweepSummary {
        self.wait(130);
        self.swept().await
    }

    async fn deliveries(&self) -> Vec<Delivery> {
        let id = fixtures::organization().id;
        self.deps.store.list_deliveries(&id, None, 50).await.unwrap()
    }

    async fn wants(&self, change: impl FnOnce(&mut Integrations)) {
        let id = fixtures::organization().id;
        let strong = handoff_store::Consistency::Strong;
        let (_, mut integrations) = self.deps.store.get_integrations(&id, strong).await.unwrap().unwrap();
        change(&mut integrations);
        assert!(self.deps.store.put_integrations(&id, &integrations, None).await.unwrap());
    }
}

fn submitted(before: &Handoff, now: Timestamp) -> Handoff {
    let drafts = fixtures::drafts("r1", Some("drafted"));
    let answer = FinalAnswer {
        value: AnswerValue::Text("They run 12 sites.".to_owned()),
        origin: AnswerOrigin::Accepted,
        change: None,
        from: BTreeSet::new(),
    };
    let first = drafts.questions.questions[0].id.clone();
    let csm = MemberId::parse("cora").unwrap();
    Handoff {
        state: HandoffState::Submitted,
        assigned: Some(Assigned { csm: csm.clone(), name: "Cora Lind".to_owned(), at: now }),
        submission: Some(Submission {
            at: now,
            answers: BTreeMap::from([(first, answer)]),
            note: String::new(),
            settled: BTreeMap::new(),
            dropped_promises: BTreeSet::new(),
            csm: CsmChoice::Member(csm),
            csm_name: "Cora Lind".to_owned(),
        }),
        ..before.clone()
    }
}

fn handed_over() -> What {
    What::Submitted {
        csm: Some(MemberId::parse("cora").unwrap()),
        csm_name: "Cora Lind".to_owned(),
        answers: handoff_domain::event::AnswerCounts { accepted: 6, edited: 1, written: 1 },
        made: BTreeMap::new(),
        template: "Standard onboarding".to_owned(),
    }
}

fn run() -> RunId {
    RunId::parse("r1").unwrap()
}

fn endpoint(deps: &Deps, number: u64, host: &str, facts: &[Fact]) -> Endpoint {
    let id = fixtures::organization().id;
    let nonce = [u8::try_from(number).unwrap(); 12];
    Endpoint {
        id: EndpointId::from_random(number),
        name: "Warehouse".to_owned(),
        host: host.to_owned(),
        url: deps.link_keys.seal(
            &id,
            handoff_domain::integration::SEALED_FOR_ENDPOINT,
            &format!("https://{host}/in"),
            nonce,
        ),
        facts: facts.iter().copied().collect(),
        generation: 1,
        rotated_at: None,
        paused_at: None,
    }
}

fn slack(deps: &Deps, way: fn(handoff_domain::link::Sealed) -> SlackWay, secret: &str) -> Slack {
    let id = fixtures::organization().id;
    let sealed = deps.link_keys.seal(&id, handoff_domain::integration::SEALED_FOR_SLACK, secret, [9; 12]);
    Slack { way: way(sealed), topics: SlackTopic::ALL.into_iter().collect() }
}

fn nothing() -> Integrations {
    Integrations { hubspot: BTreeSet::new(), ..Integrations::default() }
}

fn everything_in_hubspot() -> Integrations {
    Integrations { hubspot: HubSpotPart::ALL.into_iter().collect(), ..Integrations::default() }
}
