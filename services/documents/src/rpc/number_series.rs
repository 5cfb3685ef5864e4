use base::{Date, Uuid, legal_date, legal_year};
use congvan_proto::documents::v1::{self as pb, number_series_service_server::NumberSeriesService};
use documents_domain::{Direction, KindKey, NumberSeries, Officer, Register, SeriesCode, SeriesSort};
use kit::{Fault, Violations, caller::Caller};
use sql::{Queries, Write, answers::Once};
use tonic::{Request, Response, Status};

use super::number_series_fields::{Wanted, flaws, year_of};
use crate::{Documents, faults, officer, shape, store};

/// A call to the function that does it, in the name of an officer; the list alone is open to all.
macro_rules! calls {
    ($($name:ident: $request:ident -> $response:ident = $function:ident;)+) => {
        #[tonic::async_trait]
        impl NumberSeriesService for Documents {
            async fn list_number_series(
                &self,
                request: Request<pb::ListNumberSeriesRequest>,
            ) -> Result<Response<pb::ListNumberSeriesResponse>, Status> {
                Ok(Response::new(self.series_of(request.into_inner()).await?))
            }

            $(async fn $name(
                &self,
                request: Request<pb::$request>,
            ) -> Result<Response<pb::$response>, Status> {
                let officer = officer::of(&Caller::of(&request)?)?;
                Ok(Response::new(self.$function(&officer, request.into_inner()).await?))
            })+
        }
    };
}

calls! {
    create_number_series: CreateNumberSeriesRequest -> CreateNumberSeriesResponse = create_series;
    update_number_series: UpdateNumberSeriesRequest -> UpdateNumberSeriesResponse = update_series;
    end_number_series: EndNumberSeriesRequest -> EndNumberSeriesResponse = end_series;
}

impl Documents {
    async fn series_of(
        &self,
        request: pb::ListNumberSeriesRequest,
    ) -> Result<pb::ListNumberSeriesResponse, Fault> {
        let mut violations = Violations::default();
        let agency_id = violations.id("agencyId", &request.agency_id);
        let now = legal_year(self.clock.now());
        let year = match i16::try_from(request.year) {
            Ok(0) => now,
            Ok(year) if (1900..=9999).contains(&year) => year,
            _ => {
                violations.add("year", "từ 1900 đến 9999", "must be 1900 to 9999");
                now
            }
        };
        violations.check()?;
        let mut read = self.db.read("list_number_series").await?;
        let scheme = store::number_series::scheme(&mut read, agency_id, year).await?;
        let given = [
            (SeriesSort::Common, SeriesCode::COMMON, "Dãy số chung"),
            (SeriesSort::Copies, SeriesCode::COPIES, "Bản sao"),
        ];
        let given = given.map(|(sort, code, name)| shape::series::given(agency_id, sort, code, name));
        let series = given.into_iter().chain(scheme.series.iter().map(shape::series::series)).collect();
        Ok(pb::ListNumberSeriesResponse { series })
    }

    async fn create_series(
        &self,
        officer: &Officer,
        request: pb::CreateNumberSeriesRequest,
    ) -> Result<pb::CreateNumberSeriesResponse, Fault> {
        let mut violations = Violations::default();
        let wanted = request.series.clone().unwrap_or_default();
        let (id, now) = (self.ids.next(), self.clock.now());
        let wanted = Wanted::parse(id, &wanted, legal_year(now), &mut violations);
        let (user, id) = (officer.user_id, &request.request_id);
        let once = Once::new("CreateNumberSeries", user, id, &request, &mut violations);
        may_lay_down(officer, wanted.series.agency_id, &mut violations)?;
        wanted.check_body(self, &mut violations).await?;

        let mut tx = self.db.write("create_number_series").await?;
        if violations.is_empty()
            && let Some(answer) = once.recall(&mut tx, now).await?
        {
            return Ok(answer);
        }
        let series = wanted.series;
        flaws(&mut tx, &series, &mut violations).await?;
        violations.check()?;
        self.none_taken(&mut tx, &series).await?;
        store::number_series::save(&mut tx, &series, officer, now).await?;
        let answer = pb::CreateNumberSeriesResponse { series: Some(shape::series::series(&series)) };
        once.remember(&mut tx, &answer).await?;
        tx.commit().await?;
        Ok(answer)
    }

    async fn update_series(
        &self,
        officer: &Officer,
        request: pb::UpdateNumberSeriesRequest,
    ) -> Result<pb::UpdateNumberSeriesResponse, Fault> {
        let mut violations = Violations::default();
        let asked = request.series.clone().unwrap_or_default();
        let now = self.clock.now();
        let id = violations.id("series.id", &asked.id);
        let agency_id = violations.id("series.agencyId", &asked.agency_id);
        let year = year_of("series.sinceYear", asked.since_year, legal_year(now), &mut violations);
        needs_revision("series.revision", asked.revision, &mut violations);
        let (user, request_id) = (officer.user_id, &request.request_id);
        let once = Once::new("UpdateNumberSeries", user, request_id, &request, &mut violations);
        may_lay_down(officer, agency_id, &mut violations)?;

        let mut tx = self.db.write("update_number_series").await?;
        if violations.is_empty()
            && let Some(answer) = once.recall(&mut tx, now).await?
        {
            return Ok(answer);
        }
        let before = find(&mut tx, agency_id, id, year).await;
        let Ok(before) = before else {
            violations.check()?;
            return Err(faults::series::no_series(id));
        };
        let series = Wanted::changed(&before, &asked, year, &mut violations);
        flaws(&mut tx, &series, &mut violations).await?;
        violations.check()?;
        if series.kinds != before.kinds {
            self.none_taken(&mut tx, &series).await?;
        }
        if asked.revision != before.revision {
            return Err(Fault::stale(before.revision));
        }
        store::number_series::save(&mut tx, &series, officer, now).await?;
        let answer = pb::UpdateNumberSeriesResponse { series: Some(shape::series::series(&series)) };
        once.remember(&mut tx, &answer).await?;
        tx.commit().await?;
        Ok(answer)
    }

