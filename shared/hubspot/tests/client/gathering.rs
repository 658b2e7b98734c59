//! What is made of a deal and all that hangs on it.

use crate::data;
use crate::fake::{Fake, Reply, Seen, batch, deal, deal_id, owner, page, record};
use handoff_domain::handoff::Attention;
use handoff_domain::id::DealId;
use handoff_domain::limits::SOURCE_BODY_MAX_BYTES;
use handoff_domain::source::{Source, SourceKind};
use handoff_hubspot::{Gathered, HubSpot, HubSpotError};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn properties(seen: &Seen, id: &str) -> Value {
    let at = "2026-10-30T10:00:00Z";
    match () {
        () if seen.is("/companies/") => {
            json!({"name": "Acme GmbH", "domain": "acme.test", "industry": "COMPUTER_SOFTWARE",
            "numberofemployees": "250", "description": "Makes anvils.\nSince 1949.", "website": null})
        }
        () if seen.is("/contacts/") => {
            json!({"firstname": "Kim", "lastname": format!("No. {id}"), "email": "kim@acme.test",
            "jobtitle": "CTO", "phone": "+1 555"})
        }
        () if seen.is("/notes/") => {
            json!({"hs_timestamp": at, "hs_note_body": "<p>Go-live in <b>March</b></p>", "hubspot_owner_id": "41629779"})
        }
        () if seen.is("/emails/") => {
            json!({"hs_timestamp": at, "hs_email_subject": "Re: Security", "hs_email_text": "We need SSO.\n\nKim",
            "hs_email_from_email": "kim@acme.test", "hs_email_from_firstname": "Kim", "hs_email_to_email": "ana@us.test"})
        }
        () if seen.is("/calls/") => {
            json!({"hs_timestamp": at, "hs_call_title": "Discovery", "hs_call_body": "Wants reports",
            "hs_call_transcription_id": if id == "61" { Some("900") } else { None }})
        }
        () if seen.is("/meetings/") => {
            json!({"hs_timestamp": at, "hs_meeting_title": "Demo", "hs_meeting_body": "", "hs_internal_meeting_notes": "<div>Liked it</div>"})
        }
        () => json!({"hs_timestamp": at, "hs_task_subject": "Send contract", "hs_task_status": "COMPLETED"}),
    }
}

fn portal(associations: Value) -> impl Fn(&Seen) -> Reply + Send + Sync {
    move |seen| match () {
        () if seen.is("/owners/") => owner(),
        () if seen.is("/transcripts/") => Reply::json(&json!({"id": "900", "transcriptUtterances": [
            {"speaker": {"id": 1, "name": "Kim"}, "text": "We go live in May."}, {"speaker": "AGENT", "text": "Fine."}, {"text": 5}]})),
        () if seen.is("/batch/read") => batch(seen, |id| properties(seen, id)),
        () => Reply::json(&deal(&associations)),
    }
}

fn hundred_activities() -> Value {
    json!({
        "companies": {"results": [{"id": "9", "type": "deal_to_company_unlabeled"}, {"id": "8", "type": "deal_to_company"}, {"id": "8", "type": "deal_to_company_unlabeled"}]},
        "contacts": page(1..=3), "notes": page(20..40), "emails": page(40..60), "calls": page(60..80),
        "meetings": page(80..100), "tasks": page(100..120),
    })
}

async fn gather(hubspot: &HubSpot, last_try: bool) -> Result<Gathered, HubSpotError> {
    let deal = hubspot.get_deal(&deal_id()).await.unwrap().unwrap();
    hubspot.gather(&deal, last_try).await
}

fn find<'a>(gathered: &'a Gathered, id: &str) -> &'a Source {
    gathered.sources.iter().find(|source| source.id.as_str() == id).unwrap_or_else(|| panic!("no {id}"))
}

#[tokio::test]
async fn a_deal_with_a_hundred_activities_takes_at_most_twelve_requests_all_by_the_book() {
    let (fake, hubspot) = Fake::start(portal(hundred_activities())).await;
    let gathered = gather(&hubspot, false).await.unwrap();
    assert!(fake.count() <= 12, "{} requests", fake.count());
    fake.assert_by_the_book();
    assert_eq!(gathered.sources.len(), 1 + 2 + 3 + 100);
    assert_eq!(gathered.gaps, []);
    let ids: BTreeSet<_> = gathered.sources.iter().map(|source| source.id.clone()).collect();
    assert_eq!(ids.len(), gathered.sources.len());
}

