//! Units of a file compared with the directory: what is new, what differs, what cannot be.

use std::collections::{HashMap, HashSet};

use base::{Date, Uuid};
use directory_domain::{Identifier, NotThen, Patch, Period, Scheme, Structure, Traits, Unit, UnitHistory};
use kit::Text;
use sql::Queries;

use super::{
    columns::{Column, units as column},
    mistake::{Change, Mistake},
    outcome::{Around, Outcome},
    units_index::Index,
    wish::UnitWish,
    words,
};
use crate::{
    faults,
    staffing::{days_en, days_vi},
    store::{self, identifier::Bearer as Partner},
};

/// What a file does to the units.
pub(crate) struct UnitPlan {
    /// For each wish, in order.
    pub(crate) outcomes: Vec<Outcome>,
    /// How deep below a root the unit of each wish will stand.
    pub(crate) depths: Vec<u32>,
    /// All units, as they will be.
    pub(crate) after: Structure,
    /// Those that are new, in order.
    pub(crate) created: Vec<Uuid>,
    /// Those that differ, also because their agency does.
    pub(crate) changed: Vec<Uuid>,
}

/// A wish being compared.
struct Draft<'a> {
    row: u32,
    wish: &'a UnitWish,
    /// The unit; the nil id if its code could not be read or stood in a row above.
    id: Uuid,
    is_new: bool,
    changes: Vec<Change>,
    mistakes: Vec<Mistake>,
}

/// Where a row puts its unit.
#[derive(Clone, Copy)]
enum Above {
    /// Where it is: the file does not say, or says what there is not.
    AsIs,
    /// Directly below this unit; none makes it a root.
    Unit(Option<Uuid>),
}

/// The partners outside the directory that bear an identifier which the rows give to a unit.
pub(crate) async fn partners(
    db: &mut impl Queries,
    wishes: impl Iterator<Item = &UnitWish>,
) -> sql::Result<Vec<Partner>> {
    let identifiers = wishes.flat_map(|wish| {
        [
            (Scheme::Decision20, Some(&wish.code)),
            (Scheme::Decision28, wish.old_code.as_ref()),
            (Scheme::Statistical, wish.statistical_code.as_ref()),
        ]
    });
    let identifiers = identifiers.filter_map(|(scheme, value)| Some((scheme, value?.clone())));
    store::identifier::partners(db, identifiers).await
}

/// Compares the rows, whatever their order, with all units.
pub(crate) fn plan(
    before: &Structure,
    partners: &[Partner],
    wishes: &[(u32, &UnitWish)],
    around: Around<'_>,
) -> UnitPlan {
    let mut index = Index::new(before, partners, around.on);
    let mut drafts: Vec<Draft<'_>> = Vec::with_capacity(wishes.len());
    let mut by_unit: HashMap<Uuid, usize> = HashMap::with_capacity(wishes.len());
    for (place, (row, wish)) in wishes.iter().enumerate() {
        let known = index.unit(&wish.code);
        let id = if wish.code.is_empty() { Uuid::nil() } else { known.unwrap_or_else(|| around.ids.next()) };
        let first = id.is_nil() || *by_unit.entry(id).or_insert(place) == place;
        let is_new = before.get(id).is_none();
        if first && is_new && !id.is_nil() {
            index.announce(&wish.code, id);
        }
        let id = if first { id } else { Uuid::nil() };
        let (changes, mistakes) = (Vec::new(), Vec::new());
        drafts.push(Draft { row: *row, wish, id, is_new, changes, mistakes });
    }
    let mut after = before.clone();
    for draft in drafts.iter_mut().filter(|draft| !draft.id.is_nil()) {
        let above = draft.above(&index);
        if draft.is_new {
            draft.create(&mut after, &mut index, above, around);
        } else if let Some(unit) = after.get_mut(draft.id) {
            draft.update(unit, &mut index, above, around);
        }
    }
    let first_day = drafts.iter().filter_map(|draft| draft.wish.start).fold(around.on, Date::min);
    let mut noted = HashSet::new();
    for fault in after.settle(first_day) {
        let at = file_unit(&after, &by_unit, fault.unit_id, fault.from);
        // It is found again on every later day on which anything changes; once is enough.
        let Some(draft) = at.filter(|at| noted.insert(*at)).and_then(|at| drafts.get_mut(at)) else {
            continue;
        };
        let own = fault.unit_id == draft.id;
        draft.note(&column::PARENT, if own { faults::misplacement(&fault) } else { leaves_behind() });
    }
    finish(before, after, drafts, around)
}

