//! The data directory: made private, locked for one program, with the key of all links in it.

use crate::error::StartError;
use crate::options::DataDir;
use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

const LOCK_FILE: &str = "lock";
const KEY_FILE: &str = "link.key";

/// The directory, ours as long as this lives.
#[derive(Debug)]
pub(crate) struct Claimed {
    _lock: Option<File>,
    /// The key that links are derived under.
    pub(crate) link_key: String,
}

/// Makes the directory, takes its lock, reads or makes the link key.
pub(crate) fn claim(data_dir: &DataDir) -> Result<Claimed, StartError> {
    let DataDir::Path(path) = data_dir else { return Ok(Claimed { _lock: None, link_key: new_key()? }) };
    make_private(path).map_err(StartError::DataDir)?;
    let lock = File::create(path.join(LOCK_FILE)).map_err(StartError::DataDir)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(StartError::InUse),
        Err(TryLockError::Error(error)) => return Err(StartError::DataDir(error)),
    }
    Ok(Claimed { _lock: Some(lock), link_key: read_or_make_key(&path.join(KEY_FILE))? })
}

fn new_key() -> Result<String, StartError> {
    let mut bytes = [0_u8; 32];
    let random = ring::rand::SystemRandom::new();
    ring::rand::SecureRandom::fill(&random, &mut bytes)
        .map_err(|_| StartError::DataDir(std::io::Error::other("no randomness")))?;
    Ok(data_encoding::BASE64URL_NOPAD.encode(&bytes))
}

fn read_or_make_key(path: &Path) -> Result<String, StartError> {
    match std::fs::read_to_string(path) {
        Ok(key) if !key.trim().is_empty() => return Ok(key.trim().to_owned()),
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(StartError::DataDir(error)),
    }
    let key = new_key()?;
    // Whole or not at all: half a key would kill every link at the next start.
    let draft = path.with_extension("new");
    let write = || -> std::io::Result<()> {
        let mut file = private_file(&draft)?;
        file.write_all(key.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&draft, path)
    };
    write().map_err(StartError::DataDir)?;
    Ok(key)
}

#[cfg(unix)]
fn make_private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(not(unix))]
fn make_private(path: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(path)
}

#[cfg(unix)]
fn private_file(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    File::options().write(true).create(true).truncate(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn private_file(path: &Path) -> std::io::Result<File> {
    File::create(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_key_is_made_once_kept_private_and_the_directory_has_one_owner() {
        let path = std::env::temp_dir().join(format!("handoff-key-{}", uuid::Uuid::new_v4()));
        let data_dir = DataDir::Path(path.clone());
        let first = claim(&data_dir).unwrap();
        assert!(matches!(claim(&data_dir), Err(StartError::InUse)));
        let key = first.link_key.clone();
        drop(first);
        assert_eq!(claim(&data_dir).unwrap().link_key, key);
        assert!(key.len() >= 32);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(path.join(KEY_FILE)).unwrap().permissions().mode() & 0o777, 0o600);
        }
        std::fs::remove_dir_all(path).unwrap();
    }
}
