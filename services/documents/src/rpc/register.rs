use base::{PageToken, Uuid, legal_year};
use congvan_proto::documents::v1::{self as pb, register_service_server::RegisterService};
use documents_domain::{Description, Direction, Facts, Line, Officer, Register, SeriesCode};
use kit::{Fault, Violations, caller::Caller};
use tonic::{Request, Response, Status};

use super::read::{filter, page};
use crate::{
    Documents, faults, officer, shape,
    store::{self, register::Written},
};

#[tonic::async_trait]
impl RegisterService for Documents {
    async fn list_register_entries(
        &self,
        request: Request<pb::ListRegisterEntriesRequest>,
    ) -> Result<Response<pb::ListRegisterEntriesResponse>, Status> {
        let officer = officer::of(&Caller::of(&request)?)?;
        Ok(Response::new(self.entries(&officer, request.into_inner()).await?))
    }
}

impl Documents {
    async fn entries(
        &self,
        officer: &Officer,
        request: pb::ListRegisterEntriesRequest,
    ) -> Result<pb::ListRegisterEntriesResponse, Fault> {
        let mut violations = Violations::default();
        let agency_id = violations.id("agencyId", &request.agency_id);
        let size = violations.page_size(request.page_size, 100, 1000);
        let year = match request.year {
            0 => legal_year(self.clock.now()),
            year => {
                i16::try_from(year).ok().filter(|year| (1900..=9999).contains(year)).unwrap_or_else(|| {
                    violations.add("year", "từ 1900 đến 9999", "must be 1900 to 9999");
                    0
                })
            }
        };
        let direction = filter(&mut violations, "direction", request.direction, Direction::numbered);
        let direction = direction.unwrap_or(Direction::Outgoing);
        let series = series(&request.series, &mut violations);
        violations.check()?;
        if !officer.overseen_agencies().contains(&agency_id) {
            return Err(Fault::not_allowed(&faults::overseers()));
        }
        let register = Register { agency_id, direction, series, year };
        let name = format!("register/{agency_id}/{direction:?}/{series}/{year}");
        let token = PageToken::decode(&name, &request.page_token, 1).map_err(|_| Fault::bad_page_token())?;
        let after =
            token.map(|token| token.after[0].parse().map_err(|_| Fault::bad_page_token())).transpose()?;
        let mut read = self.db.read("list_register").await?;
        let found = store::register::entries(&mut read, register, after.unwrap_or(0), size + 1).await?;
        let (page, next) =
            page(found, size, |entry| PageToken::encode(&name, &[&entry.line.ordinal.to_string()]));
        let entries = page.into_iter().map(shown).collect();
        Ok(pb::ListRegisterEntriesResponse { entries, next_page_token: next })
    }
}

/// The code of a series that is asked for; the common one when none is.
fn series(text: &str, violations: &mut Violations) -> SeriesCode {
    SeriesCode::parse(text).unwrap_or_else(|| {
        violations.add(
            "series",
            "chỉ gồm chữ in hoa A–Z, chữ số và gạch nối, tối đa 16 ký tự",
            "is up to 16 capital letters A–Z, digits and hyphens",
        );
        SeriesCode::COMMON
    })
}

fn shown(Written { line, previous_hash, hash, recall_id }: Written) -> pb::RegisterEntry {
    let Line { register, ordinal, entry } = line;
    let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let shown = pb::RegisterEntry {
        agency_id: register.agency_id.to_string(),
        direction: register.direction.number(),
        year: i32::from(register.year),
        number: entry.number,
        document_id: id(entry.document_id),
        counterpart_name: entry.counterpart_name,
        create_time: Some(shape::time(entry.entered_at)),
        previous_hash,
        hash,
        line: ordinal,
        act: entry.act.number(),
        series: register.series.to_string(),
        reason: entry.reason,
        copy_id: id(entry.copy_id),
        holder_name: entry.holder_name,
        reserved_until_date: entry.reserved_until.map(|date| date.to_string()).unwrap_or_default(),
        officer_name: entry.officer_name,
        description_hash: entry.description.as_ref().map(Description::hash).unwrap_or_default(),
        recall_id: id(recall_id),
        ..pb::RegisterEntry::default()
    };
    let Some(Description::Kept { facts, salt }) = entry.description else { return shown };
    let Facts { notation, issued_on, summary, signer_name } = facts;
    let (issued_date, description_salt) = (issued_on.to_string(), salt);
    pb::RegisterEntry { notation, issued_date, r#abstract: summary, signer_name, description_salt, ..shown }
}
