//! Recipients as a drafter writes them down.

use std::collections::HashSet;

use base::Uuid;
use congvan_proto::documents::v1 as pb;
use documents_domain::{Address, Purpose, Recipient, limits, rule_id};
use kit::Violations;
use prost::Message;

use super::expression;
use crate::addressing::given;

/// Reads those that stand at `place` in a request; every violation is noted. Names are not yet known.
pub(super) fn parse(place: &str, written: &[pb::Recipient], violations: &mut Violations) -> Vec<Recipient> {
    if written.len() > limits::RECIPIENTS {
        let (limit, count) = (limits::RECIPIENTS, written.len());
        violations.add(
            place,
            format!("có {count} nơi nhận, tối đa {limit}"),
            format!("has {count} recipients, at most {limit} are allowed"),
        );
        return Vec::new();
    }
    let mut seen = HashSet::new();
    let mut sets = 0;
    let mut parsed = Vec::with_capacity(written.len());
    for (index, recipient) in written.iter().enumerate() {
        let field = format!("{place}[{index}]");
        let purpose = Purpose::numbered(recipient.purpose).unwrap_or_else(|| {
            violations.add(format!("{field}.purpose"), "không có mục đích nhận này", "is no purpose");
            Purpose::Execute
        });
        let (named, unit_id, address) = address(&field, recipient, violations);
        if !unit_id.is_nil() && !seen.insert(unit_id) {
            violations.add(named, "nơi nhận này đã có ở trên", "is named twice");
        }
        sets += usize::from(address.kind().is_none());
        parsed.push(Recipient { unit_id, name: String::new(), purpose, address });
    }
    if sets > limits::RECIPIENT_SETS {
        let limit = limits::RECIPIENT_SETS;
        violations.add(
            place,
            format!("có {sets} chức vụ, nhóm và quy tắc, tối đa {limit}"),
            format!("has {sets} positions, groups and rules, at most {limit} are allowed"),
        );
    }
    parsed
}

/// Whom one of them means: the field that says it, the id, and what it is.
fn address(field: &str, recipient: &pb::Recipient, violations: &mut Violations) -> (String, Uuid, Address) {
    let names = given(recipient);
    let name = names.first().copied().unwrap_or("unitId");
    let place = format!("{field}.{name}");
    if names.len() > 1 {
        violations.add(
            field,
            format!("chỉ được nêu một trong các trường {}", names.join(", ")),
            format!("may name only one of {}", names.join(", ")),
        );
    }
    let (text, address) = match name {
        "userId" => (&recipient.user_id, Address::Person),
        "positionId" => (&recipient.position_id, Address::Position),
        "groupId" => (&recipient.group_id, Address::Group),
        "externalAgencyId" => (&recipient.external_agency_id, Address::External),
        "expression" => {
            let rule = recipient.expression.clone().unwrap_or_default();
            expression::check(&place, &rule, violations);
            let rule = rule.encode_to_vec();
            return (place, rule_id(&rule), Address::Rule(rule));
        }
        _ => (&recipient.unit_id, Address::Agency),
    };
    let id = violations.id(&place, text);
    (place, id, address)
}
