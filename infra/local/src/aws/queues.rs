//! The queues' state: visibility by the movable clock, receive counts, redelivery, dead letters. Every change is
//! committed before it is acknowledged.

use crate::aws::faults::{Faults, Service};
use crate::state::{State, StateError};
use handoff_runtime::Clock;
use rusqlite::{Connection, params};
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// Receives after which a message is dead (`maxReceiveCount` of every queue, as in the template).
pub const RECEIVES_MAX: u32 = 8;

/// How the name of a dead letters' queue ends.
pub(crate) const DEAD: &str = "-dead";

/// The queues there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueueName {
    /// HubSpot's deliveries.
    Intake,
    /// Deals to draft, one by one.
    Drafting,
    /// Websites to read.
    Research,
    /// What was read of them.
    Researched,
    /// What SES tells.
    MailEvents,
}

impl QueueName {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Intake, Self::Drafting, Self::Research, Self::Researched, Self::MailEvents];

    /// The last part of its URL.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Drafting => "drafting",
            Self::Research => "research",
            Self::Researched => "researched",
            Self::MailEvents => "mail-events",
        }
    }

    /// The queue whose dead letters this URL or ARN names.
    pub(crate) fn of_dead(text: &str) -> Option<Self> {
        let name = text.rsplit(['/', ':']).next()?.strip_suffix(DEAD)?;
        Self::ALL.into_iter().find(|queue| queue.as_str() == name)
    }

    /// How long a message waits before it is first seen, in milliseconds: SES tells what it sent a moment after its
    /// answer, when the sender has noted that.
    fn delay_ms(self) -> i64 {
        if self == Self::MailEvents { 1000 } else { 0 }
    }

    /// The queue that a URL ends with.
    pub fn from_url(url: &str) -> Option<Self> {
        let name = url.rsplit('/').next()?;
        Self::ALL.into_iter().find(|queue| queue.as_str() == name)
    }

    /// Messages handed to one invocation at most, as in the template.
    pub fn batch_size(self) -> u32 {
        if self == Self::MailEvents { 10 } else { 1 }
    }

    /// How long a received message stays hidden, as in the template.
    pub fn visibility(self) -> Duration {
        Duration::from_secs(match self {
            Self::MailEvents => 180,
            Self::Research => 270,
            Self::Intake | Self::Drafting | Self::Researched => 1800,
        })
    }
}

/// A message that a pump holds.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) row: i64,
    pub(crate) id: String,
    pub(crate) body: String,
    pub(crate) sent_ms: i64,
    pub(crate) first_received_ms: i64,
    pub(crate) hidden_until_ms: i64,
    pub(crate) count: u32,
}

impl Received {
    /// What names this receive of the message to SQS.
    pub(crate) fn receipt(&self) -> String {
        format!("{}-{}", self.row, self.count)
    }
}

/// The row and the receive that a receipt names.
pub(crate) fn parse_receipt(text: &str) -> Option<(i64, u32)> {
    let (row, count) = text.split_once('-')?;
    Some((row.parse().ok()?, count.parse().ok()?))
}

/// How full one queue is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QueueCount {
    /// Which.
    pub name: &'static str,
    /// Messages that can be received now or later.
    pub waiting: u64,
    /// Messages that a function holds.
    pub in_flight: u64,
    /// Dead letters.
    pub dead: u64,
}

/// All queues.
#[derive(Debug, Clone)]
pub struct Queues {
    state: State,
    clock: Clock,
    faults: Faults,
    wake: Arc<Notify>,
}

impl Queues {
    /// The queues as they were left. What was in flight is visible again: whoever held it is gone.
    pub fn open(state: &State, clock: &Clock, faults: &Faults) -> Result<Self, StateError> {
        state.lock().execute("UPDATE messages SET in_flight = 0, visible_ms = 0 WHERE in_flight = 1", [])?;
        Ok(Self {
            state: state.clone(),
            clock: clock.clone(),
            faults: faults.clone(),
            wake: Arc::new(Notify::new()),
        })
    }

    fn now_ms(&self) -> i64 {
        self.clock.now().as_millisecond()
    }

    /// Keeps messages, all or none, and answers with their ids.
    pub fn send(&self, queue: QueueName, bodies: &[&str]) -> Result<Vec<String>, StateError> {
        self.send_after(queue, bodies, Duration::ZERO)
    }

    /// The same for messages that are seen only after `delay`.
    pub(crate) fn send_after(
        &self,
        queue: QueueName,
        bodies: &[&str],
        delay: Duration,
    ) -> Result<Vec<String>, StateError> {
        let mut connection = self.state.lock();
        let transaction = connection.transaction()?;
        let ids = self.insert(&transaction, queue, bodies, delay)?;
        transaction.commit()?;
        self.wake.notify_waiters();
        Ok(ids)
    }

    /// The same within somebody else's transaction; that one calls [`Queues::wake`] when it is committed.
    pub(crate) fn insert(
        &self,
        connection: &Connection,
        queue: QueueName,
        bodies: &[&str],
        delay: Duration,
    ) -> Result<Vec<String>, StateError> {
        let sql = "INSERT INTO messages (queue, id, body, sent_ms, visible_ms) VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut insert = connection.prepare_cached(sql)?;
        let mut ids = Vec::new();
        for body in bodies {
            let id = uuid::Uuid::new_v4().to_string();
            let copies = if self.faults.duplicates(Service::Sqs) { 2 } else { 1 };
            for _ in 0..copies {
                let now = self.now_ms();
                let visible = self.after_ms(delay).saturating_add(queue.delay_ms());
                insert.execute(params![queue.as_str(), id, body, now, visible])?;
            }
            ids.push(id);
        }
        Ok(ids)
    }

