//! The problem that every error is, and its reasons.

use serde_json::{Value, json};

use super::schema::Schemas;
use crate::contracts::Commented;

/// Why a call can fail.
#[derive(Debug, Clone)]
pub(crate) struct Reason {
    /// Its name, as in the problem.
    pub(crate) name: String,
    /// The service that answers with it; "congvan" for all of them.
    pub(crate) domain: String,
    /// What it means.
    pub(crate) comment: &'static str,
}

/// Every reason of the contracts, the common ones first.
pub(crate) fn reasons() -> Vec<Reason> {
    let pool = congvan_proto::descriptor_pool();
    let packages = ["errors", "directory", "documents", "notifications"];
    packages
        .iter()
        .filter_map(|package| {
            Some((package, pool.get_enum_by_name(&format!("congvan.{package}.v1.ErrorReason"))?))
        })
        .flat_map(|(package, reasons)| {
            let domain = if *package == "errors" {
                kit::faults::COMMON.to_owned()
            } else {
                format!("{package}.congvan")
            };
            let named = reasons.values().filter(|value| value.number() != 0);
            let named = named.map(move |value| Reason {
                name: value.name().trim_start_matches("ERROR_REASON_").to_owned(),
                domain: domain.clone(),
                comment: value.comment(),
            });
            named.collect::<Vec<_>>()
        })
        .collect()
}

/// The answer that every error is.
pub(super) fn response() -> Value {
    json!({
        "description": "The call failed; the body says why.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    })
}

/// Adds the schemas of problems.
pub(super) fn add_schemas(schemas: &mut Schemas) {
    let reasons = reasons();
    let names: Vec<_> = reasons.iter().map(|reason| reason.name.as_str()).collect();
    let lines =
        reasons.iter().map(|reason| format!("\n- `{}` ({}): {}", reason.name, reason.domain, reason.comment));
    let text = |description: &str| json!({"type": "string", "description": description});
    schemas.put(
        "Problem",
        json!({
            "type": "object",
            "description": "What went wrong (RFC 9457).",
            "required": ["type", "title", "status", "detail", "instance", "reason", "domain"],
            "properties": {
                "type": {"type": "string", "format": "uri-reference", "description": "Leads to the explanation of the reason."},
                "title": text("The kind of problem in a few words."),
                "status": {"type": "integer", "format": "int32", "description": "The HTTP status."},
                "detail": text("What went wrong and what to do, in the language asked for."),
                "instance": text("Names this call; the same as the header X-Request-Id."),
                "reason": {"$ref": "#/components/schemas/Reason"},
                "domain": text("The service that answered: documents.congvan; congvan for reasons common to all."),
                "metadata": {
                    "type": "object", "additionalProperties": {"type": "string"},
                    "description": "Facts that programs may need, as the reason says.",
                },
                "violations": {
                    "type": "array", "items": {"$ref": "#/components/schemas/Violation"},
                    "description": "Every field that is missing or wrong.",
                },
                "incidentId": text("Under it the operators find the cause, when the system failed."),
            },
        }),
    );
    schemas.put(
        "Violation",
        json!({
            "type": "object",
            "description": "A field that is missing or wrong.",
            "required": ["field", "description"],
            "properties": {
                "field": text("Where: document.recipients[3].unitId; body for the body as a whole, or a header."),
                "description": text("What is wrong with it and what would be right, in the language asked for."),
            },
        }),
    );
    schemas.put(
        "Reason",
        json!({
            "type": "string",
            "enum": names,
            "description": format!("Why a call failed.\n{}", lines.collect::<String>()),
        }),
    );
}