fn finish(before: &Structure, mut after: Structure, drafts: Vec<Draft<'_>>, around: Around<'_>) -> UnitPlan {
    let created = drafts.iter().filter(|draft| draft.is_new && !draft.id.is_nil()).map(|draft| draft.id);
    let created: Vec<Uuid> = created.collect();
    let differs = |unit: &&UnitHistory| before.get(unit.id).is_some_and(|known| known != *unit);
    let mut changed: Vec<Uuid> = after.units().filter(differs).map(|unit| unit.id).collect();
    changed.sort_unstable();
    for id in &changed {
        if let Some(unit) = after.get_mut(*id) {
            unit.touch(around.now);
        }
    }
    let depths = drafts.iter().map(|draft| depth(&after, draft.id, draft.first_day(around))).collect();
    let outcomes = drafts.into_iter().map(|draft| {
        let known = (!draft.is_new && !draft.id.is_nil()).then_some(draft.id);
        Outcome::of(known, draft.changes, draft.mistakes)
    });
    UnitPlan { outcomes: outcomes.collect(), depths, after, created, changed }
}

impl Draft<'_> {
    fn note(&mut self, column: &Column, text: Text) {
        self.mistakes.push(Mistake::new(self.row, column.vi, text));
    }

    fn differ(&mut self, column: &Column, before: &str, after: &str) {
        self.changes.extend(Change::between(column.field, before, after));
    }

    /// The first day on which what the row says holds.
    fn first_day(&self, around: Around<'_>) -> Date {
        match self.wish.start {
            Some(start) if self.is_new => start,
            Some(start) => start.max(around.on),
            None => around.on,
        }
    }

    /// The unit above; a mistake if there is no such unit.
    fn above(&mut self, index: &Index) -> Above {
        let Some(code) = self.wish.parent_code.as_deref() else { return Above::AsIs };
        let found = index.unit(code);
        match found {
            None if code.is_empty() => Above::Unit(None),
            None => {
                self.note(&column::PARENT, index.absent(code));
                Above::AsIs
            }
            known => Above::Unit(known),
        }
    }

    fn create(&mut self, after: &mut Structure, index: &mut Index, above: Above, around: Around<'_>) {
        let wish = self.wish;
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let traits = Traits {
            name: wish.name.clone(),
            abbreviation: wish.abbreviation.clone(),
            kind: wish.kind,
            parent_id: match above {
                Above::Unit(parent_id) => parent_id,
                Above::AsIs => None,
            },
            email: text(&wish.email),
            address: text(&wish.address),
            phone: text(&wish.phone),
        };
        let period = Period::since(self.first_day(around));
        let synthetic = wish.synthetic.unwrap_or_default();
        let code = Identifier { scheme: Scheme::Decision20, value: wish.code.clone(), synthetic, period };
        self.claim(&column::CODE, &code, index);
        let mut unit = UnitHistory::begin(self.id, traits, code, around.now);
        for (column, after) in [
            (&column::CODE, &*wish.code),
            (&column::NAME, &wish.name),
            (&column::ABBREVIATION, &wish.abbreviation),
            (&column::KIND, wish.kind.name()),
            (&column::PARENT, &text(&wish.parent_code)),
            (&column::EMAIL, &text(&wish.email)),
            (&column::PHONE, &text(&wish.phone)),
            (&column::ADDRESS, &text(&wish.address)),
            (&column::START, &period.from.to_string()),
        ] {
            self.differ(column, "", after);
        }
        if synthetic {
            self.differ(&column::SYNTHETIC, "", words::flag_word(true));
        }
        self.identify(&mut unit, index, period.from);
        after.add(unit);
    }

    fn update(&mut self, unit: &mut UnitHistory, index: &mut Index, above: Above, around: Around<'_>) {
        let Some(now) = unit.on(around.on) else { return };
        let existence = unit.period();
        if self.wish.start.is_some_and(|start| start != existence.from) {
            let text = Text::new(
                format!("đơn vị đã có {}; hãy để trống ô này", days_vi(existence)),
                format!("the unit exists {}; leave this cell empty", days_en(existence)),
            );
            self.note(&column::START, text);
        }
        let patch = self.patch(&now, index, above);
        if patch != Patch::default()
            && let Err(not_then) = unit.change(around.on, &patch)
        {
            self.note(&column::CODE, too_late(not_then));
        }
        if let Some(synthetic) = self.wish.synthetic.filter(|synthetic| *synthetic != now.synthetic_code) {
            self.differ(&column::SYNTHETIC, words::flag_word(!synthetic), words::flag_word(synthetic));
            let code =
                |one: &&mut Identifier| one.scheme == Scheme::Decision20 && one.period.contains(around.on);
            if let Some(code) = unit.identifiers.iter_mut().find(code) {
                code.synthetic = synthetic;
            }
        }
        self.identify(unit, index, around.on);
    }

    /// What differs from the unit as it is, each noted as a change.
    fn patch(&mut self, now: &Unit, index: &Index, above: Above) -> Patch {
        let wish = self.wish;
        let other = |wanted: Option<&String>, now: &String| wanted.filter(|wanted| *wanted != now).cloned();
        let patch = Patch {
            // What could not be read is empty, and is a mistake already.
            name: other(Some(&wish.name).filter(|name| !name.is_empty()), &now.name),
            abbreviation: other(Some(&wish.abbreviation).filter(|one| !one.is_empty()), &now.abbreviation),
            parent_id: match above {
                Above::Unit(parent_id) if parent_id != now.parent_id => Some(parent_id),
                _ => None,
            },
            kind: Some(wish.kind).filter(|kind| *kind != now.kind),
            email: other(wish.email.as_ref(), &now.email),
            address: other(wish.address.as_ref(), &now.address),
            phone: other(wish.phone.as_ref(), &now.phone),
        };
        let said = |new: &Option<String>, now: &str| new.clone().unwrap_or_else(|| now.to_owned());
        self.differ(&column::NAME, &now.name, &said(&patch.name, &now.name));
        self.differ(&column::ABBREVIATION, &now.abbreviation, &said(&patch.abbreviation, &now.abbreviation));
        self.differ(&column::KIND, now.kind.name(), patch.kind.unwrap_or(now.kind).name());
        if patch.parent_id.is_some() {
            let before = now.parent_id.map(|id| index.code(id)).unwrap_or_default();
            self.differ(&column::PARENT, &before, wish.parent_code.as_deref().unwrap_or_default());
        }
        self.differ(&column::EMAIL, &now.email, &said(&patch.email, &now.email));
        self.differ(&column::PHONE, &now.phone, &said(&patch.phone, &now.phone));
        self.differ(&column::ADDRESS, &now.address, &said(&patch.address, &now.address));
        patch
    }

    /// Gives the unit the further identifiers that the file names.
    fn identify(&mut self, unit: &mut UnitHistory, index: &mut Index, from: Date) {
        let wish = self.wish;
        for (column, scheme, value) in [
            (&column::OLD_CODE, Scheme::Decision28, &wish.old_code),
            (&column::STATISTICAL, Scheme::Statistical, &wish.statistical_code),
        ] {
            let Some(value) = value else { continue };
            let known = unit.identifier(scheme, from).map(|one| one.value.clone()).unwrap_or_default();
            if known == *value {
                continue;
            }
            let period = Period::since(from);
            let identifier = Identifier { scheme, value: value.clone(), synthetic: false, period };
            self.differ(column, &known, value);
            self.claim(column, &identifier, index);
            if let Err(not_then) = unit.identify(identifier) {
                self.note(column, too_late(not_then));
            }
        }
    }

    /// Takes an identifier; a mistake if another unit bears it on one of these days.
    fn claim(&mut self, column: &Column, identifier: &Identifier, index: &mut Index) {
        if let Some(partner) = index.partner(identifier) {
            let (name, period) = (&partner.name, partner.identifier.period);
            let text = Text::new(
                format!("mã này là của cơ quan ngoài hệ thống “{name}” {}", days_vi(period)),
                format!("belongs to the external agency “{name}” {}", days_en(period)),
            );
            self.note(column, text);
        }
        if let Some((code, period)) = index.claim(identifier, self.id, &self.wish.code) {
            let text = Text::new(
                format!("mã này là của đơn vị {code} {}", days_vi(period)),
                format!("belongs to the unit {code} {}", days_en(period)),
            );
            self.note(column, text);
        }
    }
}

