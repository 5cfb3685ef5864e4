//! Number series as they are written in requests, with everything that is wrong with them.

use base::Uuid;
use congvan_proto::documents::v1 as pb;
use documents_domain::{Kind, KindKey, NumberSeries, SeriesCode, SeriesFlaw, SeriesSort, limits};
use kit::{Fault, Violations};
use sql::Queries;

use crate::{Documents, store};

/// A series that an agency wants to have.
pub(super) struct Wanted {
    pub(super) series: NumberSeries,
}

impl Wanted {
    /// A new series.
    pub(super) fn parse(id: Uuid, asked: &pb::NumberSeries, now: i16, violations: &mut Violations) -> Self {
        let creatable = [SeriesSort::Ordinary, SeriesSort::AdvisoryBody, SeriesSort::Sector];
        let sort = SeriesSort::numbered(asked.sort).filter(|sort| creatable.contains(sort));
        let sort = sort.unwrap_or_else(|| {
            violations.add(
                "series.sort",
                "phải là ORDINARY, ADVISORY_BODY hoặc SECTOR; dãy số chung và dãy số bản sao luôn có sẵn",
                "must be ORDINARY, ADVISORY_BODY or SECTOR; the common series and that of copies are always there",
            );
            SeriesSort::Ordinary
        });
        let code = SeriesCode::parse(&asked.code).filter(|code| !code.is_common());
        let code = code.unwrap_or_else(|| {
            violations.add(
                "series.code",
                "bắt buộc, gồm chữ in hoa A–Z, chữ số và gạch nối, tối đa 16 ký tự",
                "is required: up to 16 capital letters A–Z, digits and hyphens",
            );
            SeriesCode::COMMON
        });
        let series = NumberSeries {
            id,
            revision: 1,
            agency_id: violations.id("series.agencyId", &asked.agency_id),
            code,
            since_year: year_of("series.sinceYear", asked.since_year, now, violations),
            name: violations.text("series.name", &asked.name, true, limits::SERIES_NAME),
            sort,
            kinds: kinds(asked, violations),
            body_id: violations.optional_id("series.issuingBodyId", &asked.issuing_body_id),
            basis: violations.text("series.basis", &asked.basis, false, limits::BASIS),
            reservable: asked.allows_reservation,
            ended: false,
        };
        Self { series }
    }

    /// A series as it is to be from a year on.
    pub(super) fn changed(
        before: &NumberSeries,
        asked: &pb::NumberSeries,
        year: i16,
        violations: &mut Violations,
    ) -> NumberSeries {
        NumberSeries {
            revision: before.revision + 1,
            since_year: year,
            name: violations.text("series.name", &asked.name, true, limits::SERIES_NAME),
            kinds: kinds(asked, violations),
            basis: violations.text("series.basis", &asked.basis, false, limits::BASIS),
            reservable: asked.allows_reservation,
            ..before.clone()
        }
    }

    /// Whether the advisory body is a unit of the agency whose abbreviation no other issuer of the agency prints.
    pub(super) async fn check_body(
        &self,
        service: &Documents,
        violations: &mut Violations,
    ) -> Result<(), Fault> {
        let NumberSeries { agency_id, since_year, body_id, id, .. } = self.series;
        let Some(body_id) = body_id else { return Ok(()) };
        let mut read = service.db.read("find_number_series").await?;
        let scheme = store::number_series::scheme(&mut read, agency_id, since_year).await?;
        drop(read);
        let others =
            scheme.series.iter().filter(|series| series.id != id).filter_map(|series| series.body_id);
        let issuers: Vec<_> = others.chain([agency_id]).filter(|other| *other != body_id).collect();
        let units = service.units(issuers.iter().copied().chain([body_id])).await?;
        if !units.is_inner(body_id, agency_id) {
            violations.add(
                "series.issuingBodyId",
                "hôm nay không phải là một đơn vị bên trong cơ quan",
                "is no inner unit of the agency today",
            );
        } else if let Some(other) = units.same_abbreviation(body_id, &issuers) {
            violations.add(
                "series.issuingBodyId",
                format!("có chữ viết tắt trùng với {other}; số và ký hiệu của hai nơi sẽ trùng nhau"),
                format!("has the abbreviation of {other}: their numbers and symbols would be the same"),
            );
        }
        Ok(())
    }
}

/// This year or the next; this one when none is named.
pub(super) fn year_of(field: &str, year: i32, now: i16, violations: &mut Violations) -> i16 {
    let next = now + 1;
    match i16::try_from(year) {
        Ok(0) => now,
        Ok(year) if (now..=next).contains(&year) => year,
        _ => {
            violations.add(field, format!("là {now} hoặc {next}"), format!("is {now} or {next}"));
            now
        }
    }
}

