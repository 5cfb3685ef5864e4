//! The columns of the files: what each is called, and which must be there.

/// A column of a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    /// Name of its field in differences: "parentCode".
    pub(crate) field: &'static str,
    /// Its heading in Vietnamese, as exports have it.
    pub(crate) vi: &'static str,
    /// Its heading in English.
    pub(crate) en: &'static str,
    /// Other headings that people use.
    also: &'static [&'static str],
    /// Whether a file must have it.
    pub(crate) required: bool,
}

const fn column(
    field: &'static str,
    vi: &'static str,
    en: &'static str,
    also: &'static [&'static str],
) -> Column {
    Column { field, vi, en, also, required: false }
}

const fn required(
    field: &'static str,
    vi: &'static str,
    en: &'static str,
    also: &'static [&'static str],
) -> Column {
    Column { field, vi, en, also, required: true }
}

/// Official mailbox, of a unit or a person.
pub(crate) const EMAIL: Column =
    column("email", "Thư điện tử", "E-mail", &["thư điện tử công vụ", "mail", "địa chỉ thư điện tử"]);

/// Telephone, of a unit or a person.
pub(crate) const PHONE: Column = column("phone", "Điện thoại", "Phone", &["số điện thoại", "telephone"]);

/// First day of a unit or a post.
pub(crate) const START: Column =
    column("startDate", "Ngày bắt đầu", "Start date", &["từ ngày", "ngày hiệu lực"]);

/// The columns of a file of units.
pub(crate) mod units {
    use super::{Column, column, required};
    pub(crate) use super::{EMAIL, PHONE, START};

    pub(crate) const CODE: Column = required("code", "Mã định danh", "Code", &["mã", "mã đơn vị"]);
    pub(crate) const NAME: Column = required("name", "Tên", "Name", &["tên đơn vị", "tên cơ quan"]);
    pub(crate) const ABBREVIATION: Column =
        required("abbreviation", "Tên viết tắt", "Abbreviation", &["viết tắt", "chữ viết tắt"]);
    pub(crate) const KIND: Column = required("kind", "Loại", "Kind", &["loại đơn vị"]);
    pub(crate) const PARENT: Column = column(
        "parentCode",
        "Mã đơn vị cấp trên",
        "Parent code",
        &["mã cấp trên", "mã định danh cấp trên", "đơn vị cấp trên"],
    );
    pub(crate) const ADDRESS: Column = column("address", "Địa chỉ", "Address", &["địa chỉ trụ sở"]);
    pub(crate) const OLD_CODE: Column =
        column("oldCode", "Mã cũ", "Old code", &["mã định danh cũ", "mã 13 ký tự"]);
    pub(crate) const STATISTICAL: Column =
        column("statisticalCode", "Mã thống kê", "Statistical code", &["mã đơn vị hành chính"]);
    pub(crate) const SYNTHETIC: Column = column("syntheticCode", "Mã tạm", "Synthetic code", &[]);

    /// All of them, in the order of exports.
    pub(crate) const ALL: &[Column] = &[
        CODE,
        NAME,
        ABBREVIATION,
        KIND,
        PARENT,
        EMAIL,
        PHONE,
        ADDRESS,
        START,
        OLD_CODE,
        STATISTICAL,
        SYNTHETIC,
    ];
}

/// The columns of a file of people.
pub(crate) mod people {
    use super::{Column, column, required};
    pub(crate) use super::{EMAIL, PHONE, START};

    pub(crate) const SIGN_IN_NAME: Column =
        required("signInName", "Tên đăng nhập", "Sign-in name", &["tài khoản", "user name", "login"]);
    pub(crate) const FULL_NAME: Column = required("fullName", "Họ và tên", "Full name", &["họ tên"]);
    pub(crate) const UNIT: Column = column("unitCode", "Mã đơn vị", "Unit code", &["mã định danh đơn vị"]);
    pub(crate) const POSITION: Column =
        column("position", "Chức vụ", "Position", &["chức danh", "title", "position title"]);
    pub(crate) const ROLES: Column = column("roles", "Vai trò", "Roles", &["role"]);
    pub(crate) const CAPACITY: Column = column("capacity", "Tư cách", "Capacity", &["tư cách giữ chức vụ"]);
    pub(crate) const PRIMARY: Column = column("primary", "Chức vụ chính", "Primary", &["chính"]);

    /// All of them, in the order of exports.
    pub(crate) const ALL: &[Column] =
        &[SIGN_IN_NAME, FULL_NAME, EMAIL, PHONE, UNIT, POSITION, ROLES, CAPACITY, PRIMARY, START];
}

impl Column {
    /// Whether this is a heading of it, whatever the accents, case, spaces and signs.
    pub(crate) fn is_headed(&self, heading: &str) -> bool {
        let key = key(heading);
        [self.field, self.vi, self.en].iter().chain(self.also).any(|own| self::key(own) == key)
    }
}

/// What of a heading counts.
fn key(heading: &str) -> String {
    base::fold(heading).chars().filter(|letter| letter.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_heading_means_two_columns() {
        for columns in [units::ALL, people::ALL] {
            let mut seen = HashSet::new();
            for column in columns {
                let own: HashSet<_> = [column.field, column.vi, column.en]
                    .iter()
                    .chain(column.also)
                    .map(|name| key(name))
                    .collect();
                assert!(own.into_iter().all(|heading| seen.insert(heading)), "{}", column.field);
            }
        }
    }

    #[test]
    fn headings_are_taken_as_people_write_them() {
        for heading in ["Mã định danh", "MÃ ĐỊNH DANH *", "ma dinh danh", "code", " Ma\u{303} đơn vị"]
        {
            assert!(units::CODE.is_headed(heading), "{heading}");
        }
        assert!(
            people::SIGN_IN_NAME.is_headed("sign_in_name") && people::SIGN_IN_NAME.is_headed("signInName")
        );
        assert!(!units::CODE.is_headed("") && !units::NAME.is_headed("Tên viết tắt"));
    }
}
