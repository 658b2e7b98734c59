//! Both event forms, batches with bad members, and workflow payloads.

use super::*;
use proptest::prelude::*;

fn app(body: &Value) -> Delivered {
    parse(&DeliveryRoute::App, body.to_string().as_bytes()).unwrap()
}

fn hint(portal: u64, deal: &str) -> DealHint {
    DealHint { portal: PortalId(portal), deal: DealId::parse(deal).unwrap(), origin: Origin::Told }
}

fn event(kind: &str, more: Value) -> Value {
    let mut event = json!({"eventId": 1, "subscriptionId": 2, "portalId": 62515, "appId": 3, "occurredAt": 1_759_999_999_000_i64,
        "subscriptionType": kind, "attemptNumber": 0, "objectId": 7});
    event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    event
}

#[test]
fn both_event_forms_and_the_older_field_name_the_same_deal() {
    let change = json!({"propertyName": "dealstage", "propertyValue": "closedwon"});
    let mut older = event("x", change.clone());
    older.as_object_mut().unwrap().remove("subscriptionType");
    older["eventType"] = json!("deal.propertyChange");
    let mut generic = event("object.propertyChange", change.clone());
    generic["objectTypeId"] = json!("0-3");
    for event in [event("deal.propertyChange", change), older, generic] {
        assert_eq!(app(&json!([event])).hints, [hint(62515, "7")], "{event}");
    }
}

#[test]
fn what_may_make_a_won_deal_is_told_from_what_cannot() {
    let change = |name: &str, value: Value| {
        event("deal.propertyChange", json!({"propertyName": name, "propertyValue": value}))
    };
    let telling = [
        change("dealstage", json!("1234567")),
        change("hs_is_closed_won", json!("true")),
        change("hs_is_closed_won", Value::Null),
        change("hubspot_owner_id", json!("5")),
        change("dealtype", json!("newbusiness")),
        change("pipeline", json!("default")),
        event("deal.creation", json!({})),
        event("deal.restore", json!({})),
        event("object.creation", json!({"objectTypeId": "0-3"})),
    ];
    for event in telling {
        assert_eq!(app(&json!([event])).hints, [hint(62515, "7")], "{event}");
    }
    let silent = [
        change("amount", json!("1")),
        change("dealname", json!("x")),
        change("hs_is_closed_won", json!("false")),
        change("hs_is_closed_won", json!(false)),
        event("deal.deletion", json!({})),
        event("deal.associationChange", json!({})),
        event("contact.propertyChange", json!({"propertyName": "dealstage"})),
        event("company.privacyDeletion", json!({})),
        event("object.propertyChange", json!({"objectTypeId": "0-1", "propertyName": "dealstage"})),
    ];
    for event in silent {
        assert_eq!(app(&json!([event])), Delivered::default(), "{event}");
    }
}

#[test]
fn a_merge_names_its_survivors() {
    let merge = event("deal.merge", json!({"primaryObjectId": 7, "mergedObjectIds": [8], "newObjectId": 9}));
    assert_eq!(app(&json!([merge])).hints, [hint(62515, "7"), hint(62515, "9")]);
    assert_eq!(app(&json!([event("deal.merge", json!({}))])).hints, [hint(62515, "7")]);
}

#[test]
fn a_batch_names_each_deal_of_each_portal_once() {
    let mut other = event("deal.creation", json!({}));
    other["portalId"] = json!(99);
    let mut second = event("deal.creation", json!({}));
    second["objectId"] = json!("8");
    let batch = json!([event("deal.creation", json!({})), other, second, event("deal.restore", json!({}))]);
    assert_eq!(app(&batch).hints, [hint(99, "7"), hint(62515, "7"), hint(62515, "8")]);
    assert_eq!(app(&json!([])), Delivered::default());
}

#[test]
fn bad_events_are_told_by_their_place_and_cost_no_good_one() {
    let mut no_portal = event("deal.creation", json!({}));
    no_portal.as_object_mut().unwrap().remove("portalId");
    let bad = |name: &str, value: Value| {
        let mut event = event("deal.creation", json!({}));
        event[name] = value;
        event
    };
    let batch = json!([
        5,
        null,
        {},
        no_portal,
        bad("objectId", json!("7/../8")),
        bad("objectId", json!(-1)),
        bad("objectId", json!(1.5)),
        bad("portalId", json!("x")),
        bad("subscriptionType", json!(7)),
        bad("objectId", json!({"a": 1})),
        event("deal.propertyChange", json!({"propertyName": 5})),
        event("object.creation", json!({})),
        event("deal.creation", json!({})),
    ]);
    let delivered = app(&batch);
    assert_eq!(delivered.hints, [hint(62515, "7")]);
    assert_eq!(
        delivered.unusable.iter().map(|event| event.index).collect::<Vec<_>>(),
        (0..12).collect::<Vec<_>>()
    );
}

