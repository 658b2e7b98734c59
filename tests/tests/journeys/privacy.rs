//! A person who is deleted in HubSpot for privacy is named nowhere any more; what happened stays.

use crate::rig::{PORTAL, Street, deal};
use handoff_domain::id::OrganizationId;
use handoff_runtime::{Aws, Environment, Service, Timeouts};
use handoff_store::Store;
use reqwest::StatusCode;
use serde_json::{Value, json};

/// Everything that the table holds of the organization, unpacked, as text.
pub async fn everything(street: &Street) -> String {
    let url = street.table_url();
    let environment = Environment::from_pairs([
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
        ("AWS_ENDPOINT_URL_DYNAMODB", &url),
    ]);
    let aws = Aws::from_environment(&environment).unwrap();
    let store = Store::new(&aws.config(Service::DynamoDb, Timeouts::WORKER), "handoff");
    let organization = OrganizationId::parse("hs62515").unwrap();
    let (mut all, mut from) = (String::new(), None);
    loop {
        let (items, next) = store.everything_page(&organization, from.as_ref(), 500).await.unwrap();
        all.extend(items.iter().map(|item| item.to_json().unwrap().to_string() + "\n"));
        from = next;
        if from.is_none() {
            return all;
        }
    }
}

fn deleted(contact: &str) -> Value {
    json!([{
        "eventId": 5, "subscriptionId": 6, "portalId": PORTAL, "appId": 3, "occurredAt": 1_700_000_000_000_i64,
        "subscriptionType": "contact.privacyDeletion", "attemptNumber": 0, "objectId": contact.parse::<u64>().unwrap(),
        "changeFlag": "DELETED"
    }])
}

#[tokio::test]
async fn a_person_deleted_for_privacy_is_named_nowhere_any_more() {
    let street = Street::open().await;
    street.close(deal::RICH).await;
    let link = street.link("handoff_invitation").await;
    let csrf = street.get(&link).await.field("csrf");
    let before = everything(&street).await;
    // The first contact of the deal, as it was gathered.
    let at = before.find("\"id\":\"contact-").unwrap() + "\"id\":\"contact-".len();
    let contact: String = before[at..].chars().take_while(char::is_ascii_digit).collect();
    let handoff = street.items("HANDOFF").await.remove(0);
    let person = &handoff["account"]["M"]["contacts"]["L"][0]["M"];
    let (name, email) = (person["name"]["S"].as_str().unwrap(), person["email"]["S"].as_str().unwrap());
    let words = format!("{name} ({}) signs; mail {email}.", name.to_uppercase());
    let fields = [("csrf", csrf.as_str()), ("version", "0"), ("answers[risks]", words.as_str())];
    assert_eq!(street.post_as_script(&format!("{link}/answers"), &fields).await.0, StatusCode::OK);
    let named = |text: &str| {
        let text = text.to_lowercase();
        [name, email].iter().map(|word| text.matches(&word.to_lowercase()).count()).sum::<usize>()
    };
    assert!(named(&everything(&street).await) > 10);

    // A stranger's wish for it is nobody's; HubSpot's is done, and done again without harm.
    assert_eq!(street.deliver(&deleted("987654321")).await, StatusCode::OK);
    street.settle().await;
    assert!(named(&everything(&street).await) > 10, "of an unknown contact nothing is taken");
    for _ in 0..2 {
        assert_eq!(street.deliver(&deleted(&contact)).await, StatusCode::OK);
        street.settle().await;
    }
    let after = everything(&street).await;
    assert_eq!(named(&after), 0, "{name} {email}");
    assert!(after.contains("[removed]"));
    // Everything else stands, and goes on.
    let form = street.get(&link).await;
    assert_eq!(form.status, StatusCode::OK);
    assert!(form.html.contains("[removed] ([removed]) signs; mail [removed]."), "{}", form.html);
    assert_eq!(street.submit(&link, "grace-lin", &[]).await.status, StatusCode::SEE_OTHER);
    street.settle().await;
    let received = street.mails_of("handoff_received").await.remove(0);
    assert_eq!(named(&received.to_string()), 0);
}

#[tokio::test]
async fn material_goes_when_the_organization_says_and_what_was_handed_over_stays() {
    let street = Street::open().await;
    let admin = street.sign_in("admin@example.com").await;
    let page = "/settings/organization";
    let form = admin.get(page).await;
    let names = [
        "revision",
        "name",
        "sender",
        "time_zone",
        "works_from",
        "works_until",
        "reminder_days",
        "link_life_days",
        "handoffs_from",
    ];
    let values = names.map(|name| form.field(name));
    let mut fields: Vec<(&str, &str)> =
        names.iter().zip(&values).map(|(name, value)| (*name, value.as_str())).collect();
    fields.extend([
        ("language", "en"),
        ("next_csm", "ae_chooses"),
        ("pipelines", ""),
        ("deal_types", "newbusiness"),
    ]);
    let mut wrong = fields.clone();
    wrong.push(("material_months", "7"));
    let refused = admin.post(page, page, &wrong).await;
    assert!(refused.html.contains("Choose one of the times in the list."), "{}", refused.html);
    fields.push(("material_months", "6"));
    let saved = admin.post(page, page, &fields).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.html);
    let changes = admin.get("/settings/changes").await.html;
    assert!(changes.contains("Material is kept") && changes.contains("6 months"), "{changes}");

    street.close(deal::RICH).await;
    let link = street.link("handoff_invitation").await;
    street.submit(&link, "grace-lin", &[]).await;
    street.settle().await;
    let table = street.json("/local/table.json").await;
    let items = table.as_array().unwrap();
    let kind = |name: &str| {
        items.iter().filter(|item| item["SK"]["S"].as_str().unwrap().starts_with(name)).collect::<Vec<_>>()
    };
    assert!(kind("SOURCES#").iter().all(|item| !item["ttl"].is_null()), "the table lets them go");
    assert!(
        kind("DRAFTS").iter().chain(&kind("HANDOFF")).all(|item| item["ttl"].is_null()),
        "and nothing else"
    );
    let account = format!("/accounts/d{}", deal::RICH);
    let source = format!("{account}/sources/deal-{}", deal::RICH);
    assert_eq!(admin.get(&source).await.status, StatusCode::OK);
    assert!(admin.get(&account).await.html.contains("Your organization keeps these until"));
    street.advance(185 * 86_400).await;
    let admin = street.sign_in("admin@example.com").await;
    let gone = admin.get(&source).await;
    assert_eq!(gone.status, StatusCode::GONE);
    assert!(gone.html.contains("This is no longer kept") && gone.html.contains("Back to the account"));
    let page = admin.get(&account).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.html.contains("Your organization kept these until"), "{}", page.html);
}
