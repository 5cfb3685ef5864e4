//! The identifiers of a unit: as they are written, whether they are free, and as they are shown.

use std::iter;

use base::Date;
use congvan_proto::directory::v1 as pb;
use directory_domain::{Identifier, Period, Scheme, UnitHistory};
use kit::{Fault, Violations};
use sql::Write;

use crate::{faults, flaws::note, shape, store};

/// An identifier as it is written.
pub(super) fn read(
    written: &pb::UnitIdentifier,
    period: Period,
    violations: &mut Violations,
) -> Option<Identifier> {
    let (scheme, value) = scheme_and_value("identifier", (written.scheme, &written.value), violations)?;
    Some(Identifier { scheme, value, synthetic: written.synthetic, period })
}

/// By which rule an identifier was given, and the identifier as that rule writes it. Without the rule it can only be told
/// whether there is one.
pub(super) fn scheme_and_value(
    place: &str,
    (scheme, value): (i32, &str),
    violations: &mut Violations,
) -> Option<(Scheme, String)> {
    let value_place = format!("{place}.value");
    let Some(scheme) = Scheme::numbered(scheme) else {
        violations.missing(format!("{place}.scheme"));
        if value.is_empty() {
            violations.missing(value_place);
        }
        return None;
    };
    Some((scheme, note(violations, &value_place, scheme.read(value))))
}

/// What a unit is to bear besides its code from its first day on: one identifier by each rule.
pub(super) fn besides_code(
    written: &[pb::UnitIdentifier],
    period: Period,
    violations: &mut Violations,
) -> Vec<Identifier> {
    let mut identifiers: Vec<Identifier> = Vec::new();
    for (index, one) in written.iter().enumerate() {
        let mut own = Violations::default();
        if let Some(identifier) = read(one, period, &mut own) {
            let scheme = identifier.scheme;
            if scheme == Scheme::Decision20 || identifiers.iter().any(|known| known.scheme == scheme) {
                own.add(
                    "identifier.scheme",
                    "mỗi đơn vị chỉ mang một mã theo mỗi quy định; mã theo Quyết định 20 ghi ở code",
                    "is there already: a unit bears one identifier by each rule, and that of Decision 20 is its code",
                );
            }
            identifiers.push(identifier);
        }
        violations.within(&format!("unit.identifiers[{index}]"), own);
    }
    identifiers
}

/// Fails if another unit or a partner bears the unit's newest identifier of a scheme on one of the same days.
pub(super) async fn is_free(tx: &mut Write, unit: &UnitHistory, scheme: Scheme) -> Result<(), Fault> {
    let newest = unit.identifiers.iter().rfind(|one| one.scheme == scheme);
    let Some(Identifier { value, period, .. }) = newest else { return Ok(()) };
    if store::unit::is_taken(tx, scheme, value, unit.id, *period).await? {
        return Err(faults::code_taken(value));
    }
    let partners = store::identifier::partners(tx, iter::once((scheme, value.clone()))).await?;
    let taken = partners.iter().find(|partner| partner.identifier.period.overlaps(*period));
    taken.map_or(Ok(()), |partner| Err(faults::identifier_taken(partner)))
}

/// The unit as it is shown on a day, with what it bears besides the code; none if it does not exist then.
pub(super) fn shown(unit: &UnitHistory, on: Date) -> Option<pb::Unit> {
    let borne = unit.identifiers.iter().filter(|one| one.period.contains(on));
    let others: Vec<_> = borne.filter(|one| one.scheme != Scheme::Decision20).cloned().collect();
    unit.on(on).map(|unit| shape::unit_with(&unit, &others))
}
