//! A list as people export it: one line of names, then one account to a line.

use crate::spreadsheet::delimiter;
use handoff_domain::by_hand::{AccountForm, NewAccount};
use handoff_domain::form::FieldErrors;
use std::collections::HashMap;

/// Accounts that one list may make.
pub(super) const ROWS_MAX: usize = 200;

/// One account of the list.
#[derive(Debug)]
pub(super) struct Row {
    /// Its line in the list, from 1.
    pub(super) line: u64,
    pub(super) company: String,
    pub(super) ae: String,
    /// The account, or what must be mended.
    pub(super) read: Result<NewAccount, FieldErrors>,
}

/// Reads the list; or why none of it can be read, with the remedy.
pub(super) fn read(text: &str) -> Result<Vec<Row>, String> {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(&text))
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let names: Vec<String> = match reader.headers() {
        Ok(names) => names.iter().map(|name| name.to_lowercase().replace(' ', "_")).collect(),
        Err(_) => return Err("The first line cannot be read.".to_owned()),
    };
    check_names(&names)?;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| {
            let line = error.position().map_or(0, csv::Position::line);
            format!("Line {line} has another number of columns than the first. Put quotes around texts with commas.")
        })?;
        if rows.len() == ROWS_MAX {
            return Err(format!("The list has more than {ROWS_MAX} rows. Please split it."));
        }
        rows.push(row(&names, &record));
    }
    if rows.is_empty() {
        return Err("The list holds no row under the names of its columns.".to_owned());
    }
    name_repeats(&mut rows);
    Ok(rows)
}

fn check_names(names: &[String]) -> Result<(), String> {
    let unknown: Vec<&str> =
        names.iter().filter(|name| !AccountForm::default().set(name, "")).map(String::as_str).collect();
    if !unknown.is_empty() {
        return Err(format!("There is no column of this name: {}.", unknown.join(", ")));
    }
    match ["company", "ae"].into_iter().find(|needed| !names.iter().any(|name| name == needed)) {
        Some(missing) => Err(format!("The column {missing} is missing.")),
        None => Ok(()),
    }
}

fn row(names: &[String], record: &csv::StringRecord) -> Row {
    let mut form = AccountForm::default();
    for (name, text) in names.iter().zip(record) {
        form.set(name, text);
    }
    let line = record.position().map_or(0, csv::Position::line);
    Row { line, company: form.company.clone(), ae: form.ae.clone(), read: form.check() }
}

/// A row that says the same as one before it is a slip: its account could not be told from the other.
fn name_repeats(rows: &mut [Row]) {
    let mut seen: HashMap<String, u64> = HashMap::new();
    for row in rows {
        let Ok(new) = &row.read else { continue };
        let first = *seen.entry(format!("{new:?}")).or_insert(row.line);
        if first != row.line {
            let remedy = format!("The same as line {first}.");
            row.read = Err(FieldErrors::from([("row".to_owned(), remedy)]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_row_by_row_with_what_must_be_mended() {
        let text = "\u{feff}Company,AE,ARR,Close date,raw_payload\r\nAcme,ana@us.test,\"48,000 USD\",2026-11-20,\"Two\nlines\"\r\n,bo,x,,\r\n";
        let rows = read(text).unwrap();
        let acme = rows[0].read.as_ref().unwrap();
        assert_eq!((acme.account.company.as_str(), acme.raw_payload.as_str()), ("Acme", "Two\nlines"));
        let errors = rows[1].read.as_ref().unwrap_err();
        assert_eq!(errors.keys().collect::<Vec<_>>(), ["ae", "arr", "company"]);
        assert_eq!((rows[0].line, rows[1].line), (2, 4));
    }

    #[test]
    fn semicolons_part_columns_too_and_repeats_are_named() {
        let rows = read("company;ae\nAcme;ana@us.test\nAcme;ana@us.test\n").unwrap();
        assert!(rows[0].read.is_ok());
        assert_eq!(rows[1].read.as_ref().unwrap_err()["row"], "The same as line 2.");
    }

    #[test]
    fn what_is_no_list_says_why() {
        for (text, why) in [
            ("", "The column company is missing."),
            ("company,ae\n", "holds no row"),
            ("company\nAcme\n", "The column ae is missing."),
            ("company,ae,colour\nAcme,a@us.test,red\n", "no column of this name: colour"),
            ("company,ae\nAcme,a@us.test,more\n", "Line 2 has another number of columns"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(why), "{text:?}: {error}");
        }
        let long = format!("company,ae\n{}", "A,a@us.test\n".repeat(ROWS_MAX + 1));
        assert!(read(&long).unwrap_err().contains("more than"));
    }

    /// A target for fuzzing: a list of anything is rows or one sentence.
    #[test]
    fn fuzz_import() {
        bolero::check!().with_type::<String>().for_each(|text| {
            let head = "company,ae,name,email,roles\n";
            for text in [text.clone(), format!("{head}{text}")] {
                if let Err(why) = read(&text) {
                    assert!(!why.is_empty());
                }
            }
        });
    }
}
