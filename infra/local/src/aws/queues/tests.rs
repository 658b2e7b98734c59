use super::*;
use crate::clock::MovableClock;
use crate::options::DataDir;

struct Street {
    clock: MovableClock,
    faults: Faults,
    state: State,
}

impl Street {
    fn new() -> Self {
        let state = State::open(&DataDir::Memory).unwrap();
        Self { clock: MovableClock::open(&state).unwrap(), faults: Faults::default(), state }
    }

    fn queues(&self) -> Queues {
        Queues::open(&self.state, &self.clock.clock(), &self.faults).unwrap()
    }
}

fn intake(queues: &Queues) -> QueueCount {
    queues.counts().unwrap().remove(0)
}

#[test]
fn a_received_message_is_hidden_until_its_visibility_ends_by_the_movable_clock() {
    let street = Street::new();
    let queues = street.queues();
    queues.send(QueueName::Intake, &["one"]).unwrap();
    assert_eq!(queues.receive(QueueName::Intake).unwrap().len(), 1);
    assert!(queues.receive(QueueName::Intake).unwrap().is_empty());
    assert_eq!(intake(&queues).in_flight, 1);
    street.clock.advance(1801).unwrap();
    let again = queues.receive(QueueName::Intake).unwrap();
    assert_eq!((again[0].body.as_str(), again[0].count), ("one", 2));
}

#[test]
fn a_message_that_is_received_too_often_is_dead_and_can_be_put_back() {
    let street = Street::new();
    let queues = street.queues();
    queues.send(QueueName::Intake, &["poison"]).unwrap();
    for count in 1..=RECEIVES_MAX {
        let batch = queues.receive(QueueName::Intake).unwrap();
        assert_eq!(batch[0].count, count);
        queues.give_back(&batch[0], Duration::ZERO, true).unwrap();
    }
    assert!(queues.receive(QueueName::Intake).unwrap().is_empty());
    assert_eq!(intake(&queues), QueueCount { name: "intake", waiting: 0, in_flight: 0, dead: 1 });
    assert_eq!(queues.redrive(None).unwrap(), 1);
    assert_eq!(queues.receive(QueueName::Intake).unwrap().len(), 1);
}

#[test]
fn what_was_in_flight_when_the_program_died_is_there_again() {
    let street = Street::new();
    let queues = street.queues();
    queues.send(QueueName::Drafting, &["a", "b"]).unwrap();
    assert_eq!(queues.receive(QueueName::Drafting).unwrap().len(), 1, "drafting takes one at a time");
    let reopened = street.queues();
    assert_eq!(reopened.receive(QueueName::Drafting).unwrap()[0].body, "a");
    assert_eq!(reopened.receive(QueueName::Drafting).unwrap()[0].body, "b");
}

#[test]
fn a_duplicate_fault_delivers_the_same_message_id_twice() {
    let street = Street::new();
    let queues = street.queues();
    street.faults.replace(serde_json::from_str(r#"[{"service": "sqs", "mode": "duplicate"}]"#).unwrap());
    queues.send(QueueName::Intake, &["x"]).unwrap();
    let [once, twice] = [(); 2].map(|()| queues.receive(QueueName::Intake).unwrap().remove(0));
    assert_eq!(once.id, twice.id);
}

#[test]
fn a_message_comes_back_when_the_function_asked_and_only_for_its_own_receive() {
    let street = Street::new();
    let queues = street.queues();
    queues.send(QueueName::Intake, &["one"]).unwrap();
    let first = queues.receive(QueueName::Intake).unwrap().remove(0);
    let (row, count) = parse_receipt(&first.receipt()).unwrap();
    assert!(queues.hide(QueueName::Intake, row, count, Duration::from_secs(10)).unwrap());
    assert!(!queues.hide(QueueName::Drafting, row, count, Duration::from_secs(10)).unwrap());
    queues.give_back(&first, Duration::ZERO, true).unwrap();
    assert!(queues.receive(QueueName::Intake).unwrap().is_empty());
    street.clock.advance(10).unwrap();
    let second = queues.receive(QueueName::Intake).unwrap().remove(0);
    assert_eq!(second.count, 2);
    assert!(!queues.hide(QueueName::Intake, row, count, Duration::from_secs(10)).unwrap(), "an old receipt");
    queues.give_back(&second, Duration::ZERO, true).unwrap();
    assert_eq!(queues.receive(QueueName::Intake).unwrap().len(), 1, "nobody asked");
}
