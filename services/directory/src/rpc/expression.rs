//! Set expressions as they are written in requests, and as they are answered.

use base::Uuid;
use congvan_proto::directory::v1::{self as pb, unit_expression as sets, unit_expression::Set};
use directory_domain::{Below, Expression, Size, UnitKind, limits};
use kit::Violations;

/// The expression as it is written; a violation for everything in it that is wrong, and for one that is too large.
pub(super) fn parse(
    field: &str,
    written: &pb::UnitExpression,
    violations: &mut Violations,
) -> Option<Expression> {
    let expression = set(field, written, violations)?;
    let Size { depth, sets, units } = expression.size();
    for (count, limit, vi, en) in [
        (depth, limits::EXPRESSION_DEPTH, "tầng lồng nhau", "levels"),
        (sets, limits::EXPRESSION_SETS, "tập hợp", "sets"),
        (units, limits::EXPRESSION_UNITS, "đơn vị nêu tên", "units named"),
    ] {
        if count > limit {
            violations.add(
                field,
                format!("có {count} {vi}, tối đa {limit}"),
                format!("has {count} {en}, at most {limit} are allowed"),
            );
        }
    }
    Some(expression)
}

fn set(field: &str, written: &pb::UnitExpression, violations: &mut Violations) -> Option<Expression> {
    let Some(written) = &written.set else {
        violations.missing(field);
        return None;
    };
    let expression = match written {
        Set::AllAgencies(_) => Expression::AllAgencies,
        Set::Kinds(set) => Expression::Kinds(kinds(&format!("{field}.kinds.kinds"), &set.kinds, violations)),
        Set::Below(below) => {
            let unit_id = violations.id(&format!("{field}.below.unitId"), &below.unit_id);
            Expression::Below(Below { unit_id, direct: below.direct_only })
        }
        Set::Units(set) => {
            Expression::Units(ids(&format!("{field}.units.unitIds"), &set.unit_ids, violations))
        }
        Set::GroupId(id) => Expression::Group(violations.id(&format!("{field}.groupId"), id)),
        Set::Union(set) => Expression::Union(parts(&format!("{field}.union.sets"), &set.sets, violations)),
        Set::Intersection(set) => {
            Expression::Intersection(parts(&format!("{field}.intersection.sets"), &set.sets, violations))
        }
        Set::Difference(set) => {
            let of = part(&format!("{field}.difference.of"), set.of.as_deref(), violations);
            let except = part(&format!("{field}.difference.except"), set.except.as_deref(), violations);
            Expression::Difference(Box::new(of?), Box::new(except?))
        }
    };
    Some(expression)
}

fn part(
    field: &str,
    written: Option<&pb::UnitExpression>,
    violations: &mut Violations,
) -> Option<Expression> {
    if written.is_none() {
        violations.missing(field);
    }
    set(field, written?, violations)
}

fn parts(field: &str, written: &[pb::UnitExpression], violations: &mut Violations) -> Vec<Expression> {
    if written.is_empty() {
        violations.missing(field);
    }
    let parts = written.iter().enumerate();
    parts.filter_map(|(index, one)| set(&format!("{field}[{index}]"), one, violations)).collect()
}

fn kinds(field: &str, written: &[i32], violations: &mut Violations) -> Vec<UnitKind> {
    if written.is_empty() {
        violations.missing(field);
    }
    let mut kinds = Vec::with_capacity(written.len().min(UnitKind::ALL.len()));
    for (index, number) in written.iter().enumerate() {
        match UnitKind::numbered(*number) {
            Some(kind) if kinds.contains(&kind) => {}
            Some(kind) => kinds.push(kind),
            None => {
                violations.add(format!("{field}[{index}]"), "không có loại đơn vị này", "is no kind of unit");
            }
        }
    }
    kinds
}

fn ids(field: &str, written: &[String], violations: &mut Violations) -> Vec<Uuid> {
    if written.is_empty() {
        violations.missing(field);
    }
    super::unit_read::ids(field, written, violations)
}

/// The expression as it is answered.
pub(crate) fn shape(expression: &Expression) -> pb::UnitExpression {
    let all = |parts: &[Expression]| parts.iter().map(shape).collect();
    let set = match expression {
        Expression::AllAgencies => Set::AllAgencies(sets::AllAgencies {}),
        Expression::Kinds(kinds) => {
            Set::Kinds(sets::Kinds { kinds: kinds.iter().map(|kind| kind.number()).collect() })
        }
        Expression::Below(Below { unit_id, direct }) => {
            Set::Below(sets::Below { unit_id: unit_id.to_string(), direct_only: *direct })
        }
        Expression::Units(units) => {
            Set::Units(sets::Units { unit_ids: units.iter().map(Uuid::to_string).collect() })
        }
        Expression::Group(id) => Set::GroupId(id.to_string()),
        Expression::Union(parts) => Set::Union(sets::Union { sets: all(parts) }),
        Expression::Intersection(parts) => Set::Intersection(sets::Intersection { sets: all(parts) }),
        Expression::Difference(of, except) => Set::Difference(Box::new(sets::Difference {
            of: Some(Box::new(shape(of))),
            except: Some(Box::new(shape(except))),
        })),
    };
    pb::UnitExpression { set: Some(set) }
}