#[tokio::test]
async fn facts_and_sources_read_as_people_would_write_them() {
    let (_, hubspot) = Fake::start(portal(hundred_activities())).await;
    let gathered = gather(&hubspot, false).await.unwrap();
    let account = &gathered.account;
    assert_eq!((account.company.as_str(), account.deal_name.as_str()), ("Acme GmbH", "Acme - Platform"));
    assert_eq!(account.arr.as_ref().unwrap().to_plain_text(), "48,000 USD");
    assert_eq!(
        (account.industry.as_str(), account.size.as_str(), account.website.as_str()),
        ("Computer software", "250", "acme.test")
    );
    assert_eq!(account.close_date.unwrap().to_string(), "2026-10-31");
    assert_eq!(
        account.contacts.iter().map(|contact| contact.name.as_str()).collect::<Vec<_>>(),
        ["Kim No. 1", "Kim No. 2", "Kim No. 3"]
    );
    assert_eq!((gathered.ae.name.as_str(), gathered.ae_attention), ("Ana E", None));
    assert_eq!(gathered.ae.email.as_ref().unwrap().as_str(), "ana@us.test");
    assert_eq!(
        find(&gathered, "deal-12345678").body,
        "Deal: Acme - Platform\nDeal type: New business\nAmount: 48,000 USD\nClose date: 2026-10-31\nClosed won reason: Best support"
    );
    assert!(
        find(&gathered, "company-8")
            .body
            .contains("Industry: Computer software\nEmployees: 250\nDescription: Makes anvils.\nSince 1949.")
    );
    let note = find(&gathered, "note-20");
    assert_eq!(
        (note.body.as_str(), note.author.as_deref(), note.kind),
        ("Go-live in March", Some("Ana E"), SourceKind::Note)
    );
    let email = find(&gathered, "email-40");
    assert_eq!(
        (email.title.as_str(), email.author.as_deref()),
        ("Re: Security", Some("Kim <kim@acme.test>"))
    );
    assert_eq!(
        email.body,
        "From: Kim <kim@acme.test>\nTo: ana@us.test\nSubject: Re: Security\n\nWe need SSO.\n\nKim"
    );
    assert_eq!(
        find(&gathered, "call-61").body,
        "Wants reports\n\nTranscript:\nKim: We go live in May.\nAGENT: Fine."
    );
    assert_eq!(find(&gathered, "meeting-80").body, "Liked it");
    assert_eq!(find(&gathered, "task-100").body, "Send contract");
    assert_eq!(gathered.sources[1].id.as_str(), "company-8");
}

#[tokio::test]
async fn a_gathering_may_move_between_threads() {
    let (_, hubspot) = Fake::start(portal(hundred_activities())).await;
    let gathered = tokio::spawn(async move { gather(&hubspot, false).await });
    assert!(gathered.await.unwrap().is_ok());
}

#[tokio::test]
async fn the_deal_is_told_by_the_id_that_came_back() {
    let (_, hubspot) = Fake::start(portal(json!({}))).await;
    let deal = hubspot.get_deal(&DealId::parse("111").unwrap()).await.unwrap().unwrap();
    assert_eq!(deal.id, deal_id());
    assert_eq!(deal.merged_ids.iter().map(DealId::as_str).collect::<Vec<_>>(), ["111", "222"]);
    assert!(deal.facts.is_won && !deal.facts.is_archived);
    assert_eq!((deal.owner_id, deal.facts.pipeline.as_str()), (Some(41_629_779), "default"));
    assert_eq!(deal.facts.won_at.unwrap().to_string(), "2026-10-31T14:03:11.5Z");
}