    /// Tells the pumps that there may be something to do.
    pub(crate) fn wake(&self) {
        self.wake.notify_waiters();
    }

    /// Returns when something may have come, or after `at_most`.
    pub(crate) async fn wait(&self, at_most: Duration) {
        let _ = tokio::time::timeout(at_most, self.wake.notified()).await;
    }

    /// Takes up to a batch of visible messages and hides them. A message that was received too often is dead instead.
    pub(crate) fn receive(&self, queue: QueueName) -> Result<Vec<Received>, StateError> {
        let now = self.now_ms();
        let mut connection = self.state.lock();
        let transaction = connection.transaction()?;
        transaction
            .prepare_cached(
                "UPDATE messages SET dead = 1, in_flight = 0
                 WHERE queue = ?1 AND dead = 0 AND visible_ms <= ?2 AND received >= ?3",
            )?
            .execute(params![queue.as_str(), now, RECEIVES_MAX])?;
        let hidden_until =
            now.saturating_add(i64::try_from(queue.visibility().as_millis()).unwrap_or(i64::MAX));
        let batch = {
            let sql = "UPDATE messages
                 SET in_flight = 1, received = received + 1, visible_ms = ?3,
                     first_received_ms = coalesce(first_received_ms, ?2)
                 WHERE row IN (SELECT row FROM messages WHERE queue = ?1 AND dead = 0 AND visible_ms <= ?2
                               ORDER BY visible_ms, row LIMIT ?4)
                 RETURNING row, id, body, sent_ms, first_received_ms, received";
            let mut take = transaction.prepare_cached(sql)?;
            let rows =
                take.query_map(params![queue.as_str(), now, hidden_until, queue.batch_size()], |row| {
                    Ok(Received {
                        row: row.get(0)?,
                        id: row.get(1)?,
                        body: row.get(2)?,
                        sent_ms: row.get(3)?,
                        first_received_ms: row.get(4)?,
                        hidden_until_ms: hidden_until,
                        count: row.get(5)?,
                    })
                })?;
            let mut batch = rows.collect::<Result<Vec<_>, _>>()?;
            batch.sort_by_key(|message| message.row);
            batch
        };
        transaction.commit()?;
        Ok(batch)
    }

    /// Forgets a message that is done.
    pub(crate) fn delete(&self, row: i64) -> Result<(), StateError> {
        self.state.lock().prepare_cached("DELETE FROM messages WHERE row = ?1")?.execute(params![row])?;
        Ok(())
    }

    /// Makes a message that is in flight visible after `delay`; `false` when it is not, or was received again since.
    pub(crate) fn hide(
        &self,
        queue: QueueName,
        row: i64,
        count: u32,
        delay: Duration,
    ) -> Result<bool, StateError> {
        let sql = "UPDATE messages SET visible_ms = ?4
                   WHERE row = ?1 AND queue = ?2 AND received = ?3 AND in_flight = 1";
        let connection = self.state.lock();
        let hidden = connection.prepare_cached(sql)?.execute(params![
            row,
            queue.as_str(),
            count,
            self.after_ms(delay)
        ])?;
        Ok(hidden == 1)
    }

    fn after_ms(&self, delay: Duration) -> i64 {
        self.now_ms().saturating_add(i64::try_from(delay.as_millis()).unwrap_or(i64::MAX))
    }

    /// Makes a message visible again after `delay`, or, with `as_asked`, when the function asked for. AWS would wait for
    /// its visibility to end where nobody asked; nobody here wants to.
    pub(crate) fn give_back(
        &self,
        message: &Received,
        delay: Duration,
        as_asked: bool,
    ) -> Result<(), StateError> {
        let sql = "UPDATE messages SET in_flight = 0,
                       visible_ms = CASE WHEN ?3 AND visible_ms <> ?4 THEN visible_ms ELSE ?2 END WHERE row = ?1";
        let values = params![message.row, self.after_ms(delay), as_asked, message.hidden_until_ms];
        self.state.lock().prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// Puts every dead letter back into its queue, or those of one queue, as a redrive on AWS would; answers with how many.
    pub fn redrive(&self, queue: Option<QueueName>) -> Result<usize, StateError> {
        let sql = "UPDATE messages SET dead = 0, received = 0, visible_ms = 0
                   WHERE dead = 1 AND (?1 IS NULL OR queue = ?1)";
        let moved = self.state.lock().execute(sql, params![queue.map(QueueName::as_str)])?;
        self.wake();
        Ok(moved)
    }

    /// How full each queue is.
    pub fn counts(&self) -> Result<Vec<QueueCount>, StateError> {
        let connection = self.state.lock();
        let sql = "SELECT coalesce(sum(dead = 0 AND in_flight = 0), 0), coalesce(sum(dead = 0 AND in_flight = 1), 0),
                          coalesce(sum(dead), 0) FROM messages WHERE queue = ?1";
        let mut count = connection.prepare_cached(sql)?;
        let mut counts = Vec::new();
        for queue in QueueName::ALL {
            counts.push(count.query_row(params![queue.as_str()], |row| {
                Ok(QueueCount {
                    name: queue.as_str(),
                    waiting: row.get(0)?,
                    in_flight: row.get(1)?,
                    dead: row.get(2)?,
                })
            })?);
        }
        Ok(counts)
    }
}

#[cfg(test)]
mod tests;
