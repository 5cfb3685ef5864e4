use base::{Date, Timestamp, Uuid};
use congvan_proto::directory::v1::{self as pb, signing_authority_service_server::SigningAuthorityService};
use directory_domain::{Authority, Grant, GrantForm, Period, Scope, limits};
use kit::{Fault, Text, Violations, caller::Caller};
use serde_json::json;
use sql::{Write, answers::Once};

use super::{
    dates::{day, first_day, reason},
    signing_fields::{document_kinds, matters},
    signing_read,
};
use crate::{
    Directory, changes,
    faults::signing as faults,
    permission::agency::head_or_administrator,
    shape::{end, signing as shape},
    signing_text,
    store::{self, audit::Entry},
};

calls! { SigningAuthorityService:
    create_signing_authority(CreateSigningAuthorityRequest) -> CreateSigningAuthorityResponse = create;
    get_signing_authority(GetSigningAuthorityRequest) -> GetSigningAuthorityResponse = signing_read::get;
    list_signing_authorities(ListSigningAuthoritiesRequest) -> ListSigningAuthoritiesResponse = signing_read::list;
    revoke_signing_authority(RevokeSigningAuthorityRequest) -> RevokeSigningAuthorityResponse = revoke;
    find_signers(FindSignersRequest) -> FindSignersResponse = signing_read::find;
    check_signer(CheckSignerRequest) -> CheckSignerResponse = signing_read::check;
}

/// The fields of an authority, below this one in the request.
const FIELD: &str = "signingAuthority";

