//! Posts in words, and the codes of the units they are in.

use std::collections::HashMap;

use base::{Date, Uuid};
use directory_domain::{Capacity, Period, Position, Roles, Unseated, Wanted};
use kit::Text;

use super::words;
use crate::staffing::{self, days_en, days_vi};

/// Codes of units, each with the days on which the unit bore it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Codes {
    by_code: HashMap<String, Vec<(Uuid, Period)>>,
    by_unit: HashMap<Uuid, String>,
}

impl Codes {
    /// Adds that a unit bears a code.
    pub(crate) fn add(&mut self, code: String, unit_id: Uuid, period: Period) {
        if period.is_open() || !self.by_unit.contains_key(&unit_id) {
            self.by_unit.insert(unit_id, code.clone());
        }
        let bearers = self.by_code.entry(code).or_default();
        if !bearers.contains(&(unit_id, period)) {
            bearers.push((unit_id, period));
        }
    }

    /// The ids of all these units.
    pub(crate) fn units(&self) -> impl Iterator<Item = Uuid> {
        self.by_unit.keys().copied()
    }

    /// The unit with this code, which must exist on a day and have no end set.
    pub(super) fn unit(&self, code: &str, on: Date) -> Result<Uuid, Text> {
        let bearers = || self.by_code.get(code).into_iter().flatten();
        match bearers().find(|(_, period)| period.contains(on)).or_else(|| bearers().last()) {
            Some((unit_id, period)) if period.contains(on) && period.is_open() => Ok(*unit_id),
            Some((_, period)) => Err(Text::new(
                format!("đơn vị mang mã này chỉ có {}", days_vi(*period)),
                format!("is the code of a unit that exists only {}", days_en(*period)),
            )),
            None => Err(Text::new(
                "không có đơn vị mang mã này trong danh bạ; hãy nhập tệp đơn vị trước",
                "is the code of no unit of the directory; import the units first",
            )),
        }
    }

    /// A post held, in words: "Giám đốc · H52.SNV · Người đứng đầu".
    pub(super) fn describe(&self, position: &Position, capacity: Capacity) -> String {
        let duties = &position.duties;
        self.words(&duties.title, position.unit_id, duties.roles, capacity)
    }

    /// A post wanted, in words, with its first day.
    pub(super) fn describe_wanted(&self, wanted: &Wanted) -> String {
        let words = self.words(&wanted.title, wanted.unit_id, wanted.roles, wanted.capacity);
        format!("{words} · {}", wanted.period.from)
    }

    fn words(&self, title: &str, unit_id: Uuid, roles: Roles, capacity: Capacity) -> String {
        let code = self.by_unit.get(&unit_id).map_or("?", String::as_str);
        let words = format!("{title} · {code} · {}", words::role_words(roles));
        match capacity {
            Capacity::Holder => words,
            other => format!("{words} · {}", words::capacity_word(other)),
        }
    }
}

/// That a post has been held for longer or shorter than a row says.
pub(super) fn held_since(period: Period) -> Text {
    Text::new(
        format!("người này giữ chức vụ này {}; hãy để trống ô này", days_vi(period)),
        format!("the person holds this post {}; leave this cell empty", days_en(period)),
    )
}

/// That the software which kept a person has withdrawn the record.
pub(super) fn withdrawn() -> Text {
    Text::new(
        "người dùng này đã bị rút khỏi danh bạ; hãy dùng tên đăng nhập khác nếu người đó trở lại",
        "is the name of a user who was withdrawn; use another one if the person comes back",
    )
}

/// That a post of an administrator ends by nobody's oversight: a file that leaves it out does not end it.
pub(super) fn keeps_system(described: &str) -> Text {
    Text::new(
        format!(
            "tệp không có chức vụ quản trị đang giữ: {described}; hãy thêm dòng đó hoặc kết thúc chức vụ đó riêng"
        ),
        format!(
            "leaves out the administrator's post held: {described}; add its row, or end that post by itself"
        ),
    )
}

/// Why a post cannot be given.
pub(super) fn refusal(unseated: &Unseated) -> Text {
    staffing::refusal(unseated)
}
