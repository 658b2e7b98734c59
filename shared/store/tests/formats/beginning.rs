//! A welcome mail that was drafted, typed and sent, and a kickoff that was moved: each with all of their fields set.

use super::support::now;
use handoff_domain::draft::{DraftedBy, Usage};
use handoff_domain::event::Who;
use handoff_domain::handoff::Handoff;
use handoff_domain::id::{OutboxId, PromiseId, QuestionId, RunId};
use handoff_domain::kickoff::Kickoff;
use handoff_domain::welcome::{
    AskedWelcome, SentWelcome, Welcome, WelcomeCitation, WelcomeDraft, WelcomeLetter, WelcomeLine,
    WelcomePart, WelcomeSource,
};
use handoff_store::Store;

pub(crate) fn letter() -> WelcomeLetter {
    WelcomeLetter::read(["pat@acme.test"], "Welcome to Northwind", "Hello {first name},")
}

fn draft() -> WelcomeDraft {
    let line = |source| WelcomeLine {
        text: "Cut no-shows".to_owned(),
        citations: vec![WelcomeCitation { source, quote: "cut no-shows".to_owned() }],
    };
    let goals = WelcomeSource::Answer(QuestionId::parse("top_goals").unwrap());
    let promise = WelcomeSource::Promise(PromiseId::parse("p1").unwrap());
    WelcomeDraft {
        subject: "Welcome".to_owned(),
        parts: vec![WelcomePart { text: "Your goals:".to_owned(), points: vec![line(goals), line(promise)] }],
        by: DraftedBy::Model("amazon.nova-lite-v1:0".to_owned()),
        round: 1,
        at: now(),
        withheld: 1,
        usage: Usage {
            tokens_in: 900,
            tokens_out: 200,
            cache_read: 1,
            cache_written: 1,
            microdollars: Some(64),
        },
    }
}

fn welcome(handoff: &Handoff) -> Welcome {
    Welcome {
        letter: Some(letter()),
        drafted: Some(draft()),
        asked: Some(AskedWelcome { run: RunId::parse("w2").unwrap(), at: now() }),
        drafts: 2,
        sent: vec![SentWelcome {
            at: now(),
            by: Who::System,
            letter: letter(),
            cause: OutboxId::parse(format!("{}-welcome-1", handoff.id)).unwrap(),
            seen: 1,
        }],
        version: 2,
        revision: 0,
    }
}

fn kickoff(moves: u32) -> Kickoff {
    Kickoff {
        at: now(),
        minutes: 45,
        time_zone: "Europe/Berlin".to_owned(),
        moves,
        planned_at: now(),
        by: Who::System,
    }
}

/// Writes both, each over an earlier one, and reads them back.
pub(crate) async fn write(store: &Store, done: &Handoff) {
    let first = welcome(done);
    assert!(store.put_welcome(done, &first, &[]).await.unwrap());
    assert!(!store.put_welcome(done, &first, &[]).await.unwrap(), "it was written meanwhile");
    let kept = store.get_welcome(&done.organization, &done.id).await.unwrap().unwrap();
    assert_eq!(kept, Welcome { revision: 1, ..first });
    assert!(store.put_welcome(done, &kept, &[]).await.unwrap());
    for moves in [0, 1] {
        assert!(store.put_kickoff(done, &kickoff(moves), None, &[]).await.unwrap());
        assert!(!store.put_kickoff(done, &kickoff(moves), None, &[]).await.unwrap(), "once for each move");
    }
    let account = store.get_account(&done.organization, &done.id, handoff_store::Consistency::Strong);
    let account = account.await.unwrap().unwrap();
    assert_eq!(account.welcome.map(|welcome| welcome.revision), Some(2));
    assert_eq!(account.kickoff, Some(kickoff(1)));
}