/// Hands a right to sign on.
async fn create(
    service: &Directory,
    caller: &Caller,
    request: pb::CreateSigningAuthorityRequest,
) -> Result<pb::CreateSigningAuthorityResponse, Fault> {
    let mut violations = Violations::default();
    let written = request.signing_authority.clone().unwrap_or_default();
    let agency_id = violations.id(&format!("{FIELD}.agencyId"), &written.agency_id);
    let caller_id = head_or_administrator(caller, agency_id)?.user_id;
    let once = Once::new("CreateSigningAuthority", caller_id, &request.request_id, &request, &mut violations);
    let why = reason(&request.reason, &mut violations);
    let wanted = Wanted::parse(service, &written, &mut violations);

    let now = service.clock.now();
    let mut tx = service.db.write("create_signing_authority").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    store::lock(&mut tx).await?;
    let grant = wanted.judge(&mut tx, agency_id, &mut violations).await?;
    violations.check()?;
    let grant = grant.ok_or_else(|| Fault::internal("a grant without positions passed"))?;
    let authority = authority(service, grant, now);
    store::signing::insert(&mut tx, &authority).await?;
    let entry = entry(&authority, "signing_authority.create", why, None);
    store::audit::append(&mut tx, service, caller, &[entry]).await?;
    events::append(&mut tx, vec![changes::signing_authority_changed(&service.ids, &authority)]).await?;
    let answer = pb::CreateSigningAuthorityResponse { signing_authority: Some(shape::authority(&authority)) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

fn authority(service: &Directory, grant: Grant, now: Timestamp) -> Authority {
    Authority {
        id: service.ids.next(),
        revision: 1,
        agency_id: grant.agency_id,
        form: grant.form,
        grantor_position_id: grant.grantor.position_id,
        grantee_position_id: grant.grantee.position_id,
        period: grant.period(),
        scope: grant.scope,
        revoked_from: None,
        basis: grant.basis,
        created_at: now,
        updated_at: now,
    }
}

/// A grant as it is written, its positions not yet looked up.
struct Wanted {
    form: Option<GrantForm>,
    grantor_position_id: Uuid,
    grantee_position_id: Uuid,
    scope: Scope,
    from: Date,
    until: Option<Date>,
    basis: String,
}

impl Wanted {
    fn parse(service: &Directory, written: &pb::SigningAuthority, violations: &mut Violations) -> Self {
        let field = |name: &str| format!("{FIELD}.{name}");
        let form = GrantForm::numbered(written.form);
        if form.is_none() {
            violations.missing(field("form"));
        }
        let grantor_position_id = violations.id(&field("grantorPositionId"), &written.grantor_position_id);
        let grantee_position_id = violations.id(&field("granteePositionId"), &written.grantee_position_id);
        let kinds = document_kinds(&field("documentKinds"), &written.document_kinds, violations);
        let matters = matters(&field("matters"), &written.matters, violations);
        Self {
            form,
            grantor_position_id,
            grantee_position_id,
            scope: Scope::new(kinds, matters),
            from: first_day(service, &field("startDate"), &written.start_date, violations),
            until: day(&field("endDate"), &written.end_date, violations),
            basis: violations.text(&field("basis"), &written.basis, false, limits::REASON),
        }
    }

    /// The grant with its positions, every flaw noted; none if it cannot be judged, which was noted too.
    async fn judge(
        self,
        tx: &mut Write,
        agency_id: Uuid,
        violations: &mut Violations,
    ) -> Result<Option<Grant>, Fault> {
        if store::chart::regime(tx, agency_id, self.from).await?.is_none() && !agency_id.is_nil() {
            violations.add(
                format!("{FIELD}.agencyId"),
                "không phải là cơ quan vào ngày bắt đầu",
                "is no agency on the first day",
            );
        }
        let ids = vec![self.grantor_position_id, self.grantee_position_id];
        let mut posts = store::chart::posts(tx, ids, self.from).await?;
        for (name, id) in
            [("grantorPositionId", self.grantor_position_id), ("granteePositionId", self.grantee_position_id)]
        {
            if !posts.contains_key(&id) && !id.is_nil() {
                violations.add(
                    format!("{FIELD}.{name}"),
                    "không có chức vụ này vào ngày bắt đầu",
                    "is no position on the first day",
                );
            }
        }
        let grantee = posts.get(&self.grantee_position_id).cloned();
        let (Some(form), Some(grantor), Some(grantee)) =
            (self.form, posts.remove(&self.grantor_position_id), grantee)
        else {
            return Ok(None);
        };
        let Self { scope, from, until, basis, .. } = self;
        let grant = Grant { agency_id, form, grantor, grantee, scope, from, until, basis };
        for flaw in grant.flaws(&store::signing::of_agency(tx, agency_id).await?) {
            let (field, Text { vi, en }) = signing_text::flaw(flaw);
            violations.add(format!("{FIELD}.{field}"), vi, en);
        }
        Ok(Some(grant))
    }
}

/// Revokes an authority from a day on.
async fn revoke(
    service: &Directory,
    caller: &Caller,
    request: pb::RevokeSigningAuthorityRequest,
) -> Result<pb::RevokeSigningAuthorityResponse, Fault> {
    let person = caller.person()?;
    let mut violations = Violations::default();
    let once =
        Once::new("RevokeSigningAuthority", person.user_id, &request.request_id, &request, &mut violations);
    let id = violations.id("id", &request.id);
    revision(request.revision, &mut violations);
    let from = not_before_today(service, "revokeDate", &request.revoke_date, &mut violations);
    let why = reason(&request.reason, &mut violations);
    let parsed = violations.check();

    let now = service.clock.now();
    let mut tx = service.db.write("revoke_signing_authority").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    store::lock(&mut tx).await?;
    let found = store::signing::find(&mut tx, id).await?;
    // Who has no right learns neither what is wrong with the request nor whether there is such an authority.
    head_or_administrator(caller, found.as_ref().map(|found| found.agency_id).unwrap_or_default())?;
    parsed?;
    let mut authority = found.ok_or_else(|| faults::no_signing_authority(id))?;
    if authority.revision != request.revision {
        return Err(Fault::stale(authority.revision));
    }
    let Period { until, .. } = authority.in_force();
    if until <= from || authority.revoked_from.is_some() {
        return Err(faults::signing_authority_ended(id, until));
    }
    let before = authority.clone();
    authority.revoke(from, now);
    store::signing::revoke(&mut tx, &authority).await?;
    let entry = entry(&authority, "signing_authority.revoke", why, Some(&before));
    store::audit::append(&mut tx, service, caller, &[entry]).await?;
    events::append(&mut tx, vec![changes::signing_authority_changed(&service.ids, &authority)]).await?;
    let answer = pb::RevokeSigningAuthorityResponse { signing_authority: Some(shape::authority(&authority)) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// The revision last read: a violation if none is stated.
pub(super) fn revision(written: i64, violations: &mut Violations) {
    if written < 1 {
        violations.add("revision", "bắt buộc, từ 1 trở lên", "is required, from 1");
    }
}

/// A day from which something is no more: today in Vietnam when empty; a violation if it has gone by, for what was done then
/// stays done.
pub(super) fn not_before_today(
    service: &Directory,
    field: &str,
    text: &str,
    violations: &mut Violations,
) -> Date {
    let (today, from) = (service.today(), first_day(service, field, text, violations));
    if from < today {
        violations.add(
            field,
            format!("sớm nhất là hôm nay, {today}"),
            format!("must be today, {today}, or later"),
        );
    }
    from
}

fn entry(authority: &Authority, action: &'static str, reason: String, before: Option<&Authority>) -> Entry {
    let state = |authority: &Authority| {
        json!({
            "agencyId": authority.agency_id,
            "form": authority.form.name(),
            "grantorPositionId": authority.grantor_position_id,
            "granteePositionId": authority.grantee_position_id,
            "documentKinds": authority.scope.kinds().iter().map(|kind| kind.name()).collect::<Vec<_>>(),
            "matters": authority.scope.matters(),
            "startDate": authority.period.from.to_string(),
            "endDate": end(authority.period),
            "revokeDate": authority.revoked_from.as_ref().map(Date::to_string),
            "basis": &authority.basis,
        })
    };
    Entry {
        action,
        subject_kind: "signing_authority",
        subject_id: authority.id,
        reason,
        before: before.map(state),
        after: Some(state(authority)),
    }
}
