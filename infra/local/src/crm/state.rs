//! The file that remembers changes: replaced whole, so that a killed process leaves the old or the new one, never half.

use super::CrmError;
use super::data::Changes;
use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::PathBuf;

/// Where changes are kept.
#[derive(Debug)]
pub(super) struct StateFile {
    path: PathBuf,
}

impl StateFile {
    /// A file that need not exist yet.
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// What was written before; `None` on the first start.
    pub(super) fn read(&self) -> Result<Option<Changes>, CrmError> {
        match fs::read(&self.path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(CrmError::State),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(CrmError::File(error)),
        }
    }

    /// Replaces the file; when this returns, the changes are on the disk.
    pub(super) fn write(&self, changes: &Changes) -> Result<(), CrmError> {
        let bytes = serde_json::to_vec_pretty(changes).map_err(CrmError::State)?;
        self.replace(&bytes).map_err(CrmError::File)
    }

    fn replace(&self, bytes: &[u8]) -> std::io::Result<()> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder {
            fs::create_dir_all(folder)?;
        }
        let beside = self.path.with_extension("new");
        let mut file = File::create(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, &self.path)?;
        // The rename itself lasts only when the folder's entry does.
        File::open(folder.unwrap_or_else(|| ".".as_ref()))?.sync_all()
    }
}
