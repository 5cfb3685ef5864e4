use crate::Kind;

/// The abbreviations that go into a symbol, as the directory has them on the day of issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    /// Of the issuing agency: "SNV", "UBND".
    pub agency: String,
    /// Of the drafting unit: "VP"; that of the agency again when it drafts itself.
    pub unit: String,
}

/// The symbol of a document (Appendix I, Part I.II.3): `QĐ-UBND`, for official letters `SNV-VP`.
pub fn symbol(kind: Kind, issuer: &Issuer) -> String {
    match kind.abbreviation() {
        Some(kind) => format!("{kind}-{}", issuer.agency),
        None => format!("{}-{}", issuer.agency, issuer.unit),
    }
}

/// Number and symbol as printed: below 10 with a leading zero, no other padding, no spaces.
pub fn notation(number: i32, symbol: &str) -> String {
    format!("{number:02}/{symbol}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_as_the_decree_shows_them() {
        let issuer = |agency: &str, unit: &str| Issuer { agency: agency.to_owned(), unit: unit.to_owned() };
        for (number, kind, agency, unit, printed) in [
            (15, Kind::Decision, "BNV", "VP", "15/QĐ-BNV"),
            (5, Kind::OfficialLetter, "BNV", "VP", "05/BNV-VP"),
            (12, Kind::OfficialLetter, "UBND", "VX", "12/UBND-VX"),
            (1, Kind::OfficialLetter, "SNV", "VP", "01/SNV-VP"),
            (1204, Kind::Rule, "UBND", "VP", "1204/QyĐ-UBND"),
            (9, Kind::Submission, "SGDĐT", "VP", "09/TTr-SGDĐT"),
        ] {
            assert_eq!(notation(number, &symbol(kind, &issuer(agency, unit))), printed);
        }
    }
}
