//! The sample province: Sơn La with its 15 provincial agencies and 75 communes, their inner units, and invented people.

mod people;
mod units;

use congvan_proto::directory::v1::ImportDirectoryRequest;

/// Everybody of the sample signs in with this; never used outside of it.
pub const PASSWORD: &str = "congvan-demo";

/// The sample's administrator.
pub const ADMINISTRATOR: &str = "quantri";

/// A one-page official letter in the format of Decree 30/2020/NĐ-CP.
pub const LETTER: &[u8] = include_bytes!("../sample/cong-van.pdf");

/// The province, to be imported. The same on every call but for the salt of the one password hash.
pub fn province(password_hash: &str) -> ImportDirectoryRequest {
    let units = units::units();
    let users = people::people(&units, password_hash);
    ImportDirectoryRequest { units: units.into_iter().map(|unit| unit.import).collect(), users }
}

/// The argon2id hash of the sample's password. One for all, and of a low cost: the people are invented, the password is printed
/// above, and 78 of them sign in during the story.
pub fn password_hash() -> String {
    use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};
    let params = Params::new(4096, 3, 1, None).expect("a cost within the limits");
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password(PASSWORD.as_bytes()).expect("argon2 hashes any password").to_string()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_province_is_whole() {
        let province = province("$argon2id$");
        let codes: HashSet<_> = province.units.iter().map(|unit| unit.code.as_str()).collect();
        assert_eq!(codes.len(), province.units.len(), "codes are unique");
        let communes = province.units.iter().filter(|unit| [5, 6].contains(&unit.kind)).count();
        let agencies = province.units.iter().filter(|unit| (1..=4).contains(&unit.kind)).count();
        assert_eq!((agencies, communes), (15, 75));
        assert!(province.units.iter().all(|unit| unit.synthetic_code), "no code is official");

        let names: HashSet<_> = province.users.iter().map(|user| user.sign_in_name.as_str()).collect();
        assert_eq!(names.len(), province.users.len(), "sign-in names are unique");
        for name in ["canbo.snv", "lanhdao.snv", "vanthu.snv", "vanthu.03646", "vanthu.04246"] {
            assert!(names.contains(name), "{name}");
        }
        assert!(province.units.iter().all(|unit| unit.start_date == "2025-07-01"), "the day of the communes");
        let posts = province.users.iter().flat_map(|user| &user.appointments);
        assert!(posts.into_iter().all(|post| codes.contains(post.unit_code.as_str())));
        assert_eq!(province, super::province("$argon2id$"), "the same every time");
    }
}
