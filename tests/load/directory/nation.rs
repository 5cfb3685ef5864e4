//! Made-up units: provinces with their agencies and communes, and what these are made of inside.

use std::{collections::HashMap, ops::Range};

use base::{Ids, Uuid};
use directory_domain::UnitKind;

use super::names::scatter;

/// How large a directory is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    /// Units in all.
    pub(crate) units: usize,
    /// Provinces among them.
    pub(crate) provinces: usize,
    /// Wards, communes and special zones among them.
    pub(crate) communes: usize,
    /// People, each with one post.
    pub(crate) people: usize,
}

/// Office, inspectorate and departments of each province.
const PROVINCIAL_AGENCIES: usize = 16;

/// How many of the communes are special zones.
const SPECIAL_ZONES: usize = 13;

/// Of so many communes one is a ward.
const WARDS: usize = 5;

/// A unit.
pub(crate) struct Unit {
    pub(crate) id: Uuid,
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) abbreviation: String,
    pub(crate) kind: UnitKind,
    pub(crate) parent_id: Option<Uuid>,
    pub(crate) agency_id: Uuid,
}

/// All units of a directory: provinces, their communes, their agencies, and then the inner units.
pub(crate) struct Nation {
    pub(crate) units: Vec<Unit>,
    communes: Range<usize>,
    agencies: Range<usize>,
    /// How many units stand directly below each that has some.
    children: HashMap<Uuid, usize>,
}

impl Nation {
    pub(crate) fn new(size: Size, ids: &Ids) -> Self {
        let mut nation = Self {
            units: Vec::with_capacity(size.units),
            communes: 0..0,
            agencies: 0..0,
            children: HashMap::new(),
        };
        for number in 0..size.provinces {
            nation.add(None, UnitKind::ProvincialPeoplesCommittee, number, ids);
        }
        for number in 0..size.communes {
            nation.add(Some(number % size.provinces), commune(number), number, ids);
        }
        nation.communes = size.provinces..nation.units.len();
        for number in 0..size.provinces * PROVINCIAL_AGENCIES {
            let kind = match number / size.provinces {
                0 => UnitKind::ProvincialOffice,
                1 => UnitKind::ProvincialInspectorate,
                _ => UnitKind::ProvincialDepartment,
            };
            nation.add(Some(number % size.provinces), kind, number, ids);
        }
        nation.agencies = size.provinces..nation.units.len();
        let (first, agencies) = (nation.agencies.start, nation.agencies.len());
        for number in 0..size.units - nation.units.len() {
            let kind = if number < agencies { UnitKind::InnerOffice } else { UnitKind::InnerDivision };
            nation.add(Some(first + number % agencies), kind, number, ids);
        }
        nation
    }

    /// The provinces.
    pub(crate) fn provinces(&self) -> &[Unit] {
        &self.units[..self.agencies.start]
    }

    /// Wards, communes and special zones.
    pub(crate) fn communes(&self) -> &[Unit] {
        &self.units[self.communes.clone()]
    }

    /// Every agency below a province.
    pub(crate) fn agencies(&self) -> &[Unit] {
        &self.units[self.agencies.clone()]
    }

    /// The number of a person in the document office of an agency, if there are three people for each unit.
    pub(crate) fn clerk(&self, agency: usize) -> usize {
        2 * self.units.len() + self.agencies.start + agency
    }

    /// How many units stand directly below one.
    pub(crate) fn children(&self, unit: &Unit) -> usize {
        self.children.get(&unit.id).copied().unwrap_or_default()
    }

    fn add(&mut self, parent: Option<usize>, kind: UnitKind, number: usize, ids: &Ids) {
        let id = ids.next();
        let above = parent.map(|place| &self.units[place]);
        let parent_id = above.map(|unit| unit.id);
        let agency_id = if kind.is_agency() { id } else { above.map_or(id, |unit| unit.agency_id) };
        let place = self.units.len();
        let code = above.map_or_else(|| format!("H{place:02}"), |unit| format!("{}.{place}", unit.code));
        let (name, abbreviation) = (name(kind, number), format!("DV{place}"));
        if let Some(parent_id) = parent_id {
            *self.children.entry(parent_id).or_default() += 1;
        }
        self.units.push(Unit { id, code, name, abbreviation, kind, parent_id, agency_id });
    }
}

fn commune(number: usize) -> UnitKind {
    match number {
        _ if number.is_multiple_of(WARDS) => UnitKind::Ward,
        _ if number / WARDS < SPECIAL_ZONES && number % WARDS == 1 => UnitKind::SpecialZone,
        _ => UnitKind::Commune,
    }
}

/// Names as long as real ones, of which many are alike.
fn name(kind: UnitKind, number: usize) -> String {
    const FIRST: [&str; 12] =
        ["Chiềng", "Mường", "Tân", "Yên", "Bình", "Phú", "Long", "An", "Đông", "Thanh", "Vĩnh", "Nậm"];
    const SECOND: [&str; 12] =
        ["Sinh", "Hòa", "Thịnh", "Lập", "Sơn", "Giang", "Châu", "Phong", "Hưng", "Lộc", "Khánh", "Mai"];
    let place = scatter(number);
    let place = format!("{} {}", FIRST[place % 12], SECOND[place / 12 % 12]);
    match kind {
        UnitKind::ProvincialPeoplesCommittee => format!("Ủy ban nhân dân tỉnh {place}"),
        UnitKind::Ward => format!("Ủy ban nhân dân phường {place}"),
        UnitKind::SpecialZone => format!("Ủy ban nhân dân đặc khu {place}"),
        UnitKind::Commune => format!("Ủy ban nhân dân xã {place}"),
        UnitKind::ProvincialOffice => "Văn phòng Ủy ban nhân dân tỉnh".to_owned(),
        UnitKind::ProvincialInspectorate => "Thanh tra tỉnh".to_owned(),
        UnitKind::ProvincialDepartment => format!("Sở Quản lý chuyên ngành số {number}"),
        UnitKind::InnerOffice => "Văn phòng".to_owned(),
        _ => format!("Phòng Nghiệp vụ số {number}"),
    }
}
