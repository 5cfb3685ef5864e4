//! Changes to a part of a resource (RFC 7644, 3.5.2): all of them or none.

mod apply;
mod place;

use kit::Text;
use serde_json::Value as Json;

use super::{
    body::{self, Object, no_object},
    error::{Kind, Refusal, Result},
    filter::{Path, parse_path},
    schema::{Attribute, Mutability, Schema},
};

const SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// Most operations in one change.
const MOST: usize = 1000;

/// What is to be done at one place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Operation {
    verb: Verb,
    path: Path,
    /// By the names and types of the schema; none to remove whatever stands there.
    value: Option<Json>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Add,
    Replace,
    Remove,
}

/// Reads the operations of a change.
pub(super) fn read(schema: &'static Schema, written: &Json) -> Result<Vec<Operation>> {
    let Some(written) = written.as_object() else { return Err(no_object("patch")) };
    let named = field(written, "schemas").and_then(Json::as_array);
    if !named.is_some_and(|urns| urns.iter().any(|urn| urn == SCHEMA)) {
        return Err(syntax(&format!("schemas phải có {SCHEMA}."), &format!("schemas must name {SCHEMA}.")));
    }
    let operations =
        field(written, "Operations").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    if operations.is_empty() || operations.len() > MOST {
        let (vi, en) =
            (format!("Operations phải có 1 đến {MOST} phần tử."), format!("Operations must be 1 to {MOST}."));
        return Err(syntax(&vi, &en));
    }
    let mut read = Vec::with_capacity(operations.len());
    for operation in operations {
        let Some(operation) = operation.as_object() else { return Err(no_object("operation")) };
        one(schema, operation, &mut read)?;
    }
    Ok(read)
}

/// Changes the resource as the operations say.
pub(super) fn apply(operations: &[Operation], resource: &mut Object) -> Result<()> {
    operations.iter().try_for_each(|operation| apply::apply(operation, resource))
}

fn one(schema: &'static Schema, written: &Object, read: &mut Vec<Operation>) -> Result<()> {
    let verb = field(written, "op").and_then(Json::as_str).unwrap_or_default().to_ascii_lowercase();
    let verb = match verb.as_str() {
        "add" => Verb::Add,
        "replace" => Verb::Replace,
        "remove" => Verb::Remove,
        _ => {
            return Err(syntax("op phải là add, replace hoặc remove.", "op must be add, replace or remove."));
        }
    };
    let value = field(written, "value");
    match (field(written, "path"), value) {
        (Some(Json::String(path)), value) => {
            let path = parse_path(path, schema).map_err(super::filter::Mistake::in_path)?;
            read.push(operation(verb, path, value, true)?);
        }
        (Some(_), _) => return Err(syntax("path phải là một chuỗi.", "path must be a text.")),
        (None, _) if verb == Verb::Remove => {
            let text = Text::new("remove phải có path.", "remove needs a path.");
            return Err(Refusal::new(Kind::NoTarget, &text));
        }
        (None, Some(Json::Object(values))) => {
            // Names may be paths here too; what the schema has not is read over, as in a whole resource.
            for (name, value) in values {
                let Ok(path) = parse_path(name, schema) else { continue };
                if writable(&path).is_ok() {
                    read.push(operation(verb, path, Some(value), false)?);
                }
            }
        }
        (None, _) => return Err(no_object("value")),
    }
    Ok(())
}

fn operation(verb: Verb, path: Path, value: Option<&Json>, strict: bool) -> Result<Operation> {
    if strict {
        writable(&path)?;
    }
    let whole = path.which.is_none() && path.sub.is_none();
    let leaf = path.sub.unwrap_or(path.attribute);
    let value = match value {
        Some(value) if path.sub.is_none() && path.which.is_some() => element(leaf, value)?,
        Some(value) => body::value(leaf, &leaf.name, value)?,
        None if verb == Verb::Remove => None,
        None => return Err(syntax("add và replace phải có value.", "add and replace need a value.")),
    };
    // Without a value nothing is left, which is what removing does; a whole list of values keeps its meaning.
    let verb = if value.is_none() && verb == Verb::Replace { Verb::Remove } else { verb };
    if verb == Verb::Remove && whole && value.is_none() && path.attribute.required {
        let name = &path.attribute.name;
        let text = Text::new(format!("{name} bắt buộc phải có."), format!("{name} is required and stays."));
        return Err(Refusal::new(Kind::Mutability, &text));
    }
    Ok(Operation { verb, path, value })
}

/// One value of a complex attribute that has several.
fn element(attribute: &Attribute, written: &Json) -> Result<Option<Json>> {
    let values = body::value(attribute, &attribute.name, written)?;
    Ok(values.and_then(|values| values.as_array().and_then(|values| values.first().cloned())))
}

/// Refuses a place that may only be read.
fn writable(path: &Path) -> Result<()> {
    let sub = path.sub.map_or(Mutability::ReadWrite, |sub| sub.mutability);
    let read_only = path.attribute.mutability == Mutability::ReadOnly || sub != Mutability::ReadWrite;
    if !read_only {
        return Ok(());
    }
    let name = path
        .sub
        .map_or_else(|| path.attribute.name.clone(), |sub| format!("{}.{}", path.attribute.name, sub.name));
    let text = Text::new(format!("{name} không sửa được."), format!("{name} cannot be changed."));
    Err(Refusal::new(Kind::Mutability, &text))
}

fn field<'a>(written: &'a Object, name: &str) -> Option<&'a Json> {
    let found = written.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value);
    found.filter(|value| !value.is_null() || name == "value")
}

fn syntax(vi: &str, en: &str) -> Refusal {
    Refusal::new(Kind::InvalidSyntax, &Text::new(vi, en))
}
