//! The shapes of the current format, held against its golden items: whoever changes what an item holds, be it by one
//! field, must raise the format. Only so may a program trust that it can read whole what has its own number.

use super::everything;
use super::support::{GOLDEN, kind, text};
use aws_sdk_dynamodb::types::AttributeValue;
use handoff_store::format::CURRENT;
use handoff_testing::table::{Item, table};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::Path;

/// Maps whose keys are data: of answers, conflicts, promises, loads and turns, what was named and what was useful.
const KEYED_BY_IDS: [&str; 8] =
    ["answers", "settled", "dropped_promises", "loads", "turns", "named", "useful", "made"];

fn paths_of(value: &AttributeValue, path: &str, paths: &mut BTreeSet<String>) {
    match value {
        AttributeValue::M(map) => {
            for (name, value) in map {
                let by_id = KEYED_BY_IDS.iter().any(|one| path.ends_with(&format!(".{one}")))
                    && !path.ends_with(".submitted.answers");
                let name = if by_id { "*" } else { name };
                paths_of(value, &format!("{path}.{name}"), paths);
            }
        }
        AttributeValue::L(list) => list.iter().for_each(|value| paths_of(value, &format!("{path}[]"), paths)),
        AttributeValue::B(_) if path.rsplit('.').next() == Some("image") => {
            paths.insert(format!("{path}: image"));
        }
        AttributeValue::B(packed) => {
            let mut json = String::new();
            flate2::read::DeflateDecoder::new(packed.as_ref()).read_to_string(&mut json).unwrap();
            json_paths(&serde_json::from_str(&json).unwrap(), path, paths);
        }
        AttributeValue::N(_) => drop(paths.insert(format!("{path}: number"))),
        AttributeValue::Bool(_) => drop(paths.insert(format!("{path}: yes or no"))),
        AttributeValue::Ss(_) => drop(paths.insert(format!("{path}: set"))),
        _ => drop(paths.insert(format!("{path}: text"))),
    }
}

fn json_paths(value: &Value, path: &str, paths: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                json_paths(value, &format!("{path}.{name}"), paths);
            }
        }
        Value::Array(list) => list.iter().for_each(|value| json_paths(value, &format!("{path}[]"), paths)),
        Value::Number(_) => drop(paths.insert(format!("{path}: number"))),
        Value::Bool(_) => drop(paths.insert(format!("{path}: yes or no"))),
        Value::Null => {}
        Value::String(_) => drop(paths.insert(format!("{path}: text"))),
    }
}

fn shapes(items: &[Item]) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    for item in items {
        for (name, value) in item {
            paths_of(value, &format!("{}.{name}", kind(item).as_str()), &mut paths);
        }
    }
    paths
}

fn text_of(shapes: &BTreeSet<String>) -> String {
    shapes.iter().cloned().collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn what_an_item_holds_changes_only_with_the_number_of_the_format() {
    let written = shapes(&everything::write().await.items().await);
    let golden = table().await;
    let (number, items) = GOLDEN.last().unwrap();
    assert_eq!(*number, CURRENT, "the golden items of the current format are missing: formats/README.md");
    golden.load(items).await;
    let on_file = shapes(&golden.items().await);
    let (new, gone) = (&written - &on_file, &on_file - &written);
    assert!(
        new.is_empty() && gone.is_empty(),
        "items hold something else than format {CURRENT} does. If that format was released, raise format::CURRENT and \
         add a step (docs/adr/0014); then write the golden items anew (shared/store/tests/formats/README.md).\n\
         new:\n{}\ngone:\n{}",
        text_of(&new),
        text_of(&gone),
    );
}

/// Not a test but the command that writes the golden items of the current format.
#[tokio::test]
#[ignore = "writes files; see formats/README.md"]
async fn write_the_golden_items() {
    let mut items = everything::write().await.items().await;
    items.sort_by_key(|item| (text(item, "PK").to_owned(), text(item, "SK").to_owned()));
    let lines = items.into_iter().map(|item| {
        // By way of a value: its maps are sorted.
        let sorted: Value = serde_json::to_value(serde_dynamo::Item::from(item)).unwrap();
        sorted.to_string()
    });
    let lines = lines.collect::<Vec<_>>().join(",\n");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/formats/{CURRENT}"));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("table.json"), format!("[\n{lines}\n]\n")).unwrap();
}
