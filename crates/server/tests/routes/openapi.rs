//! The whole contract as one document, kept where the web UI takes its types from. After a wanted change: `UPDATE_EXPECT=1 cargo test -p walletline
//! --test routes openapi`.

use crate::harness::Hotline;
use expect_test::expect_file;
use serde_json::Value;
use std::collections::BTreeSet;

const METHODS: [&str; 5] = ["get", "post", "put", "delete", "patch"];

#[test]
fn the_contract_is_the_one_on_file() {
    expect_file!["../../../../web/src/api/openapi.json"].assert_eq(&walletline::web::document());
}

#[test]
fn every_operation_has_a_name_of_its_own_and_every_reference_leads_somewhere() {
    let document: Value = serde_json::from_str(&walletline::web::document()).unwrap();
    let mut names = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path} has no name"));
            assert!(names.insert(name.to_owned()), "{name} is there twice");
        }
    }
    for reference in references(&document) {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for schema in
        ["Contact", "TimelineEntry", "Me", "State", "Problem", "ToDesk", "FromDesk", "Snapshot", "LiveEvent", "ToCaller"]
    {
        assert!(schemas.contains_key(schema), "{schema} is not in {:?}", schemas.keys());
    }
}

fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| match value {
                Value::String(text) if name == "$ref" => vec![text.clone()],
                other => references(other),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn every_address_of_the_contract_is_served_and_takes_no_other_method() {
    let hotline = Hotline::start().await;
    let document = hotline.get("/api/openapi.json").await;
    assert_eq!(document.text(), walletline::web::document());
    for (path, item) in document.json()["paths"].as_object().unwrap() {
        let concrete = path
            .replace("{msisdn}", "+8619000000001")
            .replace("{id}", "x")
            .replace("{kind}", "x")
            .replace("{file}", "x")
            .replace("{reference}", "x");
        for method in METHODS {
            let headers = [("X-Walletline", "1"), ("Content-Type", "application/json")];
            let reply = hotline.send(&method.to_uppercase(), &concrete, &headers, b"{}").await;
            let taken = reply.status != 405;
            assert_eq!(taken, item.get(method).is_some(), "{method} {path}: {} {}", reply.status, reply.text());
        }
    }
}
