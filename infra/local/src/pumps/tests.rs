use super::queue::QueuePump;
use super::stream::StreamPump;
use super::*;
use crate::aws::dynamodb::{TABLE_NAME, Table};
use crate::aws::faults::Faults;
use crate::aws::queues::{QueueName, Queues};
use crate::clock::MovableClock;
use crate::options::DataDir;
use crate::serve::Stop;
use crate::state::State;
use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use aws_lambda_events::event::streams::DynamoDbEventResponse;
use serde_json::json;
use std::sync::{Arc, Mutex};

fn queues() -> Queues {
    let state = State::open(&DataDir::Memory).unwrap();
    let clock = MovableClock::open(&state).unwrap().clock();
    Queues::open(&state, &clock, &Faults::default()).unwrap()
}

fn pump(queues: &Queues) -> QueuePump {
    let timeout = Duration::from_secs(5);
    QueuePump {
        queues: queues.clone(),
        faults: Faults::default(),
        queue: QueueName::Intake,
        function: "test",
        timeout,
        pace: Pace::FAST,
    }
}

async fn until(mut done: impl FnMut() -> bool) {
    for _ in 0..500 {
        if done() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("waited in vain");
}

#[tokio::test]
async fn only_what_failed_comes_again_and_a_panic_is_a_failure_of_all() {
    let queues = queues();
    queues.send(QueueName::Intake, &["good", "bad", "worse"]).unwrap();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let notes = seen.clone();
    let handle = move |event: SqsEvent| {
        let notes = notes.clone();
        async move {
            let mut response = SqsBatchResponse::default();
            for record in event.records {
                let body = record.body.unwrap_or_default();
                let first = record.attributes["ApproximateReceiveCount"] == "1";
                notes.lock().unwrap().push(body.clone());
                assert!(body != "worse" || first, "a poison message");
                if body != "good" && first {
                    response.add_failure(record.message_id.unwrap_or_default());
                }
            }
            response
        }
    };
    let (stop, stopped) = Stop::new();
    let task = tokio::spawn(Consumer::of_queue(pump(&queues), 1, handle).run(stopped));
    until(|| queues.counts().unwrap()[0].dead >= 1).await;
    assert_eq!(seen.lock().unwrap().iter().filter(|body| *body == "good").count(), 1);
    assert_eq!(seen.lock().unwrap().iter().filter(|body| *body == "worse").count(), 8);
    stop.send(true).unwrap();
    task.await.unwrap();
}

#[tokio::test]
async fn the_stream_goes_on_from_its_checkpoint_and_leaves_what_keeps_failing() {
    let state = State::open(&DataDir::Memory).unwrap();
    let table = Table::open(&DataDir::Memory).unwrap();
    for key in ["a", "poison", "b"] {
        let put = json!({"TableName": TABLE_NAME, "Item": {"PK": {"S": key}, "SK": {"S": "x"}}});
        table.database().put_item(serde_json::from_value(put).unwrap()).unwrap();
    }
    let stream = StreamPump {
        table: table.clone(),
        state: state.clone(),
        faults: Faults::default(),
        checkpoint: "checkpoint",
        function: "test",
        timeout: Duration::from_secs(5),
        pace: Pace::FAST,
        trouble: Mutex::default(),
    };
    let seen = Arc::new(Mutex::new(Vec::new()));
    let notes = seen.clone();
    let handle = move |event: aws_lambda_events::event::dynamodb::Event| {
        let notes = notes.clone();
        async move {
            let mut response = json!({"batchItemFailures": []});
            for record in event.records {
                let key = serde_json::to_value(&record.change.keys).unwrap()["PK"]["S"]
                    .as_str()
                    .unwrap()
                    .to_owned();
                notes.lock().unwrap().push(key.clone());
                if key == "poison" {
                    let id = record.change.sequence_number.clone();
                    response = json!({"batchItemFailures": [{"itemIdentifier": id}]});
                    break;
                }
            }
            serde_json::from_value::<DynamoDbEventResponse>(response).unwrap()
        }
    };
    let (stop, stopped) = Stop::new();
    let task = tokio::spawn(Consumer::of_stream(stream, handle).run(stopped));
    until(|| seen.lock().unwrap().contains(&"b".to_owned())).await;
    stop.send(true).unwrap();
    task.await.unwrap();
    let count = |key: &str| seen.lock().unwrap().iter().filter(|seen| *seen == key).count();
    assert_eq!((count("a"), count("poison"), count("b")), (1, 4, 1));
}
