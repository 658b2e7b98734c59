//! Items: plain attributes where the table must look inside, compressed JSON where it must not.

use crate::error::StoreError;
use crate::format;
use crate::keys::{Key, Kind};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::io::{Read as _, Write as _};

pub(crate) type Item = HashMap<String, AttributeValue>;

/// The attribute that holds a compressed value.
pub(crate) const BODY: &str = "body";

/// Largest value that is unpacked, in bytes: what a 400 KB item could hold of the most repetitive text that we write.
const UNPACKED_MAX_BYTES: u64 = 64 * 1024 * 1024;

/// `value` as attributes, without those that are null.
pub(crate) fn to_item<T: Serialize>(kind: Kind, key: &Key, value: &T) -> Result<Item, StoreError> {
    let mut item: Item =
        serde_dynamo::to_item(value).map_err(|error| StoreError::shape(kind.as_str())(error.into()))?;
    strip_nulls(&mut item);
    format::stamp(&mut item);
    item.extend(key.attributes());
    Ok(item)
}

/// `value` as one attribute, without nulls inside.
pub(crate) fn to_attribute<T: Serialize>(
    what: &'static str,
    value: &T,
) -> Result<AttributeValue, StoreError> {
    let mut attribute =
        serde_dynamo::to_attribute_value(value).map_err(|error| StoreError::shape(what)(error.into()))?;
    if let AttributeValue::M(map) = &mut attribute {
        strip_nulls(map);
    }
    Ok(attribute)
}

fn strip_nulls(item: &mut Item) {
    item.retain(|_, value| !matches!(value, AttributeValue::Null(_)));
    for value in item.values_mut() {
        match value {
            AttributeValue::M(map) => strip_nulls(map),
            AttributeValue::L(list) => list.iter_mut().for_each(|entry| {
                if let AttributeValue::M(map) = entry {
                    strip_nulls(map);
                }
            }),
            _ => {}
        }
    }
}

/// An item of any format that is known, as a `T`. The format, the index's keys and the like are passed over.
pub(crate) fn from_item<T: DeserializeOwned>(kind: Kind, item: Item) -> Result<T, StoreError> {
    let item = format::upgrade(kind, item)?;
    serde_dynamo::from_item(item).map_err(|error| StoreError::shape(kind.as_str())(error.into()))
}

/// `value` as compressed JSON in an item of its own.
pub(crate) fn packed_item<T: Serialize>(kind: Kind, key: &Key, value: &T) -> Result<Item, StoreError> {
    let mut item = key.attributes();
    format::stamp(&mut item);
    item.insert(BODY.to_owned(), AttributeValue::B(Blob::new(pack(kind.as_str(), value)?)));
    Ok(item)
}

/// The value of an item of any format that is known and that [`packed_item`] made.
pub(crate) fn unpack_item<T: DeserializeOwned>(kind: Kind, item: Item) -> Result<T, StoreError> {
    match format::upgrade(kind, item)?.get(BODY) {
        Some(AttributeValue::B(blob)) => unpack(kind.as_str(), blob.as_ref()),
        _ => Err(StoreError::shape(kind.as_str())("no body".into())),
    }
}

/// JSON, deflated.
pub(crate) fn pack<T: Serialize>(what: &'static str, value: &T) -> Result<Vec<u8>, StoreError> {
    let json = serde_json::to_vec(value).map_err(|error| StoreError::shape(what)(error.into()))?;
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    let packed = encoder.write_all(&json).and_then(|()| encoder.finish());
    packed.map_err(|error| StoreError::shape(what)(error.into()))
}

/// Reads what [`pack`] wrote.
pub(crate) fn unpack<T: DeserializeOwned>(what: &'static str, packed: &[u8]) -> Result<T, StoreError> {
    let mut json = Vec::new();
    let read = DeflateDecoder::new(packed).take(UNPACKED_MAX_BYTES).read_to_end(&mut json);
    read.map_err(|error| StoreError::shape(what)(error.into()))?;
    serde_json::from_slice(&json).map_err(|error| StoreError::shape(what)(error.into()))
}
