//! Kinds, roles and the like in words: their names in the contracts, or Vietnamese.

use directory_domain::{Capacity, Roles, UnitKind};
use kit::caller::Role;

/// A kind in Vietnamese.
pub(crate) fn kind_word(kind: UnitKind) -> &'static str {
    match kind {
        UnitKind::ProvincialPeoplesCommittee => "Ủy ban nhân dân tỉnh",
        UnitKind::ProvincialOffice => "Văn phòng Ủy ban nhân dân tỉnh",
        UnitKind::ProvincialDepartment => "Sở",
        UnitKind::ProvincialInspectorate => "Thanh tra tỉnh",
        UnitKind::Ward => "Phường",
        UnitKind::Commune => "Xã",
        UnitKind::InnerOffice => "Văn phòng",
        UnitKind::InnerDivision => "Phòng",
        UnitKind::ServiceCentre => "Trung tâm phục vụ hành chính công",
        UnitKind::SpecialZone => "Đặc khu",
        UnitKind::DistrictPeoplesCommittee => "Ủy ban nhân dân huyện",
        UnitKind::Township => "Thị trấn",
    }
}

/// A role in Vietnamese.
fn role_word(role: Role) -> &'static str {
    match role {
        Role::AgencyHead => "Người đứng đầu",
        Role::DeputyHead => "Cấp phó",
        Role::UnitHead => "Lãnh đạo đơn vị",
        Role::Officer => "Chuyên viên",
        Role::DocumentOffice => "Văn thư",
        Role::Administrator => "Quản trị hệ thống",
        Role::Secretary => "Thư ký",
        Role::FollowUpOfficer => "Theo dõi, đôn đốc",
        Role::FormatChecker => "Kiểm tra thể thức",
        Role::Archivist => "Lưu trữ",
    }
}

/// A capacity in Vietnamese.
pub(crate) fn capacity_word(capacity: Capacity) -> &'static str {
    match capacity {
        Capacity::Holder => "Giữ chức vụ",
        Capacity::Acting => "Quyền",
        Capacity::InCharge => "Phụ trách",
    }
}

/// Roles in Vietnamese, separated by semicolons.
pub(crate) fn role_words(roles: Roles) -> String {
    let numbers = roles.numbers();
    let named = numbers.into_iter().filter_map(Role::numbered).map(role_word);
    named.collect::<Vec<_>>().join("; ")
}

/// Every role there is.
pub(crate) fn every_role() -> Roles {
    Role::ALL.iter().fold(Roles::NONE, |all, role| all.and(Roles::from_bits(1 << role.number())))
}

/// The names of all roles.
pub(crate) fn role_names() -> String {
    Role::ALL.map(Role::name).join("; ")
}

/// Yes or no in Vietnamese.
pub(crate) fn flag_word(flag: bool) -> &'static str {
    if flag { "Có" } else { "Không" }
}

/// The kind that a word means.
pub(crate) fn kind(word: &str) -> Option<UnitKind> {
    UnitKind::ALL.into_iter().find(|kind| is_same(word, kind.name()) || is_same(word, kind_word(*kind)))
}

/// The capacity that a word means; the holder, if there is none.
pub(crate) fn capacity(word: &str) -> Option<Capacity> {
    let means =
        |capacity: &Capacity| is_same(word, capacity.name()) || is_same(word, capacity_word(*capacity));
    if word.is_empty() { Some(Capacity::Holder) } else { Capacity::ALL.into_iter().find(means) }
}

/// The roles that words between semicolons mean; the first word that means none.
pub(crate) fn roles(words: &str) -> Result<Roles, &str> {
    let mut roles = Roles::NONE;
    for word in words.split(';').map(str::trim).filter(|word| !word.is_empty()) {
        let role = Role::ALL
            .into_iter()
            .find(|role| is_same(word, role.name()) || is_same(word, role_word(*role)))
            .ok_or(word)?;
        roles = roles.and(Roles::from_bits(1 << role.number()));
    }
    Ok(roles)
}

/// Yes or no.
pub(crate) fn flag(word: &str) -> Option<bool> {
    match key(word).as_str() {
        "co" | "x" | "yes" | "true" | "1" | "dung" => Some(true),
        "khong" | "no" | "false" | "0" | "sai" => Some(false),
        _ => None,
    }
}

fn is_same(word: &str, own: &str) -> bool {
    key(word) == key(own)
}

/// What of a word counts: not accents, case, spaces and signs.
fn key(word: &str) -> String {
    base::fold(word).chars().filter(|letter| letter.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_leads_back_to_what_it_means() {
        for one in UnitKind::ALL {
            assert_eq!(kind(one.name()), Some(one));
            assert_eq!(kind(&kind_word(one).to_uppercase()), Some(one));
        }
        for one in Capacity::ALL {
            assert_eq!((capacity(one.name()), capacity(capacity_word(one))), (Some(one), Some(one)));
        }
        assert_eq!(roles(&role_words(every_role())), Ok(every_role()));
        assert_eq!(roles(&role_names()), Ok(every_role()));
        assert_eq!(roles("officer;DOCUMENT_OFFICE; "), roles("chuyên viên; văn thư"));
        assert_eq!(roles("Chuyên viên; Giám đốc"), Err("Giám đốc"));
        assert_eq!([true, false].map(flag_word).map(flag), [Some(true), Some(false)]);
        assert_eq!((kind("Phong"), kind("ban"), flag("")), (Some(UnitKind::InnerDivision), None, None));
    }
}
