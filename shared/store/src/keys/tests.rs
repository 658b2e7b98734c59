//! The chart, the keys and the document agree.

use super::*;
use handoff_domain::event::Who;
use handoff_domain::id::{NoteId, SignInId};
use handoff_domain::rollup::Grain;
use handoff_domain::sign_in::AddressHash;

#[test]
fn text_order_is_time_order_within_a_second() {
    let at = |us| sortable(Timestamp::from_microsecond(us).unwrap());
    assert!(at(1_000_000) < at(1_500_000) && at(1_500_000) < at(1_500_001) && at(1_999_999) < at(2_000_000));
}

#[test]
fn the_data_model_document_shows_every_key() {
    let document = include_str!("../../../../docs/data-model.md");
    for (name, pk, sk) in CHART {
        let row = format!("| {name} | `{pk}` | `{sk}` |");
        assert!(document.contains(&row), "docs/data-model.md lacks the row {row}");
    }
    for (index, pk, sk) in INDEX_CHART {
        let row = format!("| index `{index}` | `{pk}` | `{sk}` |");
        assert!(document.contains(&row), "docs/data-model.md lacks the row {row}");
    }
    let items = document.lines().filter(|line| !line.contains("| index "));
    let rows = items.filter(|line| {
        let starts = ["| `O#", "| `PERSON#", "| `SIGN-IN#", "| `DIRECTORY", "| `QUARANTINE", "| `PACE"];
        starts.iter().any(|start| line.contains(start))
    });
    assert_eq!(rows.count(), CHART.len(), "docs/data-model.md shows items that keys.rs does not make");
}

fn entry() -> HistoryEntry {
    serde_json::from_str(
        r#"{"organization":"hs1","account":"d1","submitted_at":"2026-11-22T10:00:00Z",
        "segment":{"industry":"banking","band":"11-50"},"customer":"c","named":{}}"#,
    )
    .unwrap()
}

#[test]
fn the_chart_is_what_the_functions_make() {
    let org = OrganizationId::parse("hs1").unwrap();
    let account = AccountId::parse("d1").unwrap();
    let outbox_key = OutboxKey {
        organization: org.clone(),
        account: Some(account.clone()),
        owed_at: Timestamp::UNIX_EPOCH,
        id: OutboxId::parse("x").unwrap(),
    };
    let written = Note::write(NoteId::from_random(1), "x", Who::System, Timestamp::UNIX_EPOCH).unwrap();
    let address = AddressHash::of(&handoff_domain::email::EmailAddress::parse("a@b.test").unwrap());
    let hash = handoff_domain::sign_in::BrowserSecret::from_random([1; 32]).hash();
    let made = [
        organization(&org),
        questions(&org),
        question_set(&org, 1),
        logo(&org, &LogoId::parse("x").unwrap()),
        roster(&org),
        loads(&org),
        digest(&org),
        weekly(&org),
        reconciliation(&org),
        integrations(&org),
        delivery(&org, &DeliveryId::of(Timestamp::UNIX_EPOCH, "x")),
        totals(&org, Period { grain: Grain::Day, start: jiff::civil::date(2026, 11, 23) }, &Of::Organization),
        templates(&org),
        template_version(&org, &TemplateId::parse("t").unwrap(), 1),
        handoff(&org, &account),
        drafts(&org, &account),
        flow_back(&org, &account),
        event(&org, &account, &Event::opened(Timestamp::UNIX_EPOCH)),
        folded(&org, &account),
        sources(&org, &account, 0),
        plan(&org, &account),
        note(&org, &account, &written),
        rating(&org, &account, 1),
        round(&org, &account, 1),
        payload(&org, &account),
        welcome(&org, &account),
        kickoff(&org, &account),
        history(&entry()),
        outbox(&outbox_key),
        audit(&org, Timestamp::UNIX_EPOCH, &AuditId::parse("x").unwrap()),
        session(&org, &hash),
        sign_ins(&org, Timestamp::UNIX_EPOCH),
        person(&address, &org),
        sign_ins_of(&address, Timestamp::UNIX_EPOCH),
        sign_ins_of_nobody(&address, Timestamp::UNIX_EPOCH),
        sign_in(&SignInId::from_random(1)),
        directory(&org),
        quarantine(Timestamp::UNIX_EPOCH, "x"),
        pace(Limit::Mail),
    ];
    let like = |text: &str, pattern: &str| {
        let heads: Vec<&str> = pattern.split('#').collect();
        let parts: Vec<&str> = text.split('#').collect();
        heads.len() == parts.len() && heads.iter().zip(&parts).all(|(h, p)| h.starts_with('<') || h == p)
    };
    for (key, (name, pk, sk)) in made.iter().zip(CHART) {
        assert!(like(&key.pk, pk) && like(&key.sk, sk), "{name}: {key:?}");
        let kind = Kind::at(&key.pk, &key.sk).unwrap();
        let name = name.to_lowercase().replace("current questions", "question set");
        assert!(
            name.starts_with(kind.as_str()) || kind.as_str().starts_with(&name) || kind == Kind::Delivery
        );
    }
    assert_eq!(made.len(), CHART.len());
    let (member, made) = (MemberId::parse("cora").unwrap(), made_sort(Timestamp::UNIX_EPOCH, &account));
    let indexed = [
        (due_partition(&org, 3), sortable(Timestamp::UNIX_EPOCH)),
        (list_partition(&org), named_sort("acme", &made)),
        (list_partition(&org), named_sort("ana", &made)),
        (lane_partition(&org, Lane::Attention), made.clone()),
        (csm_partition(&org, &member), made),
        (uncounted_partition(&org, 3), event(&org, &account, &Event::opened(Timestamp::UNIX_EPOCH)).sk),
    ];
    for ((pk, sk), (name, pk_like, sk_like)) in indexed.iter().zip(INDEX_CHART) {
        assert!(like(pk, pk_like) && like(sk, sk_like), "{name}: {pk} {sk}");
    }
    assert_eq!(account_of(&handoff(&org, &account).pk), Some(account));
    assert_eq!(account_of(&organization(&org).pk), None);
    assert_eq!(Kind::at("O#hs1#NEW#1", "x"), None);
}