/// The row at fault for a unit that cannot stand where it is: its own, or the nearest above it that the file has.
fn file_unit(after: &Structure, by_unit: &HashMap<Uuid, usize>, id: Uuid, on: Date) -> Option<usize> {
    let mut next = Some(id);
    for _ in 0..=by_unit.len() {
        let id = next?;
        if let Some(at) = by_unit.get(&id) {
            return Some(*at);
        }
        next = after.get(id)?.place(on)?.parent_id;
    }
    None
}

/// How many units stand above one; 0 for a root and where the way up does not end.
fn depth(after: &Structure, id: Uuid, on: Date) -> u32 {
    let above = |id: Uuid| after.get(id).and_then(|unit| unit.place(on)).and_then(|place| place.parent_id);
    let mut depth = 0;
    let mut next = above(id);
    while let Some(parent_id) = next {
        depth += 1;
        if depth > 1000 {
            return 0;
        }
        next = above(parent_id);
    }
    depth
}

fn leaves_behind() -> Text {
    Text::new(
        "làm cho một đơn vị bên dưới không còn chỗ hợp lệ: không thuộc cơ quan nào, hoặc dưới loại đơn vị không phù hợp",
        "leaves a unit below where it cannot stand: without an agency, or below such as cannot be above it",
    )
}

fn too_late(not_then: NotThen) -> Text {
    match not_then {
        NotThen::Absent => {
            Text::new("đơn vị không tồn tại vào ngày đó", "the unit does not exist on that day")
        }
        NotThen::LaterChange(on) => Text::new(
            format!("đã có thay đổi từ ngày {on}; hãy chọn ngày hiệu lực muộn hơn"),
            format!("a change from {on} is recorded already; choose a later effective date"),
        ),
    }
}
