//! A rule of the directory as a drafter writes it down: whether it says all that it must. What it means, the directory knows.

use congvan_proto::directory::v1::{UnitExpression, unit_expression::Set};
use kit::Violations;

/// Notes every part that is missing in the rule at `field`.
pub(super) fn check(field: &str, rule: &UnitExpression, violations: &mut Violations) {
    match &rule.set {
        None => violations.missing(field),
        Some(Set::Kinds(kinds)) if kinds.kinds.is_empty() => {
            violations.missing(format!("{field}.kinds.kinds"));
        }
        Some(Set::Kinds(_) | Set::AllAgencies(_)) => {}
        Some(Set::Below(below)) => drop(violations.id(&format!("{field}.below.unitId"), &below.unit_id)),
        Some(Set::Units(units)) => ids(&format!("{field}.units.unitIds"), &units.unit_ids, violations),
        Some(Set::GroupId(id)) => drop(violations.id(&format!("{field}.groupId"), id)),
        Some(Set::Union(union)) => sets(&format!("{field}.union.sets"), &union.sets, violations),
        Some(Set::Intersection(common)) => {
            sets(&format!("{field}.intersection.sets"), &common.sets, violations);
        }
        Some(Set::Difference(difference)) => {
            for (name, set) in [("of", &difference.of), ("except", &difference.except)] {
                let field = format!("{field}.difference.{name}");
                match set {
                    Some(set) => check(&field, set, violations),
                    None => violations.missing(field),
                }
            }
        }
    }
}

fn ids(field: &str, ids: &[String], violations: &mut Violations) {
    if ids.is_empty() {
        violations.missing(field);
    }
    for (index, id) in ids.iter().enumerate() {
        violations.id(&format!("{field}[{index}]"), id);
    }
}

fn sets(field: &str, sets: &[UnitExpression], violations: &mut Violations) {
    if sets.is_empty() {
        violations.missing(field);
    }
    for (index, set) in sets.iter().enumerate() {
        check(&format!("{field}[{index}]"), set, violations);
    }
}
