//! Targets for fuzzing: a short run with every test, long ones as `docs/reliability.md` says.

use crate::event::parse;
use crate::signature::{Call, Secret, Verdict, sign_v2, sign_v3, verify_v2, verify_v3};
use crate::text;
use handoff_domain::id::PortalId;
use handoff_domain::message::DeliveryRoute;
use jiff::Timestamp;

#[test]
fn webhook_body() {
    bolero::check!().for_each(|body: &[u8]| {
        for route in [DeliveryRoute::App, DeliveryRoute::Workflow(PortalId(1))] {
            if let Ok(read) = parse(&route, body) {
                assert!(
                    read.hints.iter().all(|hint| hint
                        .deal
                        .as_str()
                        .bytes()
                        .all(|byte| byte.is_ascii_digit()))
                );
            }
        }
    });
}

#[test]
fn signature() {
    let secrets = [Secret::parse("a secret of HubSpot").unwrap()];
    let now = Timestamp::from_millisecond(1_795_000_000_000).unwrap();
    bolero::check!().with_type::<(Vec<u8>, String, String)>().for_each(|(body, signature, timestamp)| {
        let call = Call { method: "POST", url: "https://h.test/webhooks/hubspot", body };
        let genuine = sign_v3(&secrets[0], &call, timestamp);
        if *signature != genuine {
            assert_eq!(verify_v3(&secrets, &call, signature, timestamp, now), Verdict::Forged);
        }
        if *signature != sign_v2(&secrets[0], &call) {
            assert_eq!(verify_v2(&secrets, &call, signature), Verdict::Forged);
        }
        let at = now.as_millisecond().to_string();
        let genuine = sign_v3(&secrets[0], &call, &at);
        assert_eq!(verify_v3(&secrets, &call, &genuine, &at, now), Verdict::Genuine);
        let longer = [body.as_slice(), b"x"].concat();
        let other = Call { body: &longer, ..call };
        assert_eq!(verify_v3(&secrets, &other, &genuine, &at, now), Verdict::Forged);
    });
}

#[test]
fn html_to_text() {
    bolero::check!().with_type::<String>().for_each(|html| {
        let plain = text::from_rich(html);
        assert!(!plain.contains("<script"), "{plain}");
        assert!(!plain.chars().any(|c| c.is_control() && c != '\n' && c != '\t'), "{plain:?}");
    });
}