fn kinds(asked: &pb::NumberSeries, violations: &mut Violations) -> Vec<KindKey> {
    let mut kinds = Vec::new();
    for (index, number) in asked.kinds.iter().enumerate() {
        match Kind::numbered(*number).filter(|kind| *kind != Kind::Other) {
            Some(kind) => kinds.push(KindKey::Decreed(kind)),
            None => violations.add(
                format!("series.kinds[{index}]"),
                "không phải là một trong 29 loại; loại khác ghi ở otherKindIds",
                "is none of the 29 kinds; others are named in otherKindIds",
            ),
        }
    }
    for (index, id) in asked.other_kind_ids.iter().enumerate() {
        kinds.push(KindKey::Other(violations.id(&format!("series.otherKindIds[{index}]"), id)));
    }
    kinds
}

/// Everything that is wrong with a series beside the others of its year, and of the next.
pub(super) async fn flaws(
    db: &mut impl Queries,
    series: &NumberSeries,
    violations: &mut Violations,
) -> Result<(), Fault> {
    let catalogue = store::document_kind::of_agency(db, Some(series.agency_id)).await?;
    let others: Vec<_> = catalogue.into_iter().map(|one| one.kind).collect();
    let place = Place::of(series);
    for (index, kind) in series.kinds.iter().enumerate() {
        if let KindKey::Other(id) = kind
            && !id.is_nil()
            && !others.iter().any(|other| other.id == *id)
        {
            violations.add(
                place.kind(index),
                "không có trong danh mục của cơ quan",
                "is not in the agency's catalogue",
            );
        }
    }
    let mut found = Vec::new();
    for year in [series.since_year, series.since_year + 1] {
        let scheme = store::number_series::scheme(db, series.agency_id, year).await?;
        for flaw in scheme.flaws(series, &others) {
            if !found.contains(&flaw) {
                found.push(flaw);
            }
        }
    }
    for flaw in found {
        let (field, vi, en) = place.told(&flaw);
        violations.add(field, vi, en);
    }
    Ok(())
}

/// Where the kinds of a series stand in the request.
struct Place {
    decreed: usize,
}

impl Place {
    fn of(series: &NumberSeries) -> Self {
        let decreed = series.kinds.iter().filter(|kind| matches!(kind, KindKey::Decreed(_))).count();
        Self { decreed }
    }

    fn kind(&self, index: usize) -> String {
        match index.checked_sub(self.decreed) {
            None => format!("series.kinds[{index}]"),
            Some(other) => format!("series.otherKindIds[{other}]"),
        }
    }

    /// The field, and what is wrong with it.
    fn told(&self, flaw: &SeriesFlaw) -> (String, String, String) {
        let (field, vi, en) = match flaw {
            SeriesFlaw::CodeTaken => {
                ("series.code".to_owned(), "đã là mã của dãy số khác", "is the code of another series")
            }
            SeriesFlaw::NoKinds => ("series.kinds".to_owned(), "phải nêu ít nhất một loại", "names no kind"),
            SeriesFlaw::KindsOfBody => (
                "series.kinds".to_owned(),
                "để trống: dãy số của tổ chức tư vấn gồm mọi loại văn bản của tổ chức đó",
                "must be empty: the series of an advisory body is of all that it issues",
            ),
            SeriesFlaw::Twice(index) => (self.kind(*index), "đã nêu ở trên", "is named twice"),
            SeriesFlaw::Overlap(index, code) => {
                let (vi, en) = (format!("đã thuộc dãy số {code}"), format!("is in series {code} already"));
                return (self.kind(*index), vi, en);
            }
            SeriesFlaw::WrongNature(index) => (
                self.kind(*index),
                "văn bản chuyên ngành chỉ thuộc dãy số SECTOR, loại khác không thuộc dãy số đó",
                "kinds of a sector are in series of the sort SECTOR, and no others are",
            ),
            SeriesFlaw::NotAlone(index) => (
                self.kind(*index),
                "loại văn bản quy phạm pháp luật phải có dãy số riêng (Điều 15)",
                "a normative kind has a series for itself (Article 15)",
            ),
            SeriesFlaw::PrintedAlike => (
                "series.kinds".to_owned(),
                "công văn và thư công có ký hiệu như nhau, phải cùng một dãy số",
                "công văn and thư công have the same symbols: they are in one series",
            ),
            SeriesFlaw::Body => (
                "series.issuingBodyId".to_owned(),
                "bắt buộc đối với dãy số ADVISORY_BODY, để trống đối với dãy số khác",
                "is required for the sort ADVISORY_BODY, and empty for others",
            ),
            SeriesFlaw::BodyTaken(code) => {
                let (vi, en) = (format!("đã có dãy số {code}"), format!("has series {code} already"));
                return ("series.issuingBodyId".to_owned(), vi, en);
            }
            SeriesFlaw::NoBasis => (
                "series.basis".to_owned(),
                "phải nêu quyết định của người đứng đầu cơ quan quản lý ngành (Điều 15)",
                "must name the decision of the head of the sector authority (Article 15)",
            ),
            SeriesFlaw::NotReservable => (
                "series.allowsReservation".to_owned(),
                "số văn bản hành chính theo thứ tự và thời gian ban hành (Điều 15): không được giữ trước",
                "numbers of administrative documents follow the order and time of issue (Article 15): none is reserved",
            ),
        };
        (field, vi.to_owned(), en.to_owned())
    }
}
