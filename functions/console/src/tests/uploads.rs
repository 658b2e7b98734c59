//! What comes as a file, and what comes from HubSpot.

use super::harness::{Browser, Harness, OURS, THEIRS};
use axum::http::{Method, StatusCode};
use handoff_domain::id::PortalId;
use handoff_testing::fixtures;

const DOT: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";

/// Posts fields and one file as a browser does.
async fn upload(
    browser: &mut Browser<'_>,
    path: &str,
    fields: &[(&str, &str)],
    file: (&str, &[u8]),
) -> super::harness::Answer {
    let keys: handoff_domain::link::LinkKeys = fixtures::link_key().into();
    let csrf = keys.session_csrf(&browser.token().unwrap());
    let mut body = Vec::new();
    for (name, value) in fields.iter().chain(&[("csrf", csrf.as_str())]) {
        let part = format!("--edge\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    let head =
        format!("--edge\r\ncontent-disposition: form-data; name=\"{}\"; filename=\"f\"\r\n\r\n", file.0);
    let body = [&body, head.as_bytes(), file.1, b"\r\n--edge--\r\n"].concat();
    browser.send_as(Method::POST, path, Some(("multipart/form-data; boundary=edge", body))).await
}

#[tokio::test]
async fn a_logo_is_kept_shown_to_everybody_and_taken_off() {
    let harness = Harness::start().await;
    let mut admin = harness.signed_in(OURS, "admin").await;
    let path = "/settings/organization";
    let page = admin.get(path).await;
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
    let values = names.map(|name| page.field(name));
    let mut fields: Vec<(&str, &str)> = names.into_iter().zip(values.iter().map(String::as_str)).collect();
    fields.extend([("language", "en"), ("deal_types", "newbusiness"), ("sender", "Müller GmbH")]);

    let wrong = upload(&mut admin, path, &fields, ("logo", b"<svg/>")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("PNG, JPEG or GIF") && wrong.body.contains("value=\"Müller GmbH\""));

    assert_eq!(upload(&mut admin, path, &fields, ("logo", DOT)).await.status, StatusCode::SEE_OTHER);
    let page = admin.get("/accounts").await;
    let (_, rest) = page.body.split_once("src=\"/logos/").expect("the logo on every page");
    let logo = format!("/logos/{}", rest.split('"').next().unwrap());
    let shown = harness.browser().get(&logo).await;
    assert_eq!((shown.status, shown.header("content-type")), (StatusCode::OK, "image/gif"));
    assert!(shown.header("cache-control").contains("immutable"));
    let foreign = logo.replace("hs62515", "hs77");
    assert_eq!(harness.browser().get(&foreign).await.status, StatusCode::NOT_FOUND);
    assert!(!harness.signed_in(THEIRS, "boss").await.get("/accounts").await.body.contains("/logos/"));

    let page = admin.get(path).await;
    let revision = page.field("revision");
    fields.retain(|(name, _)| *name != "revision");
    fields.extend([("revision", revision.as_str()), ("remove_logo", "yes")]);
    assert_eq!(upload(&mut admin, path, &fields, ("logo", b"")).await.status, StatusCode::SEE_OTHER);
    assert!(!admin.get("/accounts").await.body.contains("/logos/"));
    // Mails that were sent go on showing it.
    assert_eq!(harness.browser().get(&logo).await.status, StatusCode::OK);
    let audit = harness.table.store.list_audit(&PortalId(OURS).organization(), None, 10).await.unwrap();
    let told: Vec<_> =
        audit.iter().flat_map(|entry| &entry.fields).map(|field| field.field.as_str()).collect();
    assert_eq!(told, ["Logo", "Sender of mails", "Logo"]);
}

#[tokio::test]
async fn lists_of_people_and_accounts_come_as_files_of_an_office_program() {
    let harness = Harness::start().await;
    let mut admin = harness.signed_in(OURS, "admin").await;
    let people = b"name;email;roles\r\nJ\xfcrgen Gro\xdf;j@northwind.test;csm\r\n";
    let page = upload(&mut admin, "/settings/roster/import", &[("list", "")], ("file", people)).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.body.contains("Jürgen Groß") && page.body.contains("1 new"));
    let accounts = b"company\tae\r\nAcm\xe9\tana@northwind.test\r\n";
    let page = upload(&mut admin, "/accounts/import", &[("csv", "")], ("file", accounts)).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.body.contains("Acmé") && page.body.contains("Will be made"));
}

#[tokio::test]
async fn people_of_hubspot_join_with_the_role_that_they_are_given() {
    let harness = Harness::start().await;
    let mut admin = harness.signed_in(OURS, "admin").await;
    let path = "/settings/roster/owners";
    let page = admin.get(path).await;
    assert!(
        page.body.contains("New Nora") && !page.body.contains("Ana Ellis") && !page.body.contains("Leads")
    );
    let nobody = admin.post(path, &[("role[Nora@northwind.test]", "")]).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    let chosen = [("name[Nora@northwind.test]", "New Nora"), ("role[Nora@northwind.test]", "csm admin")];
    assert_eq!(admin.post(path, &chosen).await.status, StatusCode::SEE_OTHER);
    let roster = harness.roster(&PortalId(OURS).organization()).await;
    let nora = roster.members.iter().find(|member| member.name == "New Nora").unwrap();
    assert_eq!(nora.roles.len(), 2);
    assert!(admin.get(path).await.body.contains("Everybody is here"));
    // Sent again by a page that was open before: nobody twice.
    assert_eq!(admin.post(path, &chosen).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(harness.roster(&PortalId(OURS).organization()).await, roster);
}