#[test]
fn bodies_of_the_wrong_shape_are_refused_whole() {
    let app = |body: &str| parse(&DeliveryRoute::App, body.as_bytes());
    assert_eq!(app("{"), Err(UnusableBody::NotJson));
    assert_eq!(app(""), Err(UnusableBody::NotJson));
    assert_eq!(app(&"[".repeat(100_000)), Err(UnusableBody::NotJson));
    assert_eq!(app("{}"), Err(UnusableBody::NotAnArray));
    let workflow = |body: &str| parse(&DeliveryRoute::Workflow(PortalId(1)), body.as_bytes());
    assert_eq!(workflow("[]"), Err(UnusableBody::NotAnObject));
    assert_eq!(workflow("{}"), Err(UnusableBody::NoDeal));
    assert_eq!(workflow(r#"{"id":"abc"}"#), Err(UnusableBody::NoDeal));
}

#[test]
fn a_workflow_delivery_names_its_deal_whatever_fields_were_chosen() {
    for body in [
        json!({"id": "7", "properties": {"dealstage": "closedwon"}, "archived": false, "portalId": 99}),
        json!({"objectId": 7, "objectType": "DEAL"}),
        json!({"hs_object_id": "7", "dealname": "Acme"}),
        json!({"properties": {"hs_object_id": "7"}}),
        json!({"properties": {"hs_object_id": {"value": "7"}}}),
    ] {
        let delivered =
            parse(&DeliveryRoute::Workflow(PortalId(62515)), body.to_string().as_bytes()).unwrap();
        assert_eq!(delivered.hints, [hint(62515, "7")], "{body}");
    }
}

#[test]
fn our_custom_action_names_the_enrolled_deal_of_its_own_portal() {
    let sent = |kind: &str, portal: u64| {
        let body = json!({
            "callbackId": "ap-62515-1-7-0",
            "origin": {"portalId": portal, "actionDefinitionId": 10, "actionDefinitionVersion": 1},
            "context": {"source": "WORKFLOWS", "workflowId": 192},
            "object": {"objectId": 7, "objectType": kind},
            "inputFields": {},
        });
        parse(&DeliveryRoute::Workflow(PortalId(62515)), body.to_string().as_bytes())
    };
    assert_eq!(sent("DEAL", 62515).unwrap().hints, [hint(62515, "7")]);
    assert_eq!(sent("0-3", 62515).unwrap().hints, [hint(62515, "7")]);
    assert_eq!(sent("CONTACT", 62515), Err(UnusableBody::NoDeal), "a contact's number is no deal's");
    assert_eq!(sent("DEAL", 62516), Err(UnusableBody::OtherPortal));
}

#[test]
fn a_condensed_delivery_reads_as_the_same_hints() {
    let hints = [hint(99, "7"), hint(62515, "8")];
    assert_eq!(parse(&DeliveryRoute::App, &condense(&DeliveryRoute::App, &hints, &[])).unwrap().hints, hints);
    let route = DeliveryRoute::Workflow(PortalId(99));
    assert_eq!(parse(&route, &condense(&route, &hints[..1], &[])).unwrap().hints, hints[..1]);
}

proptest! {
    #[test]
    fn no_body_makes_it_panic(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&DeliveryRoute::App, &body);
        let _ = parse(&DeliveryRoute::Workflow(PortalId(1)), &body);
    }
}

#[test]
fn a_contact_that_was_deleted_for_privacy_is_told_in_both_forms_and_kept_in_a_large_delivery() {
    let classic = json!({"subscriptionType": "contact.privacyDeletion", "portalId": 7, "objectId": 21});
    let generic = json!({
        "subscriptionType": "object.privacyDeletion", "objectTypeId": "0-1", "portalId": 7, "objectId": "22"
    });
    let companys = json!({
        "subscriptionType": "object.privacyDeletion", "objectTypeId": "0-2", "portalId": 7, "objectId": 23
    });
    let nobodys = json!({"subscriptionType": "contact.privacyDeletion", "portalId": 7});
    let read = app(&json!([classic, generic, classic, companys, nobodys]));
    let contacts: Vec<&str> = read.deleted.iter().map(|one| one.contact.as_str()).collect();
    assert_eq!((contacts, read.hints.len(), read.unusable.len()), (vec!["21", "22"], 0, 1));
    let small = condense(&DeliveryRoute::App, &[], &read.deleted);
    assert_eq!(parse(&DeliveryRoute::App, &small).unwrap().deleted, read.deleted);
}
