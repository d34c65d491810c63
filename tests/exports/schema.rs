//! The published schema of `summary.json`, checked with as much of JSON Schema as it uses; any other keyword is a mistake here,
//! as it would be skipped unseen.

use serde_json::Value;
use sledform::export::summary::{ClipSummary, ModelSummary, Summary};

/// What each keyword of the schema means to [`fits`]; `pattern` and annotations are for other validators.
const KNOWN: [&str; 16] = [
    "$schema",
    "title",
    "description",
    "pattern",
    "type",
    "const",
    "enum",
    "anyOf",
    "required",
    "properties",
    "items",
    "minimum",
    "maximum",
    "minItems",
    "maxItems",
    "additionalProperties",
];

fn published() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/summary.schema.json");
    serde_json::from_str(&std::fs::read_to_string(path).expect("the schema is published"))
        .expect("it is JSON")
}

/// Panics where a summary does not fit the schema, or says what the schema does not know.
pub fn assert_fits(summary: &str) {
    let value: Value = serde_json::from_str(summary).expect("a summary is JSON");
    let mut faults = Vec::new();
    fits(&published(), &value, "summary", &mut faults);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn fits(schema: &Value, value: &Value, place: &str, faults: &mut Vec<String>) {
    let keywords = schema.as_object().expect("a schema is an object");
    for (keyword, wanted) in keywords {
        assert!(KNOWN.contains(&keyword.as_str()), "{keyword} is not understood here");
        let fault = match keyword.as_str() {
            "type" => !is_of_type(wanted, value),
            "const" => wanted != value,
            "enum" => !wanted.as_array().expect("a list").contains(value),
            "anyOf" => !wanted.as_array().expect("a list").iter().any(|one| fits_quietly(one, value)),
            "minimum" => value.as_f64() < wanted.as_f64() && value.is_number(),
            "maximum" => value.as_f64() > wanted.as_f64() && value.is_number(),
            "minItems" => {
                value.as_array().is_some_and(|a| (a.len() as u64) < wanted.as_u64().expect("a number"))
            }
            "maxItems" => {
                value.as_array().is_some_and(|a| (a.len() as u64) > wanted.as_u64().expect("a number"))
            }
            _ => false,
        };
        if fault {
            faults.push(format!("{place}: {value} against {keyword} {wanted}"));
        }
    }
    // Into the one alternative that fits, so that what lies in it is looked at too.
    for one in keywords.get("anyOf").and_then(Value::as_array).into_iter().flatten() {
        if one["type"] == "object" && value.is_object() {
            fits(one, value, place, faults);
        }
    }
    inside(keywords, value, place, faults);
}

fn inside(schema: &serde_json::Map<String, Value>, value: &Value, place: &str, faults: &mut Vec<String>) {
    if let (Some(items), Some(values)) = (schema.get("items"), value.as_array()) {
        for (i, one) in values.iter().enumerate() {
            fits(items, one, &format!("{place}[{i}]"), faults);
        }
    }
    let (Some(properties), Some(object)) = (schema.get("properties"), value.as_object()) else { return };
    let required = schema["required"].as_array().expect("a list");
    for key in required {
        if !object.contains_key(key.as_str().expect("a name")) {
            faults.push(format!("{place} has no {key}"));
        }
    }
    for (key, one) in object {
        // The schema lets later versions add keys; what is written today it must know.
        match properties.get(key) {
            Some(schema) => fits(schema, one, &format!("{place}.{key}"), faults),
            None => faults.push(format!("{place}.{key} is not in the schema")),
        }
    }
}

fn fits_quietly(schema: &Value, value: &Value) -> bool {
    let mut faults = Vec::new();
    fits(schema, value, "", &mut faults);
    faults.is_empty()
}

fn is_of_type(wanted: &Value, value: &Value) -> bool {
    let is = |name: &Value| match name.as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("number") => value.is_number(),
        Some("integer") => value.is_u64() || value.is_i64(),
        Some("boolean") => value.is_boolean(),
        Some("null") => value.is_null(),
        _ => false,
    };
    wanted.as_array().map_or_else(|| is(wanted), |several| several.iter().any(is))
}

/// A summary as small as it may be, for tests to spoil.
fn smallest() -> Value {
    let summary = Summary::new(ClipSummary::default(), ModelSummary::default());
    serde_json::to_value(summary).expect("a summary is JSON")
}

#[test]
fn the_smallest_summary_fits_and_a_spoilt_one_does_not() {
    assert_fits(&smallest().to_string());
    let spoil: [(&str, Value); 6] = [
        ("schema", "sledform.summary/2".into()),
        ("clip", serde_json::json!({})),
        ("strides", serde_json::json!({"count": -1})),
        ("findings", serde_json::json!([{"fault": 3}])),
        ("created", 2026.into()),
        ("surplus", true.into()),
    ];
    for (key, value) in spoil {
        let mut spoilt = smallest();
        spoilt[key] = value;
        let mut faults = Vec::new();
        fits(&published(), &spoilt, "summary", &mut faults);
        assert!(!faults.is_empty(), "{key} was spoilt unseen");
    }
}
