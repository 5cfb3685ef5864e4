use base::Uuid;
use congvan_proto::documents::v1::{self as pb, document_kind_service_server::DocumentKindService};
use documents_domain::{
    Kind, KindNature, Misspelling, Officer, OtherKind, check_abbreviation, limits, right_form,
};
use kit::{Fault, Text, Violations, caller::Caller};
use sql::answers::Once;
use tonic::{Request, Response, Status};

use crate::{
    Documents, faults, officer, shape,
    store::{self, document_kind::Catalogued},
};

#[tonic::async_trait]
impl DocumentKindService for Documents {
    async fn list_document_kinds(
        &self,
        request: Request<pb::ListDocumentKindsRequest>,
    ) -> Result<Response<pb::ListDocumentKindsResponse>, Status> {
        Ok(Response::new(self.kinds(request.into_inner()).await?))
    }

    async fn create_document_kind(
        &self,
        request: Request<pb::CreateDocumentKindRequest>,
    ) -> Result<Response<pb::CreateDocumentKindResponse>, Status> {
        let caller = Caller::of(&request)?;
        Ok(Response::new(self.create_kind(&caller, request.into_inner()).await?))
    }
}

impl Documents {
    async fn kinds(
        &self,
        request: pb::ListDocumentKindsRequest,
    ) -> Result<pb::ListDocumentKindsResponse, Fault> {
        let mut violations = Violations::default();
        let agency_id = violations.optional_id("agencyId", &request.agency_id);
        let mut read = self.db.read("list_document_kinds").await?;
        let catalogued = store::document_kind::of_agency(&mut read, agency_id).await?;
        let others: Vec<_> = catalogued.iter().map(|one| one.kind.clone()).collect();
        if let Some(right) = right_form(&request.abbreviation, &others) {
            misspelt("abbreviation", right, &mut violations);
        }
        violations.check()?;
        let decreed = Kind::decreed().map(shape::series::decreed);
        let kinds = decreed.chain(catalogued.iter().map(shape::series::catalogued));
        let wanted = |kind: &pb::DocumentKindInfo| {
            request.abbreviation.is_empty() || kind.abbreviation == request.abbreviation
        };
        Ok(pb::ListDocumentKindsResponse { kinds: kinds.filter(wanted).collect() })
    }

    async fn create_kind(
        &self,
        caller: &Caller,
        request: pb::CreateDocumentKindRequest,
    ) -> Result<pb::CreateDocumentKindResponse, Fault> {
        let officer = officer::of(caller)?;
        let mut violations = Violations::default();
        let wanted = request.kind.clone().unwrap_or_default();
        let kind = parse(self.ids.next(), &wanted, &mut violations);
        let (user, id) = (officer.user_id, &request.request_id);
        let once = Once::new("CreateDocumentKind", user, id, &request, &mut violations);
        if wanted.agency_id.is_empty() || kind.agency_id.is_some() {
            may_catalogue(caller, &officer, kind.agency_id)?;
        }
        let now = self.clock.now();
        let mut tx = self.db.write("create_document_kind").await?;
        if violations.is_empty()
            && let Some(answer) = once.recall(&mut tx, now).await?
        {
            return Ok(answer);
        }
        // A kind of all agencies stands beside those of each.
        let beside = match kind.agency_id {
            Some(_) => store::document_kind::of_agency(&mut tx, kind.agency_id).await?,
            None => store::document_kind::all(&mut tx).await?,
        };
        let others: Vec<_> = beside.into_iter().map(|one| one.kind).collect();
        spelling(&kind, &others, &mut violations);
        violations.check()?;
        let catalogued = Catalogued { kind, created_at: now };
        if let Err(error) = store::document_kind::insert(&mut tx, &catalogued).await {
            return Err(if error.is_conflict() { Fault::unavailable(error) } else { error.into() });
        }
        let answer = pb::CreateDocumentKindResponse { kind: Some(shape::series::catalogued(&catalogued)) };
        once.remember(&mut tx, &answer).await?;
        tx.commit().await?;
        Ok(answer)
    }
}

/// Leaders and document office for their agency, administrators for each and for all.
fn may_catalogue(caller: &Caller, officer: &Officer, agency_id: Option<Uuid>) -> Result<(), Fault> {
    match agency_id {
        _ if caller.is_administrator() => Ok(()),
        Some(agency_id) if officer.oversees(agency_id) => Ok(()),
        Some(_) => Err(Fault::not_allowed(&faults::overseers())),
        None => Err(Fault::not_allowed(&Text::new("quản trị viên", "the administrators"))),
    }
}

fn parse(id: Uuid, wanted: &pb::DocumentKindInfo, violations: &mut Violations) -> OtherKind {
    let nature = KindNature::numbered(wanted.nature).unwrap_or_else(|| {
        violations.missing("kind.nature");
        KindNature::Sector
    });
    // As it is written: another Unicode form is told, not mended.
    let cleaned = violations.text("kind.abbreviation", &wanted.abbreviation, true, limits::ABBREVIATION);
    if cleaned.contains(['/', '-', ' ', '\n', '\t']) {
        violations.add(
            "kind.abbreviation",
            "không được có dấu cách, dấu gạch chéo hoặc gạch nối, là các dấu ngăn trong ký hiệu",
            "must hold no space, slash or hyphen: these separate the parts of a symbol",
        );
    }
    OtherKind {
        id,
        agency_id: violations.optional_id("kind.agencyId", &wanted.agency_id),
        name: violations.text("kind.name", &wanted.name, true, limits::KIND_NAME),
        abbreviation: wanted.abbreviation.clone(),
        nature,
    }
}

fn spelling(kind: &OtherKind, others: &[OtherKind], violations: &mut Violations) {
    match check_abbreviation(&kind.abbreviation, kind.nature, others) {
        Ok(()) => {}
        Err(Misspelling::WrongForm(right)) => misspelt("kind.abbreviation", &right, violations),
        Err(Misspelling::Taken(name)) => violations.add(
            "kind.abbreviation",
            format!("đã là chữ viết tắt của loại “{name}”"),
            format!("is the abbreviation of “{name}” already"),
        ),
    }
}

fn misspelt(field: &str, right: &str, violations: &mut Violations) {
    violations.add(
        field,
        format!("sai chữ hoa, chữ thường hoặc dạng Unicode; viết đúng là “{right}” (NFC)"),
        format!("has another case or Unicode form; it is written “{right}” (NFC)"),
    );
}
