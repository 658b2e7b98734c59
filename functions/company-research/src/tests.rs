use super::*;
use axum::Router;
use axum::response::Html;
use axum::routing::{get, post};
use handoff_domain::research::WebGap;
use handoff_runtime::{Aws, Environment, Service, Timeouts};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

const SAMPLE: &str = include_str!("../../../events/company-research/research-wanted.json");
const SITE: &str = "www.meridianfreight.example";

async fn serve(app: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

/// The function beside a site of one page and a queue; with the bodies that the queue was sent.
async fn street(queue_is_up: bool) -> (Deps, Arc<Mutex<Vec<String>>>) {
    let site =
        serve(Router::new().route("/", get(async || Html("<title>Freight</title><p>We carry.")))).await;
    let sent: Arc<Mutex<Vec<String>>> = Arc::default();
    let heard = sent.clone();
    let take = async move |body: String| {
        heard.lock().unwrap().push(body);
        let status = if queue_is_up { 200 } else { 400 };
        let json = [("content-type", "application/x-amz-json-1.0")];
        (axum::http::StatusCode::from_u16(status).unwrap(), json, r#"{"MessageId": "m"}"#)
    };
    let sqs = serve(Router::new().route("/", post(take))).await;
    let environment = Environment::from_pairs([
        ("AWS_REGION", "us-east-1".to_owned()),
        ("AWS_ACCESS_KEY_ID", "a".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "b".to_owned()),
        ("AWS_ENDPOINT_URL_SQS", format!("http://{sqs}")),
    ]);
    let aws = Aws::from_environment(&environment).unwrap();
    let queue = Queue::new(&aws.config(Service::Sqs, Timeouts::WORKER), format!("http://{sqs}/0/researched"));
    let reader = Reader::of_sites(BTreeMap::from([(SITE.to_owned(), site)])).unwrap();
    (Deps { reader, researched_queue: queue, clock: Clock::system() }, sent)
}

fn sample() -> SqsEvent {
    serde_json::from_str(SAMPLE).unwrap()
}

/// What the function sent, as SQS's JSON protocol wraps it.
fn answers(sent: &Mutex<Vec<String>>) -> Vec<Researched> {
    let message = |call: &String| {
        let call: serde_json::Value = serde_json::from_str(call).unwrap();
        serde_json::from_str(call["MessageBody"].as_str().unwrap()).unwrap()
    };
    sent.lock().unwrap().iter().map(message).collect()
}

#[tokio::test]
async fn what_is_read_is_handed_back_under_the_same_ticket() {
    let (deps, sent) = street(true).await;
    let response = handle(&deps, sample()).await;
    assert!(response.batch_item_failures.is_empty());
    let wanted: ResearchWanted = serde_json::from_str(sample().records[0].body.as_deref().unwrap()).unwrap();
    let answers = answers(&sent);
    let [answer] = answers.as_slice() else { panic!("one answer: {answers:?}") };
    assert_eq!((&answer.ticket, &answer.account), (&wanted.ticket, &wanted.account));
    assert_eq!((&answer.organization, answer.correlation), (&wanted.organization, wanted.correlation));
    assert_eq!((answer.pages[0].title.as_str(), answer.pages[0].text.as_str()), ("Freight", "We carry."));
    assert_eq!(answer.gaps, []);
}

#[tokio::test]
async fn a_site_that_cannot_be_read_is_an_answer_too() {
    let (deps, sent) = street(true).await;
    let mut event = sample();
    let body = event.records[0].body.take().unwrap();
    event.records[0].body = Some(body.replace(SITE, "169.254.169.254"));
    assert!(handle(&deps, event).await.batch_item_failures.is_empty());
    let answers = answers(&sent);
    assert_eq!((answers[0].pages.len(), answers[0].gaps.as_slice()), (0, &[WebGap::NotAnAddress][..]));
}

#[tokio::test]
async fn what_is_no_question_and_an_answer_that_is_not_kept_come_again() {
    let (deps, sent) = street(true).await;
    let mut event = sample();
    event.records[0].body = Some(r#"{"type": "deal_hint", "portal": 1, "deal": "2"}"#.to_owned());
    assert_eq!(handle(&deps, event).await.batch_item_failures.len(), 1);
    assert_eq!(answers(&sent), []);
    let (deps, _) = street(false).await;
    assert_eq!(handle(&deps, sample()).await.batch_item_failures.len(), 1);
}
