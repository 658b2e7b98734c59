//! An account made by hand: from what a person typed and pasted to the CSM's mail, without HubSpot.

use crate::rig::Street;
use reqwest::StatusCode;
use serde_json::{Value, json};

const PAYLOAD: &str = "Nice people, be quick.\n\nMeeting notes 2026-10-12 by Ana Ellis\n- Go-live is planned for 15 March 2027.\n- Dana Kim, VP Operations, decides.\n\nFrom: Dana Kim <dana@acme.test>\nDate: 3 Nov 2026 10:00\nTo: ana@example.com\nSubject: Contract\n\nOur main concern is training: 300 people in six weeks.\n\nBest regards,\nDana\n\nOn 2 Nov 2026, Ana Ellis <ana@example.com> wrote:\n> We will include two training days at no charge.\n\nTranscript\n[00:00:10] Dana Kim: We need single sign-on through Okta.\n[00:00:14] Ana Ellis: Noted.";

pub async fn made(street: &Street, fields: Value) -> String {
    let answer = street.post_json("/local/accounts", &fields).await;
    assert_eq!(answer.status(), StatusCode::CREATED);
    let answer: Value = answer.json().await.unwrap();
    street.settle().await;
    answer["account"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_account_made_by_hand_is_drafted_from_its_parts_and_handed_over() {
    let street = Street::open().await;
    let account = made(
        &street,
        json!({"company": "Acme Ltd", "ae": "ana@example.com", "arr": "48,000 EUR", "close_date": "2026-11-20",
            "contacts": "Dana Kim, VP Operations, dana@acme.test", "raw_payload": PAYLOAD}),
    )
    .await;
    assert!(account.starts_with('m'), "{account}");

    let [invitation] = street.mails_of("handoff_invitation").await.try_into().unwrap();
    assert_eq!(invitation["to"][0], "ana@example.com");
    let link = street.link("handoff_invitation").await;
    let form = street.get(&link).await;
    assert_eq!(form.status, StatusCode::OK);
    for told in ["Acme Ltd", "48,000 EUR", "15 March 2027", "Dana Kim"] {
        assert!(form.html.contains(told), "the form lacks {told}");
    }
    for (id, told, not_told) in [
        ("payload-1", "Nice people", "Meeting notes"),
        ("payload-2", "Go-live is planned", "concern"),
        ("payload-3", "300 people in six weeks", "wrote:"),
        ("payload-3-2", "two training days at no charge", "300 people"),
        ("payload-4", "Dana Kim: ", "[00:00:10]"),
        ("contact-1", "VP Operations", "payload"),
    ] {
        let source = street.get(&format!("{link}/sources/{id}")).await;
        assert_eq!(source.status, StatusCode::OK, "{id}");
        assert!(source.html.contains(told) && !source.html.contains(not_told), "{id}: {}", source.html);
    }

    assert_eq!(street.run_schedule("reminder-sweep").await["organizations"], 1);
    let more: Vec<(String, &str)> = ["primary_use_case", "top_goals", "stakeholders"]
        .map(|id| (format!("answers[{id}]"), "Known to the AE only."))
        .into();
    let more: Vec<(&str, &str)> = more.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    let done = street.submit(&link, "grace-lin", &more).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.html);
    street.settle().await;
    let [received] = street.mails_of("handoff_received").await.try_into().unwrap();
    assert!(received["text"].as_str().unwrap().contains("Acme Ltd"));
    assert_eq!(street.json("/local/queues").await["dead"], 0);
}

#[tokio::test]
async fn every_wrong_field_is_named_and_nothing_is_made() {
    let street = Street::open().await;
    let wrong = json!({"company": "", "ae": "nobody", "arr": "much", "raw_payload": "x".repeat(205_000)});
    let answer = street.post_json("/local/accounts", &wrong).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let errors: Value = answer.json().await.unwrap();
    for field in ["company", "ae", "arr", "raw_payload"] {
        assert!(errors["errors"][field].is_string(), "{field}: {errors}");
    }
    assert!(street.items("HANDOFF").await.is_empty() && street.items("PAYLOAD").await.is_empty());
}
