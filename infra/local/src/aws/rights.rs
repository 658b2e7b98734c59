//! Which rights the calls needed, by the function that made them: what the roles of the template must allow, and no more.
//!
//! Each function signs with an access key that names it, so a call tells whose it is. A transaction needs the rights of its parts.

use crate::aws::faults::Service;
use crate::aws::queues::DEAD;
use http::{HeaderMap, header};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// How an access key of the local run begins; the function's name follows.
pub(crate) const ACCESS_KEY: &str = "local-";

/// One right: an action of IAM, and on what.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Right {
    /// For example `dynamodb:Query`.
    pub action: String,
    /// `table`, `index/<name>`, the name of a queue, `mail` or `model`.
    pub on: String,
}

/// Rights by function.
pub type Rights = BTreeMap<String, BTreeSet<Right>>;

/// The function that signed a call; `None` where somebody else did.
pub(crate) fn caller(headers: &HeaderMap) -> Option<String> {
    let signed = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (_, credential) = signed.split_once("Credential=")?;
    Some(credential.split('/').next()?.strip_prefix(ACCESS_KEY)?.to_owned())
}

/// What a call needs.
pub(crate) fn needed(service: Service, operation: &str, body: &Value) -> Vec<Right> {
    let right = |action: &str, on: &str| Right { action: action.to_owned(), on: on.to_owned() };
    match service {
        Service::DynamoDb => match operation {
            "TransactWriteItems" => {
                let parts = body["TransactItems"].as_array().into_iter().flatten();
                let kinds = parts.filter_map(|part| part.as_object()?.keys().next());
                kinds
                    .map(|kind| right(&format!("dynamodb:{}Item", kind.trim_end_matches("Check")), "table"))
                    .collect()
            }
            _ => {
                let on = body["IndexName"]
                    .as_str()
                    .map_or_else(|| "table".to_owned(), |index| format!("index/{index}"));
                vec![right(&format!("dynamodb:{operation}"), &on)]
            }
        },
        Service::Sqs if operation == "StartMessageMoveTask" => {
            let dead = body["SourceArn"].as_str().and_then(|arn| arn.rsplit(':').next()).unwrap_or_default();
            let mut rights = vec![right("sqs:SendMessage", dead.trim_end_matches(DEAD))];
            let actions = ["DeleteMessage", "GetQueueAttributes", "ReceiveMessage", "StartMessageMoveTask"];
            rights.extend(actions.map(|action| right(&format!("sqs:{action}"), dead)));
            rights
        }
        Service::Sqs => {
            let queue = body["QueueUrl"].as_str().and_then(|url| url.rsplit('/').next()).unwrap_or_default();
            vec![right(&format!("sqs:{}", operation.trim_end_matches("Batch")), queue)]
        }
        Service::Ses => vec![right("ses:SendEmail", "mail")],
        Service::Bedrock => vec![right("bedrock:InvokeModel", "model")],
        Service::HubSpot | Service::Websites | Service::Receivers => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_transaction_needs_what_its_parts_need() {
        let body = json!({"TransactItems": [{"Put": {}}, {"Update": {}}, {"Put": {}}, {"Delete": {}}]});
        let needed = needed(Service::DynamoDb, "TransactWriteItems", &body);
        let actions: BTreeSet<&str> = needed.iter().map(|right| right.action.as_str()).collect();
        assert_eq!(
            actions,
            BTreeSet::from(["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"])
        );
    }

    #[test]
    fn a_call_is_told_by_who_signed_it() {
        let mut headers = HeaderMap::new();
        assert_eq!(caller(&headers), None);
        let signed = "AWS4-HMAC-SHA256 Credential=local-console/20261123/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=x";
        headers.insert(header::AUTHORIZATION, signed.parse().unwrap());
        assert_eq!(caller(&headers).as_deref(), Some("console"));
        headers.insert(header::AUTHORIZATION, signed.replace("local-", "AKIA").parse().unwrap());
        assert_eq!(caller(&headers), None);
    }
}
