use std::collections::{HashMap, HashSet};

use base::Uuid;
use congvan_proto::directory::v1 as pb;
use directory_domain::{Misplaced, Unit, UnitKind, abbreviation, agencies, code, email, unit_name};
use kit::Violations;

use super::Surroundings;
use crate::flaws::note;

/// A row that was read. The code is empty if it could not be.
pub(super) struct UnitRow {
    index: usize,
    code: String,
    synthetic_code: bool,
    name: String,
    abbreviation: String,
    kind: UnitKind,
    parent_code: String,
    email: String,
}

/// What the import does to units.
pub(super) struct UnitPlan {
    pub(super) created: Vec<Unit>,
    pub(super) updated: Vec<Unit>,
    by_code: HashMap<String, Uuid>,
}

/// Reads the rows; every violation is noted.
pub(super) fn parse(written: &[pb::ImportUnit], violations: &mut Violations) -> Vec<UnitRow> {
    let mut seen = HashSet::new();
    let rows = written.iter().enumerate().map(|(index, unit)| {
        let field = |name: &str| format!("units[{index}].{name}");
        let row = UnitRow {
            index,
            code: note(violations, &field("code"), code(&unit.code)),
            synthetic_code: unit.synthetic_code,
            name: note(violations, &field("name"), unit_name(&unit.name)),
            abbreviation: note(violations, &field("abbreviation"), abbreviation(&unit.abbreviation)),
            kind: UnitKind::numbered(unit.kind).unwrap_or_else(|| {
                violations.missing(field("kind"));
                UnitKind::ProvincialDepartment
            }),
            parent_code: unit.parent_code.trim().to_owned(),
            email: note(violations, &field("email"), email(&unit.email)),
        };
        if !row.code.is_empty() && !seen.insert(row.code.clone()) {
            violations.add(field("code"), "mã này đã có ở dòng trên", "stands in a row above already");
        }
        row
    });
    rows.collect()
}

impl UnitPlan {
    /// Compares the rows with the whole tree as it is: moving one unit may give a new agency to many.
    pub(super) fn compare(
        rows: Vec<UnitRow>,
        tree: Vec<Unit>,
        surroundings: &Surroundings<'_>,
        violations: &mut Violations,
    ) -> Self {
        let before: HashMap<Uuid, Unit> = tree.into_iter().map(|unit| (unit.id, unit)).collect();
        let mut by_code: HashMap<_, _> = before.values().map(|unit| (unit.code.clone(), unit.id)).collect();
        let mut after = before.clone();
        let mut placed = Vec::with_capacity(rows.len());
        for row in rows {
            let parent = by_code.get(&row.parent_code).copied();
            if parent.is_none() && !row.parent_code.is_empty() {
                violations.add(
                    format!("units[{}].parentCode", row.index),
                    "không có đơn vị mang mã này trong danh bạ hoặc ở các dòng trên",
                    "is the code of no unit of the directory or of a row above",
                );
            } else if !row.code.is_empty() {
                placed.push((row.index, row.code.clone()));
            }
            if !row.code.is_empty() {
                let id = *by_code.entry(row.code.clone()).or_insert_with(|| surroundings.ids.next());
                let known = before.get(&id);
                after.insert(id, row.into_unit(id, parent, known, surroundings));
            }
        }
        let placed = placed.into_iter().map(|(index, code)| (index, by_code[&code])).collect::<Vec<_>>();
        settle(&mut after, &placed, violations);
        let (created, updated) = difference(&before, after, surroundings);
        Self { created, updated, by_code }
    }

    /// The unit with this code, as it will be.
    pub(super) fn id(&self, code: &str) -> Option<Uuid> {
        self.by_code.get(code).copied()
    }
}

impl UnitRow {
    /// The unit as the row wants it; its agency is still open.
    fn into_unit(
        self,
        id: Uuid,
        parent_id: Option<Uuid>,
        known: Option<&Unit>,
        around: &Surroundings<'_>,
    ) -> Unit {
        Unit {
            id,
            revision: known.map_or(1, |known| known.revision),
            code: self.code,
            synthetic_code: self.synthetic_code,
            name: self.name,
            abbreviation: self.abbreviation,
            kind: self.kind,
            parent_id,
            agency_id: known.map_or(id, |known| known.agency_id),
            email: self.email,
            created_at: known.map_or(around.now, |known| known.created_at),
            updated_at: known.map_or(around.now, |known| known.updated_at),
        }
    }
}

/// Gives every unit its agency; a violation for each row whose unit cannot stand where it is put.
fn settle(units: &mut HashMap<Uuid, Unit>, rows: &[(usize, Uuid)], violations: &mut Violations) {
    let agencies = agencies(&units.iter().map(|(id, unit)| (*id, unit.place())).collect::<HashMap<_, _>>());
    for (index, id) in rows {
        let field = || format!("units[{index}].parentCode");
        match agencies[id] {
            Ok(_) => {}
            Err(Misplaced::NoAgencyAbove) => {
                let vi = "đơn vị bên trong phải thuộc một cơ quan";
                violations.add(field(), vi, "an inner unit needs an agency above it");
            }
            Err(Misplaced::BelowItself) => {
                violations.add(field(), "đơn vị không thể nằm dưới chính nó", "puts the unit below itself");
            }
        }
    }
    for (id, unit) in units {
        if let Ok(agency_id) = agencies[id] {
            unit.agency_id = agency_id;
        }
    }
}

/// Units that are new and units that differ, by code.
fn difference(
    before: &HashMap<Uuid, Unit>,
    after: HashMap<Uuid, Unit>,
    surroundings: &Surroundings<'_>,
) -> (Vec<Unit>, Vec<Unit>) {
    let (mut created, mut updated) = (Vec::new(), Vec::new());
    for mut unit in after.into_values() {
        match before.get(&unit.id) {
            None => created.push(unit),
            Some(known) if *known != unit => {
                unit.touch(surroundings.now);
                updated.push(unit);
            }
            Some(_) => {}
        }
    }
    created.sort_unstable_by(|one, other| one.code.cmp(&other.code));
    updated.sort_unstable_by(|one, other| one.code.cmp(&other.code));
    (created, updated)
}
