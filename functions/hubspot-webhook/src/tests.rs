//! The router against a loopback SQS that counts calls.

use super::*;
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use handoff_domain::limits::WEBHOOK_BODY_MAX_BYTES;
use handoff_domain::message::{Delivery, WorkerMessage};
use handoff_hubspot::signature::{Call, sign_v2, sign_v3};
use handoff_runtime::{Aws, Environment, Service, Timeouts};
use http::Method;
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::Mutex;
use std::sync::atomic::AtomicI64;
use tower::ServiceExt as _;

const BASE_URL: &str = "https://handoff.example.com";
const APP: &str = "/webhooks/hubspot";
const WORKFLOW: &str = "/webhooks/hubspot/workflow/62515";

/// A loopback SQS: keeps every message, or answers with `status`.
#[derive(Clone, Default)]
struct FakeSqs {
    messages: Arc<Mutex<Vec<Value>>>,
    is_away: bool,
}

impl FakeSqs {
    async fn start(self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let app = Router::new()
            .route("/", post(async |State(sqs): State<Self>, body: bytes::Bytes| sqs.send_message(&body)))
            .with_state(self);
        tokio::spawn(async move { axum::serve(listener, app).await });
        address
    }

    fn send_message(&self, body: &[u8]) -> Response {
        let request: Value = serde_json::from_slice(body).unwrap();
        self.messages.lock().unwrap().push(request);
        let status = if self.is_away { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
        let mut response = Response::new(Body::from(r#"{"MessageId":"1"}"#));
        *response.status_mut() = status;
        with_header(response, CONTENT_TYPE, "application/x-amz-json-1.0")
    }
}

struct Door {
    router: Router,
    sqs: FakeSqs,
    clock: Clock,
    ahead_ms: Arc<AtomicI64>,
}

impl Door {
    async fn open(is_away: bool) -> Self {
        let sqs = FakeSqs { is_away, ..FakeSqs::default() };
        let endpoint = sqs.clone().start().await;
        let environment = Environment::from_pairs([
            ("AWS_REGION", "eu-central-1"),
            ("AWS_ACCESS_KEY_ID", "id"),
            ("AWS_SECRET_ACCESS_KEY", "key"),
            ("AWS_ENDPOINT_URL_SQS", &endpoint),
        ]);
        let config = Aws::from_environment(&environment).unwrap().config(Service::Sqs, Timeouts::INTERACTIVE);
        let ahead_ms = Arc::new(AtomicI64::new(0));
        let clock = Clock::shifted(ahead_ms.clone());
        let deps = Deps {
            queue: Queue::new(&config, format!("{endpoint}/1/intake")),
            base_url: BASE_URL.to_owned(),
            secrets: vec![secret(), Secret::parse("previous").unwrap()],
            clock: clock.clone(),
        };
        Self { router: router(deps), sqs, clock, ahead_ms }
    }

    async fn call(&self, request: Request) -> Response {
        let response = self.router.clone().oneshot(request).await.unwrap();
        for (name, value) in [
            ("strict-transport-security", "max-age=63072000; includeSubDomains"),
            ("x-content-type-options", "nosniff"),
            ("content-type", "text/plain; charset=utf-8"),
        ] {
            assert_eq!(response.headers()[name], value);
        }
        assert!(!response.headers().contains_key("set-cookie"));
        response
    }

    async fn deliver(&self, path: &str, body: impl Into<Vec<u8>>) -> Response {
        self.call(self.signed(path, body.into())).await
    }

    fn signed(&self, path: &str, body: Vec<u8>) -> Request {
        signed_at(path, body, self.clock.now())
    }

    /// The deliveries that were kept, and a check that each took one call.
    fn kept(&self) -> Vec<Delivery> {
        let messages = self.sqs.messages.lock().unwrap();
        let read =
            |request: &Value| match serde_json::from_str(request["MessageBody"].as_str().unwrap()).unwrap() {
                WorkerMessage::Delivered(delivery) => delivery,
                other => panic!("{other:?}"),
            };
        messages.iter().map(read).collect()
    }
}

fn secret() -> Secret {
    Secret::parse("local-client-secret").unwrap()
}

fn signed_at(path: &str, body: Vec<u8>, at: Timestamp) -> Request {
    let at = at.as_millisecond().to_string();
    let url = format!("{BASE_URL}{path}");
    let signature = sign_v3(&secret(), &Call { method: "POST", url: &url, body: &body }, &at);
    Request::post(path)
        .header("x-hubspot-signature-v3", signature)
        .header("x-hubspot-request-timestamp", at)
        .header("content-type", "application/json")
        .header("host", "evil.example.net")
        .body(Body::from(body))
        .unwrap()
}

fn v2(path: &str, body: &'static str) -> Request {
    let url = format!("{BASE_URL}{path}");
    let signature = sign_v2(&secret(), &Call { method: "POST", url: &url, body: body.as_bytes() });
    Request::post(path)
        .header("x-hubspot-signature", signature)
        .header("x-hubspot-signature-version", "v2")
        .header("content-type", "application/json; charset=UTF-8")
        .body(Body::from(body))
        .unwrap()
}

fn won(deal: u64) -> Value {
    json!({"eventId": 1, "portalId": 62515, "subscriptionType": "deal.propertyChange", "objectId": deal,
        "propertyName": "dealstage", "propertyValue": "closedwon"})
}

async fn is_empty(response: Response) -> bool {
    response.into_body().collect().await.unwrap().to_bytes().is_empty()
}

#[tokio::test]
async fn a_won_deal_takes_one_call_and_is_kept_byte_for_byte() {
    let door = Door::open(false).await;
    let body = format!("[ {} ]\n", won(7));
    let response = door.deliver(APP, body.clone()).await;
    assert_eq!(response.status(), 200);
    assert!(is_empty(response).await);
    let kept = door.kept();
    assert_eq!(kept.len(), 1);
    assert_eq!(URL_SAFE_NO_PAD.decode(&kept[0].body).unwrap(), body.as_bytes());
    assert_eq!((&kept[0].route, &kept[0].unusable), (&DeliveryRoute::App, &None));
}

#[tokio::test]
async fn a_batch_of_a_hundred_takes_one_call_and_what_concerns_no_won_deal_takes_none() {
    let door = Door::open(false).await;
    let batch: Vec<Value> = (1..=100).map(won).collect();
    assert_eq!(door.deliver(APP, json!(batch).to_string()).await.status(), 200);
    assert_eq!(door.kept().len(), 1);
    let mut silent = won(7);
    silent["propertyName"] = json!("amount");
    for body in ["[]".to_owned(), json!([silent]).to_string(), "[ ]\n".to_owned()] {
        assert_eq!(door.deliver(APP, body).await.status(), 200);
    }
    assert_eq!(door.kept().len(), 1);
}

#[tokio::test]
async fn checks_come_in_the_promised_order() {
    let door = Door::open(false).await;
    let large = vec![b' '; WEBHOOK_BODY_MAX_BYTES + 1];
    for path in [APP, WORKFLOW] {
        for method in [Method::GET, Method::HEAD, Method::PUT, Method::DELETE, Method::OPTIONS] {
            let request =
                Request::builder().method(method).uri(path).body(Body::from(large.clone())).unwrap();
            let response = door.call(request).await;
            assert_eq!(
                (response.status().as_u16(), &response.headers()["allow"]),
                (405, &HeaderValue::from_static("POST"))
            );
        }
        let unsigned = Request::post(path).body(Body::from(large.clone())).unwrap();
        assert_eq!(door.call(unsigned).await.status(), 413);
        let announced = Request::post(path).header("content-length", "9999999").body(Body::empty()).unwrap();
        assert_eq!(door.call(announced).await.status(), 413);
        assert_eq!(door.deliver(path, large.clone()).await.status(), 413);
        let unsigned =
            Request::post(path).header("content-type", "text/plain").body(Body::from("{")).unwrap();
        assert_eq!(door.call(unsigned).await.status(), 401);
        for content_type in ["text/plain", "application/json; charset=utf-16", "application/jsonx", ""] {
            let mut request = door.signed(path, b"{".to_vec());
            request.headers_mut().insert("content-type", content_type.parse().unwrap());
            assert_eq!(door.call(request).await.status(), 415, "{content_type}");
        }
        let mut zipped = door.signed(path, b"[]".to_vec());
        zipped.headers_mut().insert("content-encoding", HeaderValue::from_static("gzip"));
        assert_eq!(door.call(zipped).await.status(), 415);
    }
    assert!(door.kept().is_empty());
}

#[tokio::test]
async fn only_a_fresh_signature_of_ours_opens_the_app_route() {
    let door = Door::open(false).await;
    let body = json!([won(7)]).to_string().into_bytes();
    let mut refused = vec![
        Request::post(APP).header("content-type", "application/json").body(Body::from(body.clone())).unwrap(),
        v2(APP, "[]"),
        signed_at(APP, body.clone(), door.clock.now() - jiff::SignedDuration::from_secs(301)),
        signed_at(APP, body.clone(), door.clock.now() + jiff::SignedDuration::from_secs(70)),
    ];
    for header in ["x-hubspot-signature-v3", "x-hubspot-request-timestamp"] {
        let mut twice = door.signed(APP, body.clone());
        let value = twice.headers()[header].clone();
        twice.headers_mut().append(header, value);
        refused.push(twice);
        let mut missing = door.signed(APP, body.clone());
        missing.headers_mut().remove(header);
        refused.push(missing);
    }
    let mut other_path = door.signed(WORKFLOW, body.clone());
    *other_path.uri_mut() = APP.parse().unwrap();
    refused.push(other_path);
    let mut more_query = door.signed(APP, body.clone());
    *more_query.uri_mut() = format!("{APP}?x=1").parse().unwrap();
    refused.push(more_query);
    let mut bent = door.signed(APP, body.clone());
    *bent.body_mut() = Body::from(json!([won(8)]).to_string());
    refused.push(bent);
    for request in refused {
        let response = door.call(request).await;
        assert_eq!(response.status(), 401);
        assert!(is_empty(response).await);
    }
    assert!(door.kept().is_empty());
    assert_eq!(door.deliver(&format!("{APP}?x=%3A"), body).await.status(), 200);
}

#[tokio::test]
async fn a_workflow_call_is_taken_with_either_version_and_names_its_portal_in_the_address() {
    let door = Door::open(false).await;
    assert_eq!(door.call(v2(WORKFLOW, r#"{"id":"7"}"#)).await.status(), 200);
    assert_eq!(door.deliver(WORKFLOW, r#"{"id":"8","properties":{}}"#).await.status(), 200);
    let kept = door.kept();
    assert_eq!(kept.len(), 2);
    assert!(kept.iter().all(|delivery| delivery.route == DeliveryRoute::Workflow(PortalId(62515))));
}

#[tokio::test]
async fn a_stale_workflow_call_is_asked_for_again_and_a_forged_one_is_not() {
    let door = Door::open(false).await;
    let request = door.signed(WORKFLOW, br#"{"id":"7"}"#.to_vec());
    door.ahead_ms.store(301_000, std::sync::atomic::Ordering::Relaxed);
    let response = door.call(request).await;
    assert_eq!((response.status().as_u16(), response.headers().contains_key("retry-after")), (503, true));
    let mut forged = v2(WORKFLOW, r#"{"id":"7"}"#);
    *forged.body_mut() = Body::from(r#"{"id":"8"}"#);
    assert_eq!(door.call(forged).await.status(), 401);
    let mut version_1 = v2(WORKFLOW, r#"{"id":"7"}"#);
    version_1.headers_mut().insert("x-hubspot-signature-version", HeaderValue::from_static("v1"));
    assert_eq!(door.call(version_1).await.status(), 401);
    assert!(door.kept().is_empty());
}

#[tokio::test]
async fn addresses_that_name_nothing_are_not_found() {
    let door = Door::open(false).await;
    for path in
        ["/webhooks/hubspot/", "/webhooks/other", "/webhooks/hubspot/workflow", "/webhooks/hubspot/workflow/"]
    {
        assert_eq!(door.deliver(path, "[]").await.status(), 404, "{path}");
    }
    for path in
        ["/webhooks/hubspot/workflow/abc", "/webhooks/hubspot/workflow/0", "/webhooks/hubspot/workflow/+5"]
    {
        assert_eq!(door.deliver(path, "{}").await.status(), 404, "{path}");
        let unsigned = Request::post(path).body(Body::empty()).unwrap();
        assert_eq!(door.call(unsigned).await.status(), 401, "{path}");
    }
}

#[tokio::test]
async fn nothing_is_acknowledged_while_the_queue_is_away() {
    let door = Door::open(true).await;
    let start = std::time::Instant::now();
    let response = door.deliver(APP, json!([won(7)]).to_string()).await;
    assert_eq!((response.status().as_u16(), response.headers().contains_key("retry-after")), (503, true));
    assert!(start.elapsed() < std::time::Duration::from_secs(4));
    assert_eq!(door.deliver(APP, "[]").await.status(), 200);
}

#[tokio::test]
async fn signed_poison_is_kept_for_a_person_and_answered_with_200() {
    let door = Door::open(false).await;
    let bodies = ["{", "", "null", "{}", "[5]", r#"[{"portalId":"x"}]"#];
    for body in bodies {
        let response = door.deliver(APP, body).await;
        assert_eq!(response.status(), 200);
        assert!(is_empty(response).await);
    }
    assert_eq!(door.deliver(WORKFLOW, "[]").await.status(), 200);
    let kept = door.kept();
    assert_eq!(kept.len(), bodies.len() + 1);
    assert!(kept.iter().all(|delivery| delivery.unusable.is_some()));
}

#[tokio::test]
async fn good_and_bad_events_of_one_batch_travel_in_one_message() {
    let door = Door::open(false).await;
    assert_eq!(door.deliver(APP, json!([5, won(7), {}]).to_string()).await.status(), 200);
    let kept = door.kept();
    assert_eq!((kept.len(), &kept[0].unusable), (1, &None));
}

#[tokio::test]
async fn the_largest_deliveries_still_fit_into_a_message() {
    let door = Door::open(false).await;
    let mut event = won(7);
    event["padding"] = json!("x".repeat(WEBHOOK_BODY_MAX_BYTES - 400));
    assert_eq!(door.deliver(APP, json!([event, won(8)]).to_string()).await.status(), 200);
    assert_eq!(door.deliver(APP, vec![b'['; WEBHOOK_BODY_MAX_BYTES]).await.status(), 200);
    for request in door.sqs.messages.lock().unwrap().iter() {
        assert!(request["MessageBody"].as_str().unwrap().len() <= 1_048_576);
    }
    let kept = door.kept();
    let body = URL_SAFE_NO_PAD.decode(&kept[0].body).unwrap();
    let hints = handoff_hubspot::event::parse(&DeliveryRoute::App, &body).unwrap().hints;
    assert_eq!(hints.iter().map(|hint| hint.deal.as_str()).collect::<Vec<_>>(), ["7", "8"]);
    assert!(kept[1].unusable.is_some());
}

#[tokio::test]
async fn the_sample_events_are_answered_with_200_once_they_are_signed() {
    let door = Door::open(false).await;
    let folder = format!("{}/../../events/hubspot-webhook", env!("CARGO_MANIFEST_DIR"));
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let event = lambda_http::request::from_reader(std::fs::File::open(&path).unwrap()).unwrap();
        let (parts, body) = event.into_parts();
        assert_eq!(
            door.call(Request::from_parts(parts.clone(), Body::from(body.to_vec()))).await.status(),
            401
        );
        let mut request = door.signed(parts.uri.path(), body.to_vec());
        *request.uri_mut() = parts.uri;
        assert_eq!(door.call(request).await.status(), 200, "{}", path.display());
        seen += 1;
    }
    assert_eq!((seen, door.kept().len()), (5, 4));
}

#[test]
fn logs_and_debug_texts_hold_no_secret() {
    assert!(!format!("{:?}", secret()).contains("local-client-secret"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn no_signed_body_is_ever_answered_with_an_error(body in prop::collection::vec(prop::num::u8::ANY, 0..300)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let status = runtime.block_on(async { Door::open(false).await.deliver(APP, body).await.status() });
        prop_assert_eq!(status, StatusCode::OK);
    }
}
