use std::collections::HashMap;

use base::{Date, Uuid};
use directory_domain::{Identifier, Period, Scheme, Structure};
use kit::Text;

use crate::store::identifier::Bearer as Partner;

/// Which unit bears which identifier, when.
pub(crate) struct Index {
    on: Date,
    bearers: HashMap<(Scheme, String), Vec<Bearer>>,
    /// Code of each unit on the day.
    codes: HashMap<Uuid, String>,
    /// Units of the file that are new.
    announced: HashMap<String, Uuid>,
    /// Partners outside the directory.
    partners: Vec<Partner>,
}

struct Bearer {
    unit_id: Uuid,
    /// Code of the unit that bears it, for sentences.
    code: String,
    period: Period,
}

impl Index {
    /// The identifiers of these units, and of the partners that bear one of those in the file; codes are looked up on this day.
    pub(crate) fn new(structure: &Structure, partners: &[Partner], on: Date) -> Self {
        let mut index = Self {
            on,
            bearers: HashMap::new(),
            codes: HashMap::new(),
            announced: HashMap::new(),
            partners: partners.to_vec(),
        };
        for unit in structure.units() {
            let code = unit.identifier(Scheme::Decision20, on).or(unit.identifiers.first());
            let code = code.map(|code| code.value.clone()).unwrap_or_default();
            for one in &unit.identifiers {
                let bearer = Bearer { unit_id: unit.id, code: code.clone(), period: one.period };
                index.bearers.entry((one.scheme, one.value.clone())).or_default().push(bearer);
            }
            index.codes.insert(unit.id, code);
        }
        index
    }

    /// The unit that bears the code on the day, or will by the file.
    pub(crate) fn unit(&self, code: &str) -> Option<Uuid> {
        let bearers = self.bearers.get(&(Scheme::Decision20, code.to_owned()));
        let known = bearers.into_iter().flatten().find(|bearer| bearer.period.contains(self.on));
        known.map(|bearer| bearer.unit_id).or_else(|| self.announced.get(code).copied())
    }

    /// The code of a unit.
    pub(crate) fn code(&self, id: Uuid) -> String {
        self.codes.get(&id).cloned().unwrap_or_default()
    }

    /// A unit of the file that is new.
    pub(crate) fn announce(&mut self, code: &str, id: Uuid) {
        self.announced.insert(code.to_owned(), id);
        self.codes.insert(id, code.to_owned());
    }

    /// Gives an identifier to a unit; the unit that bears it on one of these days, by code, if there is another.
    pub(crate) fn claim(
        &mut self,
        identifier: &Identifier,
        unit_id: Uuid,
        code: &str,
    ) -> Option<(String, Period)> {
        let bearers = self.bearers.entry((identifier.scheme, identifier.value.clone())).or_default();
        let period = identifier.period;
        let other = bearers.iter().find(|one| one.unit_id != unit_id && one.period.overlaps(period));
        let other = other.map(|other| (other.code.clone(), other.period));
        bearers.push(Bearer { unit_id, code: code.to_owned(), period });
        other
    }

    /// The partner that bears an identifier on one of these days.
    pub(crate) fn partner(&self, identifier: &Identifier) -> Option<&Partner> {
        self.partners.iter().find(|partner| partner.identifier.collides(identifier))
    }

    /// Why there is no unit with this code: it was closed, or there never was one.
    pub(crate) fn absent(&self, code: &str) -> Text {
        let bearers = self.bearers.get(&(Scheme::Decision20, code.to_owned())).into_iter().flatten();
        let ended = bearers.filter(|bearer| bearer.period.until <= self.on).map(|bearer| bearer.period.until);
        match ended.max() {
            Some(until) => Text::new(
                format!("đơn vị mang mã này đã chấm dứt từ ngày {until}"),
                format!("is the code of a unit that ended on {until}"),
            ),
            None => Text::new(
                "không có đơn vị mang mã này trong danh bạ hoặc trong tệp",
                "is the code of no unit of the directory or of the file",
            ),
        }
    }
}
