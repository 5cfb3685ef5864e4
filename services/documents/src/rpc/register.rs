use base::{PageToken, legal_year};
use congvan_proto::documents::v1::{self as pb, register_service_server::RegisterService};
use documents_domain::{Description, Direction, Facts, Line, Officer, Register};
use kit::{Fault, Violations, caller::Caller};
use tonic::{Request, Response, Status};

use super::read::{filter, page};
use crate::{
    Documents, faults, officer, shape,
    store::{self, register::Entry},
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
        violations.check()?;
        if !officer.overseen_agencies().contains(&agency_id) {
            return Err(Fault::not_allowed(&faults::overseers()));
        }
        let register = Register { agency_id, direction, year };
        let name = format!("register/{agency_id}/{direction:?}/{year}");
        let token = PageToken::decode(&name, &request.page_token, 1).map_err(|_| Fault::bad_page_token())?;
        let after =
            token.map(|token| token.after[0].parse().map_err(|_| Fault::bad_page_token())).transpose()?;
        let mut read = self.db.read("list_register").await?;
        let found = store::register::entries(&mut read, register, after.unwrap_or(0), size + 1).await?;
        let (page, next) =
            page(found, size, |entry| PageToken::encode(&name, &[&entry.line.number.to_string()]));
        let entries = page.into_iter().map(shown).collect();
        Ok(pb::ListRegisterEntriesResponse { entries, next_page_token: next })
    }
}

fn shown(Entry { line, previous_hash, hash, recall_id }: Entry) -> pb::RegisterEntry {
    let Line { register, .. } = line;
    let entry = pb::RegisterEntry {
        agency_id: register.agency_id.to_string(),
        direction: register.direction.number(),
        year: i32::from(register.year),
        number: line.number,
        document_id: line.document_id.to_string(),
        counterpart_name: line.counterpart_name,
        create_time: Some(shape::time(line.entered_at)),
        previous_hash,
        hash,
        description_hash: line.description.hash(),
        recall_id: recall_id.map(|id| id.to_string()).unwrap_or_default(),
        ..pb::RegisterEntry::default()
    };
    let Description::Kept { facts, salt } = line.description else { return entry };
    let Facts { notation, issued_on, summary, signer_name } = facts;
    let (issued_date, description_salt) = (issued_on.to_string(), salt);
    pb::RegisterEntry { notation, issued_date, r#abstract: summary, signer_name, description_salt, ..entry }
}
