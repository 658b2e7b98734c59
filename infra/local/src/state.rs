//! What the stand-ins for AWS keep beside the table: queues, mails, the clock's lead, small settings.
//!
//! One SQLite file in WAL mode: what is committed survives `kill -9` (only a power cut could take the last moments).

use crate::options::DataDir;
use rusqlite::{Connection, OptionalExtension as _, params};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

const SCHEMA: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS messages (
        row INTEGER PRIMARY KEY AUTOINCREMENT,
        queue TEXT NOT NULL,
        id TEXT NOT NULL,
        body TEXT NOT NULL,
        sent_ms INTEGER NOT NULL,
        visible_ms INTEGER NOT NULL,
        in_flight INTEGER NOT NULL DEFAULT 0,
        received INTEGER NOT NULL DEFAULT 0,
        first_received_ms INTEGER,
        dead INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX IF NOT EXISTS messages_by_queue ON messages (queue, dead, visible_ms);
    CREATE TABLE IF NOT EXISTS mails (position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, mail TEXT NOT NULL);
";

/// The state could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("the local state cannot be read or written")]
pub struct StateError(#[from] rusqlite::Error);

/// The one connection, shared. Calls take well under a millisecond, so they are made where they are needed.
#[derive(Debug, Clone)]
pub struct State(Arc<Mutex<Connection>>);

impl State {
    /// Opens the file `local.db` of the data directory, or memory.
    pub fn open(data_dir: &DataDir) -> Result<Self, StateError> {
        let connection = match data_dir {
            DataDir::Memory => Connection::open_in_memory()?,
            DataDir::Path(path) => Connection::open(path.join("local.db"))?,
        };
        connection.execute_batch(SCHEMA)?;
        Ok(Self(Arc::new(Mutex::new(connection))))
    }

    /// The connection; nobody else has it meanwhile.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A small value by name.
    pub fn get(&self, name: &str) -> Result<Option<String>, StateError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached("SELECT value FROM settings WHERE name = ?1")?;
        Ok(statement.query_row(params![name], |row| row.get(0)).optional()?)
    }

    /// Sets a small value.
    pub fn set(&self, name: &str, value: &str) -> Result<(), StateError> {
        let sql =
            "INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2";
        self.lock().prepare_cached(sql)?.execute(params![name, value])?;
        Ok(())
    }
}
