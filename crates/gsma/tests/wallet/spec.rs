//! The official OpenAPI file as a judge of exchanges: path, method, parameters, headers, status and bodies. Draft 4 of JSON Schema
//! is what OpenAPI 3.0 is made of (`exclusiveMinimum` is a boolean in both).

use axum::http::{HeaderMap, Method, StatusCode, Uri};
use jsonschema::Draft;
use serde_json::{Value, json};
use std::sync::OnceLock;

const FILE: &str = include_str!("../fixtures/gsma-mobile-money-1.2.0.yaml");

/// The extension of our own, whose paths stand below this one.
const EXTENSION: &str = include_str!("../../../../docs/extension-api/openapi.yaml");
const BELOW: &str = "/extension/v1";

/// An exchange as it went over the wire, the wallet's name taken off the path.
pub(crate) struct Exchange {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) request_headers: HeaderMap,
    pub(crate) request_body: Vec<u8>,
    pub(crate) status: StatusCode,
    pub(crate) answer_headers: HeaderMap,
    pub(crate) answer_body: Vec<u8>,
}

fn spec() -> &'static Value {
    static SPEC: OnceLock<Value> = OnceLock::new();
    SPEC.get_or_init(|| {
        let mut whole: Value = serde_saphyr::from_str(FILE).expect("the official file is YAML");
        let extension: Value = serde_saphyr::from_str(EXTENSION).expect("the extension's file is YAML");
        let paths = extension["paths"].as_object().expect("the extension has paths");
        for (path, item) in paths {
            whole["paths"][format!("{BELOW}{path}")] = item.clone();
        }
        for kind in ["schemas", "parameters"] {
            for (name, what) in extension["components"][kind].as_object().expect("the extension names its parts") {
                let before = whole["components"][kind].as_object_mut().unwrap().insert(name.clone(), what.clone());
                assert!(before.is_none(), "{name} is a name of the official file too");
            }
        }
        whole
    })
}

/// Every operation of the extension, as `method path` below its own root.
pub(crate) fn extension_operations() -> Vec<String> {
    let paths = spec()["paths"].as_object().unwrap().iter();
    let ours = paths.filter_map(|(path, item)| Some((path.strip_prefix(BELOW)?, item)));
    let methods = |(path, item): (&str, &Value)| {
        let named = item.as_object().unwrap().keys().filter(|name| *name != "parameters");
        named.map(|method| format!("{method} {path}")).collect::<Vec<_>>()
    };
    ours.flat_map(methods).collect()
}

/// The operation an exchange follows, as [`extension_operations`] writes it.
pub(crate) fn extension_operation(exchange: &Exchange) -> Option<String> {
    let (template, _) = find_path(exchange.uri.path())?;
    Some(format!("{} {}", exchange.method.as_str().to_ascii_lowercase(), template.strip_prefix(BELOW)?))
}

/// What an exchange breaks of the specification.
pub(crate) fn violations(exchange: &Exchange) -> Vec<String> {
    let path = exchange.uri.path();
    let Some((template, item)) = find_path(path) else { return vec![format!("{path}: not in the specification")] };
    let method = exchange.method.as_str().to_ascii_lowercase();
    let Some(operation) = item.get(&method) else { return vec![format!("{method} {template}: not in the specification")] };
    let mut broken = check_parameters(exchange, template, item, operation);
    if let Some(body) = operation.get("requestBody") {
        let schema = &resolve(body)["content"]["application/json"]["schema"];
        broken.extend(check_body("request", schema, &exchange.request_body));
        if exchange.request_headers.get("content-type").is_none_or(|kind| kind != "application/json") {
            broken.push("the request's content type".to_owned());
        }
    }
    broken.extend(check_answer(exchange, operation));
    broken.into_iter().map(|what| format!("{method} {template} {}: {what}", exchange.status)).collect()
}

fn check_answer(exchange: &Exchange, operation: &Value) -> Vec<String> {
    let Some(answer) = operation["responses"].get(exchange.status.as_str()) else {
        return vec!["a status it does not know".to_owned()];
    };
    let mut broken = Vec::new();
    match answer.get("content") {
        Some(content) => broken.extend(check_body("answer", &content["application/json"]["schema"], &exchange.answer_body)),
        None if exchange.answer_body.is_empty() => {}
        None => broken.push("a body where there is none".to_owned()),
    }
    let headers = answer.get("headers").and_then(Value::as_object);
    for (name, header) in headers.into_iter().flatten() {
        match exchange.answer_headers.get(name) {
            Some(value) => broken.extend(check_text(name, value.to_str().unwrap(), &resolve(header)["schema"])),
            None => broken.push(format!("the header {name} is missing")),
        }
    }
    broken
}

