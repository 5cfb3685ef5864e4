use base::Timestamp;

use super::{Literal, Mistake, Operator, Target, evaluate::comparable};
use crate::scim::schema::{Attribute, Kind, Schema};

/// What names stand for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scope {
    /// Attributes of a kind of resource.
    Resource(&'static Schema),
    /// Sub-attributes of a complex attribute, within its brackets.
    Element(&'static Attribute),
}

impl Scope {
    /// What a name stands for; nothing if there is no such attribute.
    pub(super) fn find(self, name: &str) -> Option<Target> {
        match self {
            Self::Element(attribute) => attribute.sub(name).map(|attribute| Target { attribute, sub: None }),
            Self::Resource(schema) => {
                let name = without_urn(schema, name)?;
                let (first, second) =
                    name.split_once('.').map_or((name, None), |(one, two)| (one, Some(two)));
                let attribute = schema.attribute(first)?;
                match second {
                    None => Some(Target { attribute, sub: None }),
                    Some(second) => attribute.sub(second).map(|sub| Target { attribute, sub: Some(sub) }),
                }
            }
        }
    }
}

/// The name without the URN of its schema, which may stand before it.
fn without_urn<'a>(schema: &Schema, name: &'a str) -> Option<&'a str> {
    let Some(head) = name.get(..4).filter(|head| head.eq_ignore_ascii_case("urn:")) else {
        return Some(name);
    };
    debug_assert_eq!(head.len(), 4);
    let (urn, rest) = name.split_at_checked(schema.id.len())?;
    if urn.eq_ignore_ascii_case(&schema.id) { rest.strip_prefix(':') } else { None }
}

impl Target {
    /// The same, with `emails` standing for `emails.value` (RFC 7644, 3.4.2.2).
    fn to_compare(self) -> Self {
        match (self.sub, self.attribute.kind) {
            (None, Kind::Complex) => Self { sub: self.attribute.sub("value"), ..self },
            _ => self,
        }
    }
}

/// A comparison that makes sense: the target to compare, and the value as it is compared.
pub(super) fn comparison(
    target: Target,
    operator: Operator,
    value: Written,
    at: usize,
) -> Result<(Target, Literal), Mistake> {
    let target = target.to_compare();
    let leaf = target.leaf();
    let equality = matches!(operator, Operator::Equal | Operator::NotEqual);
    let part = matches!(operator, Operator::Contains | Operator::StartsWith | Operator::EndsWith);
    let literal = match (leaf.kind, value) {
        (_, Written::Null) if equality => Some(Literal::Null),
        (Kind::Boolean, Written::Bool(value)) if equality => Some(Literal::Bool(value)),
        (Kind::String | Kind::Reference, Written::Text(text)) => Some(Literal::Text(comparable(leaf, &text))),
        (Kind::DateTime, Written::Text(text)) if !part => text.parse::<Timestamp>().ok().map(Literal::Time),
        _ => None,
    };
    let literal = literal.ok_or_else(|| senseless(leaf, at))?;
    Ok((target, literal))
}

/// A value as it stands in the filter.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Written {
    Null,
    Bool(bool),
    Number,
    Text(String),
}

fn senseless(leaf: &Attribute, at: usize) -> Mistake {
    let name = &leaf.name;
    let (vi, en) = match leaf.kind {
        Kind::Boolean => ("eq hoặc ne với true hoặc false", "eq or ne with true or false"),
        Kind::DateTime => (
            "eq, ne, gt, ge, lt, le với thời điểm như \"2026-01-31T00:00:00Z\"",
            "eq, ne, gt, ge, lt, le with a time like \"2026-01-31T00:00:00Z\"",
        ),
        Kind::Complex => ("pr, hoặc dùng một thuộc tính con", "pr, or name one of its sub-attributes"),
        Kind::String | Kind::Reference => ("chuỗi trong dấu nháy kép", "a text in quotes"),
    };
    Mistake::new(at, format!("{name} chỉ so sánh được bằng {vi}"), format!("{name} compares only by {en}"))
}
