use std::collections::{HashMap, HashSet};

use base::{Date, Uuid};
use congvan_proto::directory::v1 as pb;
use directory_domain::{
    Identifier, Patch, Period, Scheme, Structure, Traits, UnitHistory, UnitKind, abbreviation, address, code,
    email, phone, unit_name,
};
use kit::{Text, Violations};
use sql::{Queries, Result};

use super::Surroundings;
use crate::{
    faults,
    flaws::note,
    rpc::dates,
    store::{self, identifier::Bearer},
};

/// A row that was read. The code is empty if it could not be.
pub(super) struct UnitRow {
    index: usize,
    code: String,
    synthetic_code: bool,
    traits: Traits,
    parent_code: String,
    start: Option<Date>,
}

/// What the import does to units.
pub(super) struct UnitPlan {
    pub(super) created: Vec<UnitHistory>,
    pub(super) updated: Vec<UnitHistory>,
    pub(super) before: Structure,
    by_code: HashMap<String, Uuid>,
}

/// Reads the rows; every violation is noted.
pub(super) fn parse(written: &[pb::ImportUnit], violations: &mut Violations) -> Vec<UnitRow> {
    let mut seen = HashSet::new();
    let rows = written.iter().enumerate().map(|(index, unit)| {
        let field = |name: &str| format!("units[{index}].{name}");
        let mut row = UnitRow {
            index,
            code: note(violations, &field("code"), code(&unit.code)),
            synthetic_code: unit.synthetic_code,
            traits: Traits {
                name: note(violations, &field("name"), unit_name(&unit.name)),
                abbreviation: note(violations, &field("abbreviation"), abbreviation(&unit.abbreviation)),
                kind: UnitKind::numbered(unit.kind).unwrap_or_else(|| {
                    violations.missing(field("kind"));
                    UnitKind::ProvincialDepartment
                }),
                parent_id: None,
                email: note(violations, &field("email"), email(&unit.email)),
                address: note(violations, &field("address"), address(&unit.address)),
                phone: note(violations, &field("phone"), phone(&unit.phone)),
            },
            parent_code: unit.parent_code.trim().to_owned(),
            start: dates::day(&field("startDate"), &unit.start_date, violations),
        };
        if !row.code.is_empty() && !seen.insert(row.code.clone()) {
            violations.add(field("code"), "mã này đã có ở dòng trên", "stands in a row above already");
            row.code.clear(); // it changes nothing, so that nothing else seems wrong because of it
        }
        row
    });
    rows.collect()
}

impl UnitPlan {
    /// Compares the rows with the whole tree as it is today: moving one unit may give a new agency to many.
    pub(super) fn compare(
        rows: Vec<UnitRow>,
        (before, partners): (Structure, &[Bearer]),
        surroundings: &Surroundings<'_>,
        violations: &mut Violations,
    ) -> Self {
        let mut by_code = codes(&before, surroundings.today);
        let mut after = before.clone();
        let mut placed = Vec::with_capacity(rows.len());
        let mut first = surroundings.today;
        for row in rows {
            let parent_id = by_code.get(&row.parent_code).copied();
            if parent_id.is_none() && !row.parent_code.is_empty() {
                violations.add(
                    format!("units[{}].parentCode", row.index),
                    "không có đơn vị mang mã này trong danh bạ hoặc ở các dòng trên",
                    "is the code of no unit of the directory or of a row above",
                );
            }
            if row.code.is_empty() {
                continue;
            }
            if let Some(partner) = row.partner(partners, surroundings.today) {
                let name = &partner.name;
                violations.add(
                    format!("units[{}].code", row.index),
                    format!("mã này là của cơ quan ngoài hệ thống “{name}”"),
                    format!("belongs to the external agency “{name}”"),
                );
            }
            let id = *by_code.entry(row.code.clone()).or_insert_with(|| surroundings.ids.next());
            if parent_id.is_some() || row.parent_code.is_empty() {
                placed.push((row.index, id));
            }
            first = first.min(row.start.unwrap_or(first));
            row.write(id, parent_id, &mut after, surroundings, violations);
        }
        settle(&mut after, first, &placed, violations);
        let (created, updated) = difference(&before, &after, surroundings);
        Self { created, updated, before, by_code }
    }

    /// The unit with this code, as it will be.
    pub(super) fn id(&self, code: &str) -> Option<Uuid> {
        self.by_code.get(code).copied()
    }
}

/// The partners outside the directory that bear the code of a row.
pub(super) async fn partners(db: &mut impl Queries, rows: &[UnitRow]) -> Result<Vec<Bearer>> {
    let codes = rows.iter().map(|row| (Scheme::Decision20, row.code.clone()));
    store::identifier::partners(db, codes).await
}

