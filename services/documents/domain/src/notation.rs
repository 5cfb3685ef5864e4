use crate::{Fields, KindNature, OtherKind};

/// The abbreviations that go into a symbol, as the directory has them on the day of issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    /// Of the issuing agency: "SNV", "UBND"; or of the advisory body that is shown as issuer: "BCĐ".
    pub agency: String,
    /// Of the drafting unit: "VP"; that of the agency again when it drafts itself.
    pub unit: String,
}

/// The symbol of a document (Appendix I, Part I.II.3): `QĐ-UBND`, for official letters `SNV-VP`, for what is normative with the year
/// `2026/QĐ-UBND`.
pub fn symbol(fields: &Fields, issuer: &Issuer, year: i16) -> String {
    match (&fields.other_kind, fields.kind.abbreviation()) {
        (Some(OtherKind { abbreviation, nature: KindNature::Normative, .. }), _) => {
            format!("{year}/{abbreviation}-{}", issuer.agency)
        }
        (Some(OtherKind { abbreviation, .. }), _) => format!("{abbreviation}-{}", issuer.agency),
        (None, Some(kind)) => format!("{kind}-{}", issuer.agency),
        (None, None) => format!("{}-{}", issuer.agency, issuer.unit),
    }
}

/// Number and symbol as printed: below 10 with a leading zero, no other padding, no spaces.
pub fn notation(number: i32, symbol: &str) -> String {
    format!("{number:02}/{symbol}")
}

#[cfg(test)]
mod tests {
    use base::Uuid;

    use super::*;
    use crate::{Kind, Urgency};

    fn fields(kind: Kind, other: Option<(&str, KindNature)>) -> Fields {
        let other_kind = other.map(|(abbreviation, nature)| OtherKind {
            id: Uuid::nil(),
            agency_id: None,
            name: String::new(),
            abbreviation: abbreviation.to_owned(),
            nature,
        });
        Fields {
            kind,
            other_kind,
            issuing_body: None,
            summary: String::new(),
            matter: String::new(),
            urgency: Urgency::Normal,
            language: "vi".to_owned(),
            pages: 0,
            note: String::new(),
            reply_due: None,
            circulation: None,
            recipients: Vec::new(),
            relations: Vec::new(),
        }
    }

    #[test]
    fn printed_as_the_decree_shows_them() {
        let issuer = |agency: &str, unit: &str| Issuer { agency: agency.to_owned(), unit: unit.to_owned() };
        let other = |abbreviation, nature| fields(Kind::Other, Some((abbreviation, nature)));
        let of = |kind| fields(kind, None);
        for (number, fields, agency, unit, printed) in [
            (15, of(Kind::Decision), "BNV", "VP", "15/QĐ-BNV"),
            (5, of(Kind::OfficialLetter), "BNV", "VP", "05/BNV-VP"),
            (12, of(Kind::OfficialLetter), "UBND", "VX", "12/UBND-VX"),
            (1, of(Kind::OfficialLetter), "SNV", "VP", "01/SNV-VP"),
            (1204, of(Kind::Rule), "UBND", "VP", "1204/QyĐ-UBND"),
            (9, of(Kind::Submission), "SGDĐT", "VP", "09/TTr-SGDĐT"),
            (10, of(Kind::Program), "UBND", "VP", "10/CTr-UBND"),
            (99, of(Kind::PublicLetter), "UBND", "VP", "99/UBND-VP"),
            (100, of(Kind::Notice), "BCĐ", "VP", "100/TB-BCĐ"),
            (3, other("GCN", KindNature::Sector), "SXD", "VP", "03/GCN-SXD"),
            (28, other("QĐ", KindNature::Normative), "UBND", "VP", "28/2026/QĐ-UBND"),
        ] {
            assert_eq!(notation(number, &symbol(&fields, &issuer(agency, unit), 2026)), printed);
        }
    }
}
