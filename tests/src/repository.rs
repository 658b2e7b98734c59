//! The repository on disk: its root, its folders, its files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The folder that holds the workspace's `Cargo.toml`.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// Names of the folders directly inside `path`, which is relative to the root.
pub fn folders(path: &str) -> io::Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(root().join(path))? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            names.insert(entry.file_name().to_string_lossy().into_owned());
        }
    }
    Ok(names)
}

/// Files under `path`, at any depth, whose names end in `suffix`; what is built or fetched is left out.
pub fn files(path: &Path, suffix: &str) -> io::Result<Vec<PathBuf>> {
    const NOT_OURS: [&str; 5] = ["target", "node_modules", ".git", ".tools", ".aws-sam"];
    let mut found = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_dir() {
            if !NOT_OURS.contains(&name.as_str()) {
                found.extend(files(&entry.path(), suffix)?);
            }
        } else if name.ends_with(suffix) {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// Lines of Rust before the file's inline tests.
pub fn without_tests(source: &str) -> impl Iterator<Item = &str> {
    source.lines().take_while(|line| line.trim_start() != "#[cfg(test)]")
}