impl UnitRow {
    /// The partner that bears the code on some of the days of the unit.
    fn partner<'p>(&self, partners: &'p [Bearer], today: Date) -> Option<&'p Bearer> {
        let period = Period::since(self.start.unwrap_or(today));
        partners
            .iter()
            .find(|one| one.identifier.value == self.code && one.identifier.period.overlaps(period))
    }

    /// Brings the unit to what the row wants, from today on; a new one from its first day on.
    fn write(
        self,
        id: Uuid,
        parent_id: Option<Uuid>,
        structure: &mut Structure,
        around: &Surroundings<'_>,
        violations: &mut Violations,
    ) {
        let traits = Traits { parent_id, ..self.traits };
        let code = Identifier {
            scheme: Scheme::Decision20,
            value: self.code,
            synthetic: self.synthetic_code,
            period: Period::since(self.start.unwrap_or(around.today)),
        };
        let Some(unit) = structure.get_mut(id) else {
            structure.add(UnitHistory::begin(id, traits, code, around.now));
            return;
        };
        let patch = Patch {
            name: Some(traits.name),
            abbreviation: Some(traits.abbreviation),
            parent_id: Some(traits.parent_id),
            kind: Some(traits.kind),
            email: Some(traits.email),
            address: Some(traits.address),
            phone: Some(traits.phone),
        };
        let changed = unit.change(around.today, &patch);
        if changed.is_err() {
            // It bears the code today, so it exists today.
            violations.add(
                format!("units[{}].code", self.index),
                "đơn vị này không còn tồn tại hôm nay",
                "is the code of a unit that does not exist today",
            );
        }
        for known in &mut unit.identifiers {
            if known.scheme == Scheme::Decision20 && known.period.contains(around.today) {
                known.synthetic = code.synthetic;
            }
        }
    }
}

/// The units by the codes that they bear on a day.
fn codes(structure: &Structure, on: Date) -> HashMap<String, Uuid> {
    let codes = structure.units().filter_map(|unit| {
        let code = unit.identifier(Scheme::Decision20, on)?;
        Some((code.value.clone(), unit.id))
    });
    codes.collect()
}

/// Gives every unit its agency; a violation for each row whose unit cannot stand where it is put, or whose code another unit
/// bears on other days.
fn settle(structure: &mut Structure, from: Date, rows: &[(usize, Uuid)], violations: &mut Violations) {
    let misplaced: HashMap<Uuid, _> =
        structure.settle(from).into_iter().rev().map(|fault| (fault.unit_id, fault)).collect();
    for (index, id) in rows {
        if let Some(fault) = misplaced.get(id) {
            let Text { vi, en } = faults::misplacement(fault);
            violations.add(format!("units[{index}].parentCode"), vi, en);
        }
    }
    for index in borne_twice(structure, rows) {
        violations.add(
            format!("units[{index}].code"),
            "đơn vị khác mang mã này vào những ngày khác trong cùng thời gian",
            "is borne by another unit on some of these days",
        );
    }
}

/// The rows whose code another unit bears on one of the same days.
fn borne_twice(structure: &Structure, rows: &[(usize, Uuid)]) -> Vec<usize> {
    let mut bearers: HashMap<&str, Vec<(Uuid, Period)>> = HashMap::new();
    for unit in structure.units() {
        for code in unit.identifiers.iter().filter(|one| one.scheme == Scheme::Decision20) {
            bearers.entry(&code.value).or_default().push((unit.id, code.period));
        }
    }
    let twice = rows.iter().filter(|(_, id)| {
        let unit = structure.get(*id).expect("every row has its unit");
        let codes = unit.identifiers.iter().filter(|one| one.scheme == Scheme::Decision20);
        codes.into_iter().any(|code| {
            let others = bearers.get(code.value.as_str()).into_iter().flatten();
            others.into_iter().any(|(other, period)| other != id && period.overlaps(code.period))
        })
    });
    twice.map(|(index, _)| *index).collect()
}

/// Units that are new and units that differ, by id.
fn difference(
    before: &Structure,
    after: &Structure,
    surroundings: &Surroundings<'_>,
) -> (Vec<UnitHistory>, Vec<UnitHistory>) {
    let differ = super::super::unit_structure::differing(before, after);
    let (mut updated, created): (Vec<_>, Vec<_>) =
        differ.into_iter().partition(|unit| before.get(unit.id).is_some());
    for unit in &mut updated {
        unit.touch(surroundings.now);
    }
    (created, updated)
}
