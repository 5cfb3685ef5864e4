//! How identifiers are written, and when two of them say the same.

use crate::{Flaw, Identifier, Scheme, code, limits, names::line};

impl Identifier {
    /// Whether both say the same on some day: an identifier may come again only when it has ended.
    pub fn collides(&self, other: &Self) -> bool {
        self.scheme == other.scheme && self.value == other.value && self.period.overlaps(other.period)
    }
}

impl Scheme {
    /// An identifier of this list as it is stored.
    pub fn read(self, text: &str) -> Result<String, Flaw> {
        match self {
            Self::Decision20 => code(text),
            Self::Decision28 => old_code(text),
            Self::Statistical => statistical(text),
            Self::Other => line(text, limits::OTHER_IDENTIFIER),
        }
    }
}

/// An identifier of the first generation: 13 characters in four groups with dots between them, level 1 at the right, as in
/// `000.00.05.H56` (Decision 28/2018/QĐ-TTg, Article 10.2a).
fn old_code(text: &str) -> Result<String, Flaw> {
    let shaped = code(text).map_err(|flaw| match flaw {
        Flaw::Missing => Flaw::Missing,
        _ => Flaw::NotAnOldCode,
    })?;
    let right = shaped.len() == limits::OLD_CODE && shaped.split('.').count() == 4;
    if right { Ok(shaped) } else { Err(Flaw::NotAnOldCode) }
}

/// A number in the list of communes of the statistics office.
fn statistical(text: &str) -> Result<String, Flaw> {
    let number = line(text, limits::OTHER_IDENTIFIER)?;
    let right = number.len() == limits::STATISTICAL && number.bytes().all(|byte| byte.is_ascii_digit());
    if right { Ok(number) } else { Err(Flaw::NotAStatisticalCode) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_comes_again_only_when_it_has_ended() {
        let day = |year| base::Date::constant(year, 7, 1);
        let borne = |from, until| Identifier {
            scheme: Scheme::Decision20,
            value: "H52.01".to_owned(),
            synthetic: false,
            period: crate::Period { from: day(from), until: day(until) },
        };
        assert!(borne(2020, 2025).collides(&borne(2024, 2030)));
        assert!(!borne(2020, 2025).collides(&borne(2025, 2030)));
        let other = Identifier { scheme: Scheme::Other, ..borne(2020, 2025) };
        assert!(!other.collides(&borne(2020, 2025)));
    }

    #[test]
    fn names_and_numbers_lead_back_to_the_scheme() {
        for scheme in Scheme::ALL {
            assert_eq!(Scheme::named(scheme.name()), Some(scheme));
            assert_eq!(Scheme::numbered(scheme.number()), Some(scheme));
        }
        assert_eq!((Scheme::numbered(0), Scheme::numbered(5)), (None, None));
    }

    #[test]
    fn each_list_writes_its_own_way() {
        use Scheme::{Decision20, Decision28, Other, Statistical};
        for (scheme, right) in [
            (Decision20, "H37.DN.001"),
            (Decision28, "000.00.05.H56"),
            (Decision28, "003.02.01.G09"),
            (Statistical, "03646"),
            (Other, "MST 0100109106-001"),
        ] {
            assert_eq!(scheme.read(&format!(" {right} ")).as_deref(), Ok(right));
        }
        for (scheme, wrong, flaw) in [
            (Decision20, "h37", Flaw::NotACode),
            (Decision28, "000.00.05.H5", Flaw::NotAnOldCode),
            (Decision28, "000.00.05H567", Flaw::NotAnOldCode),
            (Decision28, "000.00.05.h56", Flaw::NotAnOldCode),
            (Decision28, "000..0005.H56", Flaw::NotAnOldCode),
            (Decision28, "", Flaw::Missing),
            (Statistical, "3646a", Flaw::NotAStatisticalCode),
            (Statistical, "036460", Flaw::NotAStatisticalCode),
            (Other, "\u{7}", Flaw::ControlCharacters),
        ] {
            assert_eq!(scheme.read(wrong), Err(flaw), "{wrong}");
        }
    }
}