fn check_parameters(exchange: &Exchange, template: &str, item: &Value, operation: &Value) -> Vec<String> {
    let lists = [item.get("parameters"), operation.get("parameters")];
    let declared: Vec<&Value> = lists.into_iter().flatten().filter_map(Value::as_array).flatten().map(resolve).collect();
    let named = |place: &str, name: &str| {
        declared.iter().find(|one| one["in"] == place && one["name"].as_str().unwrap().eq_ignore_ascii_case(name)).copied()
    };
    let mut broken = Vec::new();
    for (part, value) in template.split('/').zip(exchange.uri.path().split('/')) {
        if let Some(name) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            match named("path", name) {
                Some(parameter) => broken.extend(check_text(name, value, &parameter["schema"])),
                None => broken.push(format!("the path parameter {name} is not declared")),
            }
        }
    }
    for (name, value) in exchange.request_headers.iter().filter(|(name, _)| name.as_str().starts_with("x-")) {
        match named("header", name.as_str()) {
            Some(parameter) => broken.extend(check_text(name.as_str(), value.to_str().unwrap(), &parameter["schema"])),
            None => broken.push(format!("the header {name} is not declared")),
        }
    }
    for (name, value) in exchange.uri.query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('=')) {
        match named("query", name) {
            Some(parameter) => broken.extend(check_text(name, value, &parameter["schema"])),
            None => broken.push(format!("the query parameter {name} is not declared")),
        }
    }
    broken
}

fn check_text(name: &str, text: &str, schema: &Value) -> Vec<String> {
    let value = match schema["type"].as_str() {
        Some("integer") => text.parse::<i64>().map_or_else(|_| json!(text), |number| json!(number)),
        _ => json!(text),
    };
    check_value(name, schema, &value)
}

fn check_body(what: &str, schema: &Value, body: &[u8]) -> Vec<String> {
    let Ok(value) = serde_json::from_slice::<Value>(body) else { return vec![format!("the {what} is no JSON")] };
    let mut broken = check_value(what, schema, &value);
    broken.extend(undeclared(schema, &value).into_iter().map(|name| format!("the {what} has {name}, which is not declared")));
    broken
}

fn check_value(what: &str, schema: &Value, value: &Value) -> Vec<String> {
    let whole = json!({ "allOf": [schema], "components": spec()["components"] });
    let options = jsonschema::options().with_draft(Draft::Draft4).should_validate_formats(true);
    let validator = options.build(&whole).expect("the official file holds JSON schemas");
    validator.iter_errors(value).map(|error| format!("{what}{}: {error}", error.instance_path())).collect()
}

/// Fields that no schema names: the specification forbids none, but a misspelt one would pass as such.
fn undeclared(schema: &Value, value: &Value) -> Vec<String> {
    let schema = resolve(schema);
    if let Some(parts) = schema.get("allOf").and_then(Value::as_array).filter(|parts| parts.len() == 1) {
        return undeclared(&parts[0], value);
    }
    match value {
        Value::Array(items) => items.iter().flat_map(|item| undeclared(&schema["items"], item)).collect(),
        Value::Object(fields) => {
            let known = schema.get("properties").and_then(Value::as_object);
            let missing = fields.keys().filter(|name| !known.is_some_and(|known| known.contains_key(*name))).cloned();
            let below = fields.iter().filter_map(|(name, value)| Some(undeclared(known?.get(name)?, value)));
            missing.chain(below.flatten()).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

fn resolve(value: &Value) -> &Value {
    match value.get("$ref").and_then(Value::as_str) {
        Some(reference) => resolve(spec().pointer(&reference[1..]).expect("references of the official file lead somewhere")),
        None => value,
    }
}

/// The path of the specification that an address follows: the one with the most parts in common.
fn find_path(path: &str) -> Option<(&'static str, &'static Value)> {
    let parts: Vec<&str> = path.split('/').collect();
    let fits = |template: &str| {
        let wanted: Vec<&str> = template.split('/').collect();
        let same = wanted.iter().zip(&parts).filter(|(wanted, part)| wanted == part).count();
        let open = wanted.iter().filter(|wanted| wanted.starts_with('{')).count();
        (wanted.len() == parts.len() && same + open >= parts.len()).then_some(same)
    };
    let paths = spec()["paths"].as_object().expect("the official file has paths");
    let (_, template, item) =
        paths.iter().filter_map(|(template, item)| Some((fits(template)?, template, item))).max_by_key(|(same, ..)| *same)?;
    Some((template.as_str(), item))
}

/// A body against one schema of the file by its name.
pub(crate) fn schema_violations(name: &str, body: &[u8]) -> Vec<String> {
    check_body(name, &json!({ "$ref": format!("#/components/schemas/{name}") }), body)
}

#[test]
fn the_judge_sees_what_is_wrong() {
    assert!(schema_violations("responseAccountStatus", br#"{"accountStatus":"available","subStatus":"none"}"#).is_empty());
    assert_eq!(schema_violations("responseAccountStatus", br#"{"accountStatus":"locked"}"#).len(), 1);
    assert_eq!(
        schema_violations("responseAccountStatus", br#"{"accountStatus":"available","accountSubStatus":"none"}"#).len(),
        1
    );
    assert!(!schema_violations("requestGenericPatchArray", b"[]").is_empty());
    assert!(!schema_violations("errorObject", br#"{"errorCategory":"internal","errorCode":"oops"}"#).is_empty());
    assert!(find_path("/accounts/msisdn/+8619000000001").is_some() && find_path("/account").is_none());
}
