//! Lists of spreadsheets: pasted, or sent as a file.

use handoff_web::form::Form;
use std::borrow::Cow;

/// The field of a file; a chosen one counts before what is pasted.
pub(crate) const FILE: &str = "file";

/// The list that was sent: the file, else the text of `field`.
pub(crate) fn sent<'a>(form: &'a Form, field: &str) -> Cow<'a, str> {
    match form.file(FILE) {
        Some(file) => Cow::Owned(file.text()),
        None => Cow::Borrowed(form.last(field).unwrap_or_default()),
    }
}

/// What parts the cells: spreadsheets of many countries write semicolons, and what is copied out of one has tabs.
pub(crate) fn delimiter(list: &str) -> u8 {
    let first = list.lines().next().unwrap_or_default();
    match (first.contains(','), first.contains(';'), first.contains('\t')) {
        (_, _, true) => b'\t',
        (false, true, _) => b';',
        _ => b',',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_tells_what_parts_the_cells() {
        let told = ["name,email\na;b", "name;email\na,b", "name\temail", "name", ""].map(delimiter);
        assert_eq!(told, [b',', b';', b'\t', b',', b',']);
    }
}