#[tokio::test]
async fn associations_are_followed_over_all_their_pages() {
    let mut notes = page(1..=50);
    notes["paging"] = json!({"next": {"after": "inline"}});
    let inner = portal(json!({"notes": notes}));
    let (fake, hubspot) = Fake::start(move |seen| {
        if !seen.is("/associations/") {
            return inner(seen);
        }
        let (range, next) = match seen.body.as_ref().unwrap()["inputs"][0]["after"].as_str() {
            None => (1..=60, Some("60")),
            Some("60") => (61..=120, Some("120")),
            Some(_) => (121..=130, None),
        };
        let to: Vec<Value> =
            range.map(|id| json!({"toObjectId": id.to_string(), "associationTypes": []})).collect();
        let mut result = json!({"from": {"id": "12345678"}, "to": to});
        if let Some(next) = next {
            result["paging"] = json!({"next": {"after": next, "link": "x"}});
        }
        let at = "2026-10-31T14:03:12.201Z";
        Reply::json(&json!({"status": "COMPLETE", "results": [result], "startedAt": at, "completedAt": at}))
    })
    .await;
    let gathered = gather(&hubspot, false).await.unwrap();
    assert_eq!(gathered.sources.len(), 1 + 130);
    fake.assert_by_the_book();
    let largest = fake.seen.lock().unwrap().iter().map(|seen| seen.ids().len()).max();
    assert_eq!(largest, Some(100));
}

#[tokio::test]
async fn a_kind_that_cannot_be_read_is_an_error_first_and_a_gap_on_the_last_try() {
    let inner = portal(hundred_activities());
    let (_, hubspot) =
        Fake::start(move |seen| if seen.is("/emails/") { Reply::status(502) } else { inner(seen) }).await;
    assert!(gather(&hubspot, false).await.unwrap_err().is_retryable());
    let gathered = gather(&hubspot, true).await.unwrap();
    assert_eq!(gathered.gaps.len(), 1);
    assert_eq!(
        (gathered.gaps[0].kind, gathered.gaps[0].reason.as_str()),
        (SourceKind::Email, "HubSpot was not available")
    );
    assert_eq!(gathered.sources.len(), 1 + 2 + 3 + 80);
}

#[tokio::test]
async fn a_missing_scope_is_a_gap_at_once() {
    let inner = portal(hundred_activities());
    let (_, hubspot) =
        Fake::start(
            move |seen| {
                if seen.is("/calls/") || seen.is("/owners/") { Reply::status(403) } else { inner(seen) }
            },
        )
        .await;
    let gathered = gather(&hubspot, false).await.unwrap();
    assert_eq!(
        gathered.gaps.iter().map(|gap| gap.kind).collect::<Vec<_>>(),
        [SourceKind::Deal, SourceKind::Call]
    );
    assert_eq!(gathered.ae_attention, Some(Attention::NoAeAddress));
}

#[tokio::test]
async fn records_that_do_not_come_back_are_told() {
    let inner = portal(json!({"contacts": page(51..=52)}));
    let (_, hubspot) = Fake::start(move |seen| {
        let partial = json!({"status": "COMPLETE", "results": [{"id": "51", "properties": {"firstname": "Kim"}}], "numErrors": 1});
        if seen.is("/contacts/") { Reply { status: 207, ..Reply::json(&partial) } } else { inner(seen) }
    })
    .await;
    let gathered = gather(&hubspot, false).await.unwrap();
    assert_eq!(gathered.gaps[0].reason, "1 of 2 could not be read in HubSpot");
    assert_eq!(gathered.account.contacts.len(), 1);
}

#[tokio::test]
async fn an_owner_who_left_is_found_in_the_archive() {
    let inner = portal(json!({}));
    let (fake, hubspot) = Fake::start(move |seen| match () {
        () if seen.is("/owners/") && seen.query.is_empty() => Reply::status(404),
        () if seen.is("/owners/") => {
            let at = "2026-01-01T00:00:00Z";
            Reply::json(&json!({"id": "41629779", "email": "ana@us.test", "type": "PERSON", "firstName": "Ana", "createdAt": at, "updatedAt": at, "archived": true}))
        }
        () => inner(seen),
    })
    .await;
    let gathered = gather(&hubspot, false).await.unwrap();
    assert_eq!((gathered.ae.email, gathered.ae_attention), (None, Some(Attention::AeLeft)));
    fake.assert_by_the_book();
}

