use base::Uuid;

use crate::{Kind, KindKey, KindNature, OtherKind, SeriesCode};

/// What a number series is for (Article 15).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeriesSort {
    /// The common one: all kinds that no other series names. It is always there.
    Common,
    /// Some kinds, as the head of the agency decides (Article 15.1c); for a normative kind, that kind alone (Article 15.1a).
    Ordinary,
    /// What a council, board or team issues under the seal of the agency (Article 15.1c).
    AdvisoryBody,
    /// Copies on paper (Appendix I, Part II). It is always there.
    Copies,
    /// Kinds of a sector, as the head of the sector authority decides (Article 15.1b).
    Sector,
}

/// A number series of an agency, as it is from some year on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberSeries {
    /// Its id, the same in all years.
    pub id: Uuid,
    /// Grows by one with each change.
    pub revision: i64,
    /// The agency.
    pub agency_id: Uuid,
    /// Its code.
    pub code: SeriesCode,
    /// The first year in which it is so.
    pub since_year: i16,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub sort: SeriesSort,
    /// The kinds in it; none for an advisory body, whose documents all are.
    pub kinds: Vec<KindKey>,
    /// The advisory body.
    pub body_id: Option<Uuid>,
    /// The decision that it rests on.
    pub basis: String,
    /// Whether that decision lets numbers be reserved.
    pub reservable: bool,
    /// Whether it is no more, from that year on.
    pub ended: bool,
}

/// What is wrong with a series that an agency wants to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SeriesFlaw {
    /// Another series has the code.
    CodeTaken,
    /// It names no kind.
    NoKinds,
    /// An advisory body's series names kinds.
    KindsOfBody,
    /// It names a kind twice: the place in it.
    Twice(usize),
    /// Another series names the kind: the place in it, and the other's code.
    Overlap(usize, SeriesCode),
    /// A kind is of another nature than the series: the place in it.
    WrongNature(usize),
    /// A normative kind does not stand alone: the place in it.
    NotAlone(usize),
    /// Công văn and thư công are printed alike and must not be numbered apart.
    PrintedAlike,
    /// No advisory body is named, or one is by a series of another sort.
    Body,
    /// Another series is that of the body.
    BodyTaken(SeriesCode),
    /// A sector's series names no decision, or one of another sort lets numbers be reserved.
    NoBasis,
    /// Only in a sector's series may numbers be reserved (Article 15: numbers follow the order of issue).
    NotReservable,
}

/// The series of an agency in a year, beside the common one and that of copies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scheme {
    /// In no order.
    pub series: Vec<NumberSeries>,
}

/// Why a document has no series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoSeries {
    /// The advisory body has none of its own.
    Body,
    /// The normative kind has none of its own.
    Normative,
}

impl SeriesSort {
    /// Every sort, in the order of the contracts.
    pub const ALL: [Self; 5] = [Self::Common, Self::Ordinary, Self::AdvisoryBody, Self::Copies, Self::Sector];

    /// Its number in the contracts and the database.
    pub fn number(self) -> i32 {
        self as i32 + 1
    }

    /// The sort with this number.
    pub fn numbered(number: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.number() == number)
    }
}

impl Scheme {
    /// The series that numbers what an agency, or an advisory body of it, issues of a kind.
    pub fn series_of(
        &self,
        kind: KindKey,
        other: Option<&OtherKind>,
        body_id: Option<Uuid>,
    ) -> Result<SeriesCode, NoSeries> {
        if body_id.is_some() {
            let own = self.series.iter().find(|series| series.body_id == body_id);
            return own.map(|series| series.code).ok_or(NoSeries::Body);
        }
        let naming = self.series.iter().find(|series| series.kinds.contains(&kind));
        match (naming, other) {
            (Some(series), _) => Ok(series.code),
            (None, Some(OtherKind { nature: KindNature::Normative, .. })) => Err(NoSeries::Normative),
            (None, _) => Ok(SeriesCode::COMMON),
        }
    }