    async fn end_series(
        &self,
        officer: &Officer,
        request: pb::EndNumberSeriesRequest,
    ) -> Result<pb::EndNumberSeriesResponse, Fault> {
        let mut violations = Violations::default();
        let now = self.clock.now();
        let (agency_id, id) =
            (violations.id("agencyId", &request.agency_id), violations.id("id", &request.id));
        let year = year_of("year", request.year, legal_year(now), &mut violations);
        needs_revision("revision", request.revision, &mut violations);
        let (user, request_id) = (officer.user_id, &request.request_id);
        let once = Once::new("EndNumberSeries", user, request_id, &request, &mut violations);
        may_lay_down(officer, agency_id, &mut violations)?;
        violations.check()?;

        let mut tx = self.db.write("end_number_series").await?;
        if let Some(answer) = once.recall(&mut tx, now).await? {
            return Ok(answer);
        }
        let before = find(&mut tx, agency_id, id, year).await?;
        let series =
            NumberSeries { since_year: year, revision: before.revision + 1, ended: true, ..before.clone() };
        self.none_taken(&mut tx, &series).await?;
        if request.revision != before.revision {
            return Err(Fault::stale(before.revision));
        }
        store::number_series::save(&mut tx, &series, officer, now).await?;
        let answer = pb::EndNumberSeriesResponse { series: Some(shape::series::series(&before)) };
        once.remember(&mut tx, &answer).await?;
        tx.commit().await?;
        Ok(answer)
    }

    /// Fails if the year has numbers of the series, or of what it takes from the common one. Both registers stay locked, so that none is taken
    /// before the series is laid down; whoever waits for one asks again how the document is numbered.
    async fn none_taken(&self, tx: &mut Write, series: &NumberSeries) -> Result<(), Fault> {
        let on = legal_date(self.clock.now());
        let (agency_id, year) = (series.agency_id, series.since_year);
        let common = Register::common(agency_id, Direction::Outgoing, year);
        let own = Register { series: series.code, ..common };
        if series.sort != SeriesSort::AdvisoryBody {
            let last = last_number(tx, common, on).await?;
            if last > 0 && is_numbered(tx, series).await? {
                return Err(faults::series::numbers_taken(common, last));
            }
        }
        match last_number(tx, own, on).await? {
            0 => Ok(()),
            last => Err(faults::series::numbers_taken(own, last)),
        }
    }
}

/// The last number of a register, which is locked.
async fn last_number(tx: &mut Write, register: Register, on: Date) -> Result<i64, Fault> {
    Ok(match store::register::take(tx, register, 0, on).await? {
        Ok(taken) => i64::from(taken.number()),
        Err(_) => store::ledger::end(tx, register).await?.number,
    })
}

/// Whether the common series, which has numbers of the year, may have given some to kinds of this one: of the catalogue that is known, and
/// of the 29 taken for granted.
async fn is_numbered(tx: &mut Write, series: &NumberSeries) -> Result<bool, Fault> {
    let mut others = Vec::new();
    for kind in &series.kinds {
        match kind {
            KindKey::Decreed(_) => return Ok(true),
            KindKey::Other(id) => others.push(*id),
        }
    }
    let since = Date::new(series.since_year, 1, 1).map_err(Fault::internal)?;
    Ok(store::document_kind::is_numbered(tx, others, series.agency_id, since).await?)
}

fn needs_revision(field: &str, revision: i64, violations: &mut Violations) {
    if revision < 1 {
        violations.add(field, "bắt buộc, từ 1 trở lên", "is required, from 1");
    }
}

/// Leaders and document office of the agency. Where none is named, that is told first.
fn may_lay_down(officer: &Officer, agency_id: Uuid, violations: &mut Violations) -> Result<(), Fault> {
    if agency_id.is_nil() {
        return std::mem::take(violations).check();
    }
    if officer.oversees(agency_id) { Ok(()) } else { Err(Fault::not_allowed(&faults::overseers())) }
}

/// The series of an agency with this id, as it is in a year.
async fn find(db: &mut impl Queries, agency_id: Uuid, id: Uuid, year: i16) -> Result<NumberSeries, Fault> {
    let scheme = store::number_series::scheme(db, agency_id, year).await?;
    let found = scheme.series.into_iter().find(|series| series.id == id);
    found.ok_or_else(|| faults::series::no_series(id))
}
