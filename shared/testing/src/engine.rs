//! Opens dynoxide with what it lacks for a table of many items: an index over its stream's records, which it looks
//! through with every write to find the next sequence number.

use dynoxide::Database;
use rusqlite::Connection;
use std::path::Path;

/// As dynoxide asks for them. Its own key is text, which these numbers cannot use.
const STREAM_INDEX: &str = "CREATE INDEX IF NOT EXISTS stream_records_in_order
    ON _stream_records (table_name, CAST(sequence_number AS INTEGER))";

/// The engine does not start.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// dynoxide says no.
    #[error("the embedded table does not open")]
    Open(#[from] dynoxide::DynoxideError),
    /// SQLite does.
    #[error("the embedded table takes no index")]
    Index(#[from] rusqlite::Error),
}

/// A database in a file, or in memory that ends with the last connection to it. SQLite is left at synchronous=NORMAL:
/// twenty times the writes a second, and still nothing is lost when the process dies.
pub fn open(file: Option<&Path>) -> Result<Database, EngineError> {
    let path = match file {
        Some(file) => file.to_string_lossy().into_owned(),
        None => format!("file:{}?mode=memory&cache=shared", uuid::Uuid::new_v4()),
    };
    let database = Database::new(&path)?;
    database.enable_bulk_loading()?;
    database.disable_bulk_loading()?;
    Connection::open(&path)?.execute_batch(STREAM_INDEX)?;
    Ok(database)
}
