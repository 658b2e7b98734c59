//! The committed figures: a page of the documents holds them between markers.

use crate::EvaluationError;
use std::fs;
use std::path::{Path, PathBuf};

const END: &str = "<!-- end of figures -->";

/// The page that explains the figures and holds them.
pub fn document() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/evaluation.md")
}

/// Puts the figures of a drafter into its place of the page.
pub fn write(path: &Path, drafter: &str, figures: &str) -> Result<(), EvaluationError> {
    let failed = |source| EvaluationError::File { path: path.to_owned(), source };
    let page = fs::read_to_string(path).map_err(failed)?;
    let page = replace(&page, drafter, figures).ok_or_else(|| EvaluationError::NoMarkers(path.to_owned()))?;
    fs::write(path, page).map_err(failed)
}

/// The figures of a drafter that the page holds.
pub fn committed<'a>(page: &'a str, drafter: &str) -> Option<&'a str> {
    let (_, rest) = page.split_once(&start(drafter))?;
    rest.split_once(END).map(|(figures, _)| figures.trim())
}

fn replace(page: &str, drafter: &str, figures: &str) -> Option<String> {
    let start = start(drafter);
    let (before, rest) = page.split_once(&start)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{start}\n\n{}\n\n{END}{after}", figures.trim()))
}

fn start(drafter: &str) -> String {
    format!("<!-- figures: {drafter} -->")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_take_the_place_of_their_own_drafters_only() {
        let page = "a\n<!-- figures: one -->\nold\n<!-- end of figures -->\nb\n<!-- figures: two -->\nx\n<!-- end of figures -->\n";
        let new = replace(page, "two", "new").unwrap();
        assert_eq!(committed(&new, "one"), Some("old"));
        assert_eq!(committed(&new, "two"), Some("new"));
        assert_eq!(new.matches("x\n").count(), 0);
        assert_eq!(replace(page, "three", "new"), None);
    }
}