#[tokio::test]
async fn a_deal_with_nothing_on_it_still_makes_an_account() {
    let (_, hubspot) = Fake::start(|_| {
        Reply::json(&record("7", &json!({"hs_is_closed_won": "true", "dealname": null, "amount": "lots"})))
    })
    .await;
    let gathered = gather(&hubspot, false).await.unwrap();
    assert_eq!((gathered.account.company.as_str(), &gathered.account.arr), ("Deal 7", &None));
    assert_eq!((gathered.ae_attention, gathered.sources.len()), (Some(Attention::NoAeAddress), 1));
}

#[tokio::test]
async fn no_text_of_a_customer_breaks_anything() {
    let (Some(naughty), Some(xss)) =
        (data::read("vectors/naughty-strings.json"), data::read("vectors/html-xss-payloads.json"))
    else {
        return;
    };
    let mut texts = BTreeSet::new();
    collect_texts(&naughty, &mut texts);
    collect_texts(&xss, &mut texts);
    texts.insert("x".repeat(65_536));
    texts.insert(format!("<p>{}", "<div>é".repeat(9_000)));
    let texts: Vec<String> = texts.into_iter().collect();
    let count = texts.len() as u64;
    for kinds in [["notes", "emails", "calls"], ["meetings", "tasks", "contacts"]] {
        let associations: Value = kinds
            .iter()
            .map(|kind| ((*kind).to_owned(), page(0..count)))
            .collect::<serde_json::Map<_, _>>()
            .into();
        let texts = texts.clone();
        let inner = portal(associations);
        let (_, hubspot) = Fake::start(move |seen| {
            let all = |id: &str| {
                let text = &texts[id.parse::<usize>().unwrap()];
                let names = seen.body.as_ref().unwrap()["properties"].as_array().unwrap().iter();
                names
                    .map(|name| (name.as_str().unwrap().to_owned(), json!(text)))
                    .collect::<serde_json::Map<_, _>>()
                    .into()
            };
            if seen.is("/batch/read") { batch(seen, all) } else { inner(seen) }
        })
        .await;
        let gathered = gather(&hubspot, true).await.unwrap();
        assert!(gathered.sources.len() > 100);
        for source in &gathered.sources {
            assert!(source.body.len() <= SOURCE_BODY_MAX_BYTES && source.title.chars().count() <= 121);
            assert!(
                !source.body.chars().any(|c| c.is_control() && c != '\n') && !source.title.contains('\n')
            );
            assert!(!source.body.contains(['\u{202e}', '\u{200b}', '\u{feff}', '\u{2066}']));
        }
    }
}

fn collect_texts(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => drop(into.insert(text.clone())),
        Value::Array(entries) => entries.iter().for_each(|entry| collect_texts(entry, into)),
        Value::Object(entries) => entries.values().for_each(|entry| collect_texts(entry, into)),
        _ => {}
    }
}

#[tokio::test]
async fn people_are_listed_page_by_page_without_queues_and_strangers_to_mail() {
    let owner = |id: String, more: Value| {
        let at = "2026-11-01T10:00:00Z";
        let mut owner =
            json!({"id": id, "archived": false, "createdAt": at, "updatedAt": at, "type": "PERSON"});
        owner.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        owner
    };
    let (fake, hubspot) = Fake::start(move |seen| {
        let second = seen.query.contains(&("after".to_owned(), "100".to_owned()));
        let ids = if second { 100..130 } else { 0..100 };
        let person = |id: usize| {
            owner(
                id.to_string(),
                json!({"firstName": format!("No. {id:03}"), "email": format!("p{id}@us.test")}),
            )
        };
        let mut results: Vec<Value> = ids.map(person).collect();
        results.push(owner(
            "q".to_owned(),
            json!({"firstName": "Leads", "type": "QUEUE", "email": "q@us.test"}),
        ));
        results.push(owner("n".to_owned(), json!({"firstName": "Nobody"})));
        if second {
            Reply::json(&json!({ "results": results }))
        } else {
            Reply::json(&json!({ "results": results, "paging": {"next": {"after": "100"}} }))
        }
    })
    .await;
    let people = hubspot.list_owners().await.unwrap();
    assert_eq!((people.len(), fake.count()), (130, 2));
    assert_eq!((people[7].name.as_str(), people[7].email.as_str()), ("No. 007", "p7@us.test"));
    fake.assert_by_the_book();
}
