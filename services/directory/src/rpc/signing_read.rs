use base::{Date, Uuid};
use congvan_proto::directory::v1 as pb;
use directory_domain::{Chart, DocumentKind};
use kit::{Fault, Violations, caller::Caller};

use super::{
    dates::{as_of, day},
    last_key, page,
    signing_fields::{document_kind, matter},
};
use crate::{
    Directory, faults,
    permission::agency::reads_authorities,
    shape::signing as shape,
    store::{self, signing::Filter},
};

/// Reads one authority.
pub(super) async fn get(
    service: &Directory,
    caller: &Caller,
    request: pb::GetSigningAuthorityRequest,
) -> Result<pb::GetSigningAuthorityResponse, Fault> {
    let mut violations = Violations::default();
    let id = violations.id("id", &request.id);
    violations.check()?;
    let found = store::signing::find(&mut service.db.read("get_signing_authority").await?, id).await?;
    // Who may not read it does not learn either that there is none.
    reads_authorities(caller, found.as_ref().map(|found| found.agency_id).unwrap_or_default())?;
    let authority = found.ok_or_else(|| faults::signing::no_signing_authority(id))?;
    Ok(pb::GetSigningAuthorityResponse { signing_authority: Some(shape::authority(&authority)) })
}

/// Lists the authorities of an agency.
pub(super) async fn list(
    service: &Directory,
    caller: &Caller,
    request: pb::ListSigningAuthoritiesRequest,
) -> Result<pb::ListSigningAuthoritiesResponse, Fault> {
    let mut violations = Violations::default();
    let agency_id = violations.id("agencyId", &request.agency_id);
    reads_authorities(caller, agency_id)?;
    let grantee_position_id = violations.optional_id("granteePositionId", &request.grantee_position_id);
    let live_on = day("liveDate", &request.live_date, &mut violations);
    let size = violations.page_size(request.page_size, 100, 1000);
    violations.check()?;
    let list = format!("signing/{agency_id}/{grantee_position_id:?}/{live_on:?}");
    let after = last_key(&list, &request.page_token)?.parse().unwrap_or(Uuid::nil());
    let filter = Filter { agency_id, grantee_position_id, live_on };
    let mut read = service.db.read("list_signing_authorities").await?;
    let found = store::signing::list(&mut read, filter, after, size + 1).await?;
    let authorities = found.iter().map(shape::authority).collect();
    let (signing_authorities, next_page_token) =
        page(authorities, size, &list, |authority: &pb::SigningAuthority| &authority.id);
    Ok(pb::ListSigningAuthoritiesResponse { signing_authorities, next_page_token })
}

/// Tells who may sign.
pub(super) async fn find(
    service: &Directory,
    _: &Caller,
    request: pb::FindSignersRequest,
) -> Result<pb::FindSignersResponse, Fault> {
    let mut violations = Violations::default();
    let pb::FindSignersRequest { agency_id, document_kind, matter, as_of_date } = request;
    let document =
        Document::parse(service, [&agency_id, &document_kind, &matter, &as_of_date], &mut violations);
    violations.check()?;
    let chart = document.chart(service, "find_signers").await?;
    let found = directory_domain::signers(&chart, document.kind()?, &document.matter);
    Ok(pb::FindSignersResponse { signers: found.iter().map(shape::signer).collect() })
}

/// Tells how a user may sign, or what is missing.
pub(super) async fn check(
    service: &Directory,
    _: &Caller,
    request: pb::CheckSignerRequest,
) -> Result<pb::CheckSignerResponse, Fault> {
    let mut violations = Violations::default();
    let pb::CheckSignerRequest { agency_id, user_id, document_kind, matter, as_of_date } = request;
    let document =
        Document::parse(service, [&agency_id, &document_kind, &matter, &as_of_date], &mut violations);
    let user_id = violations.id("userId", &user_id);
    violations.check()?;
    let chart = document.chart(service, "check_signer").await?;
    let told = directory_domain::check(&chart, document.kind()?, &document.matter, user_id);
    let (signers, gaps) = match told {
        Ok(signers) => (signers, Vec::new()),
        Err(gaps) => (Vec::new(), gaps),
    };
    Ok(pb::CheckSignerResponse {
        signers: signers.iter().map(shape::signer).collect(),
        gaps: gaps.into_iter().map(shape::gap).collect(),
    })
}

/// A document that somebody is to sign.
struct Document {
    agency_id: Uuid,
    kind: Option<DocumentKind>,
    matter: String,
    date: Date,
}

impl Document {
    /// What is asked about: agency, kind, matter and day as they are written.
    fn parse(service: &Directory, written: [&str; 4], violations: &mut Violations) -> Self {
        let [agency_id, kind, text, date] = written;
        Self {
            agency_id: violations.id("agencyId", agency_id),
            kind: document_kind("documentKind", kind, violations),
            matter: matter("matter", text, false, violations),
            date: as_of(service, "asOfDate", date, violations),
        }
    }

    fn kind(&self) -> Result<DocumentKind, Fault> {
        self.kind.ok_or_else(|| Fault::internal("a document without kind passed"))
    }

    /// The chart of the agency on the day; a fault if it is no agency then.
    async fn chart(&self, service: &Directory, name: &'static str) -> Result<Chart, Fault> {
        let mut read = service.db.read(name).await?;
        let chart = store::chart::chart(&mut read, self.agency_id, self.date, service.today()).await?;
        chart.ok_or_else(|| faults::no_unit(self.agency_id))
    }
}