    /// The series with this code.
    pub fn coded(&self, code: SeriesCode) -> Option<&NumberSeries> {
        self.series.iter().find(|series| series.code == code)
    }

    /// Everything that is wrong with a series beside the others of the year. `others` are the kinds of the catalogue that it names.
    pub fn flaws(&self, wanted: &NumberSeries, others: &[OtherKind]) -> Vec<SeriesFlaw> {
        let rest: Vec<_> = self.series.iter().filter(|series| series.id != wanted.id).collect();
        let mut flaws = Vec::new();
        let taken = wanted.code.is_common() || wanted.code == SeriesCode::COPIES;
        if taken || rest.iter().any(|series| series.code == wanted.code) {
            flaws.push(SeriesFlaw::CodeTaken);
        }
        flaws.extend(flaws_of_kinds(wanted, others));
        for (place, kind) in wanted.kinds.iter().enumerate() {
            let naming = rest.iter().find(|series| series.kinds.contains(kind));
            flaws.extend(naming.map(|series| SeriesFlaw::Overlap(place, series.code)));
        }
        let of_body = wanted.sort == SeriesSort::AdvisoryBody;
        if of_body != wanted.body_id.is_some() {
            flaws.push(SeriesFlaw::Body);
        }
        let body = rest.iter().find(|series| series.body_id.is_some() && series.body_id == wanted.body_id);
        flaws.extend(body.map(|series| SeriesFlaw::BodyTaken(series.code)));
        if wanted.sort == SeriesSort::Sector && wanted.basis.is_empty() {
            flaws.push(SeriesFlaw::NoBasis);
        }
        if wanted.sort != SeriesSort::Sector && wanted.reservable {
            flaws.push(SeriesFlaw::NotReservable);
        }
        flaws
    }
}

/// What is wrong with the kinds of a series by themselves.
fn flaws_of_kinds(wanted: &NumberSeries, others: &[OtherKind]) -> Vec<SeriesFlaw> {
    let kinds = &wanted.kinds;
    if wanted.sort == SeriesSort::AdvisoryBody {
        return if kinds.is_empty() { Vec::new() } else { vec![SeriesFlaw::KindsOfBody] };
    }
    let mut flaws = Vec::new();
    if kinds.is_empty() {
        flaws.push(SeriesFlaw::NoKinds);
    }
    let nature =
        |kind: &KindKey| others.iter().find(|other| KindKey::Other(other.id) == *kind).map(|one| one.nature);
    for (place, kind) in kinds.iter().enumerate() {
        if kinds[..place].contains(kind) {
            flaws.push(SeriesFlaw::Twice(place));
        }
        let of_sector = nature(kind) == Some(KindNature::Sector);
        if of_sector != (wanted.sort == SeriesSort::Sector) {
            flaws.push(SeriesFlaw::WrongNature(place));
        } else if nature(kind) == Some(KindNature::Normative) && kinds.len() > 1 {
            flaws.push(SeriesFlaw::NotAlone(place));
        }
    }
    let names = |kind| kinds.contains(&KindKey::Decreed(kind));
    if names(Kind::OfficialLetter) != names(Kind::PublicLetter) {
        flaws.push(SeriesFlaw::PrintedAlike);
    }
    flaws
}

#[cfg(test)]
mod tests {
    use super::*;

    const DECISION: KindKey = KindKey::Decreed(Kind::Decision);
    const NOTICE: KindKey = KindKey::Decreed(Kind::Notice);

    fn series(id: u128, code: &str, sort: SeriesSort, kinds: &[KindKey]) -> NumberSeries {
        NumberSeries {
            id: Uuid::from_u128(id),
            revision: 1,
            agency_id: Uuid::from_u128(7),
            code: SeriesCode::parse(code).expect("a code"),
            since_year: 2026,
            name: code.to_owned(),
            sort,
            kinds: kinds.to_vec(),
            body_id: None,
            basis: String::new(),
            reservable: false,
            ended: false,
        }
    }

