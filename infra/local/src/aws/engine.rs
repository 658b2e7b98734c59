//! Opens dynoxide with what it lacks for a table of many items: an index over its stream's records, which it reads with
//! every write to find the next sequence number.

use crate::aws::dynamodb::TableError;
use crate::options::DataDir;
use dynoxide::Database;
use rusqlite::Connection;

/// As dynoxide asks for them. Its own key is text, which these numbers cannot use.
const STREAM_INDEX: &str = "CREATE INDEX IF NOT EXISTS stream_records_in_order
    ON _stream_records (table_name, CAST(sequence_number AS INTEGER))";

/// The file `table.db` of the data directory, or memory that ends with the last connection to it.
pub(super) fn open(data_dir: &DataDir) -> Result<Database, TableError> {
    let path = match data_dir {
        DataDir::Memory => format!("file:{}?mode=memory&cache=shared", uuid::Uuid::new_v4()),
        DataDir::Path(path) => path.join("table.db").to_string_lossy().into_owned(),
    };
    let database = Database::new(&path).map_err(TableError::Engine)?;
    // Leaves SQLite at synchronous=NORMAL: twenty times the writes a second, and still nothing is lost when the process
    // dies.
    database.enable_bulk_loading().map_err(TableError::Engine)?;
    database.disable_bulk_loading().map_err(TableError::Engine)?;
    Connection::open(&path)
        .and_then(|connection| connection.execute_batch(STREAM_INDEX))
        .map_err(TableError::Index)?;
    Ok(database)
}