    fn kind(id: u128, nature: KindNature) -> OtherKind {
        OtherKind {
            id: Uuid::from_u128(id),
            agency_id: None,
            name: String::new(),
            abbreviation: String::new(),
            nature,
        }
    }

    #[test]
    fn every_document_has_one_series() {
        let body = NumberSeries {
            body_id: Some(Uuid::from_u128(9)),
            ..series(2, "BCD", SeriesSort::AdvisoryBody, &[])
        };
        let scheme = Scheme { series: vec![series(1, "QD", SeriesSort::Ordinary, &[DECISION]), body] };
        let told = |kind, other, body| scheme.series_of(kind, other, body).map(|code| code.to_string());
        assert_eq!(told(DECISION, None, None), Ok("QD".to_owned()));
        assert_eq!(told(NOTICE, None, None), Ok(String::new()));
        assert_eq!(told(DECISION, None, Some(Uuid::from_u128(9))), Ok("BCD".to_owned()), "whatever the kind");
        assert_eq!(told(NOTICE, None, Some(Uuid::from_u128(10))), Err(NoSeries::Body));
        let (sector, normative) = (kind(20, KindNature::Sector), kind(21, KindNature::Normative));
        assert_eq!(told(KindKey::Other(sector.id), Some(&sector), None), Ok(String::new()));
        assert_eq!(told(KindKey::Other(normative.id), Some(&normative), None), Err(NoSeries::Normative));
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let (sector, normative) = (kind(20, KindNature::Sector), kind(21, KindNature::Normative));
        let others = [sector.clone(), normative.clone()];
        let (sector, normative) = (KindKey::Other(sector.id), KindKey::Other(normative.id));
        let scheme = Scheme { series: vec![series(1, "QD", SeriesSort::Ordinary, &[DECISION])] };
        let letters = [KindKey::Decreed(Kind::OfficialLetter)];
        let code = SeriesCode::parse("QD").expect("a code");
        for (wanted, flaws) in [
            (series(2, "TB", SeriesSort::Ordinary, &[NOTICE]), vec![]),
            (series(1, "QD", SeriesSort::Ordinary, &[DECISION, NOTICE]), vec![]),
            (series(2, "QD", SeriesSort::Ordinary, &[]), vec![SeriesFlaw::CodeTaken, SeriesFlaw::NoKinds]),
            (series(2, "SAO", SeriesSort::Ordinary, &[NOTICE]), vec![SeriesFlaw::CodeTaken]),
            (
                series(2, "X", SeriesSort::Ordinary, &[NOTICE, DECISION, NOTICE]),
                vec![SeriesFlaw::Twice(2), SeriesFlaw::Overlap(1, code)],
            ),
            (series(2, "CV", SeriesSort::Ordinary, &letters), vec![SeriesFlaw::PrintedAlike]),
            (series(2, "X", SeriesSort::Ordinary, &[sector]), vec![SeriesFlaw::WrongNature(0)]),
            (series(2, "X", SeriesSort::Ordinary, &[normative]), vec![]),
            (series(2, "X", SeriesSort::Ordinary, &[NOTICE, normative]), vec![SeriesFlaw::NotAlone(1)]),
            (
                series(2, "X", SeriesSort::Sector, &[sector, NOTICE]),
                vec![SeriesFlaw::WrongNature(1), SeriesFlaw::NoBasis],
            ),
            (
                series(2, "B", SeriesSort::AdvisoryBody, &[NOTICE]),
                vec![SeriesFlaw::KindsOfBody, SeriesFlaw::Body],
            ),
            (
                NumberSeries { reservable: true, ..series(2, "TB", SeriesSort::Ordinary, &[NOTICE]) },
                vec![SeriesFlaw::NotReservable],
            ),
        ] {
            assert_eq!(scheme.flaws(&wanted, &others), flaws, "{wanted:?}");
        }
    }
}
