//! Mergers and splits: preparing, reading, giving up. What comes of one is in [`super::reorganisation_preview`], review and
//! application in [`super::reorganisation_steps`].

use base::Uuid;
use congvan_proto::directory::v1::{self as pb, reorganisation_service_server::ReorganisationService};
use directory_domain::{Period, limits};
use kit::{Fault, Violations, caller::Caller};
use sql::{Write, answers::Once};

use super::{dates, last_key, page, reorganisation_preview, reorganisation_steps, unit, unit::revision};
use crate::{
    Directory, faults, permission, shape,
    store::{
        self,
        audit::{self, Entry},
        reorganisation::{Reorganisation, State},
    },
};

/// Most changes in a reorganisation.
const CHANGES: usize = 1_000;

/// Most predecessors of a change.
const PREDECESSORS: usize = 500;

/// Most successors of a change.
const SUCCESSORS: usize = 100;

calls! { ReorganisationService:
    prepare_reorganisation(PrepareReorganisationRequest) -> PrepareReorganisationResponse = prepare;
    get_reorganisation(GetReorganisationRequest) -> GetReorganisationResponse = get;
    list_reorganisations(ListReorganisationsRequest) -> ListReorganisationsResponse = list;
    preview_reorganisation(PreviewReorganisationRequest) -> PreviewReorganisationResponse = reorganisation_preview::preview;
    review_reorganisation(ReviewReorganisationRequest) -> ReviewReorganisationResponse = reorganisation_steps::review;
    apply_reorganisation(ApplyReorganisationRequest) -> ApplyReorganisationResponse = reorganisation_steps::apply;
    cancel_reorganisation(CancelReorganisationRequest) -> CancelReorganisationResponse = cancel;
}

/// Records a reorganisation. Nothing of the directory changes yet.
async fn prepare(
    service: &Directory,
    caller: &Caller,
    request: pb::PrepareReorganisationRequest,
) -> Result<pb::PrepareReorganisationResponse, Fault> {
    let user_id = permission::administrator(caller)?.user_id;
    let mut violations = Violations::default();
    let once = Once::new("PrepareReorganisation", user_id, &request.request_id, &request, &mut violations);
    let written = request.reorganisation.unwrap_or_default();
    let now = service.clock.now();
    let reorganisation = Reorganisation {
        id: service.ids.next(),
        revision: 1,
        title: violations.text("reorganisation.title", &written.title, true, limits::UNIT_NAME),
        basis: violations.text("reorganisation.basis", &written.basis, true, limits::REASON),
        on: dates::last_day("reorganisation.effectiveDate", &written.effective_date, &mut violations),
        state: State::Prepared,
        changes: changes(service, written.changes, &mut violations),
        preparer_id: user_id,
        reviewer_id: None,
        fingerprint: String::new(),
        created_at: now,
        updated_at: now,
    };
    violations.check()?;
    let mut tx = service.db.write("prepare_reorganisation").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    store::reorganisation::insert(&mut tx, &reorganisation).await?;
    note(&mut tx, service, caller, ("reorganisation.prepare", String::new()), &reorganisation).await?;
    let answer =
        pb::PrepareReorganisationResponse { reorganisation: Some(shape::reorganisation(&reorganisation)) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    Ok(answer)
}

/// The changes as they are written, with an id for each new unit; every violation is noted.
fn changes(
    service: &Directory,
    written: Vec<pb::UnitChange>,
    violations: &mut Violations,
) -> Vec<pb::UnitChange> {
    count("reorganisation.changes", written.len(), CHANGES, violations);
    let mut changes = written;
    for (index, change) in changes.iter_mut().take(CHANGES).enumerate() {
        let field = |name: &str| format!("reorganisation.changes[{index}].{name}");
        count(&field("predecessorIds"), change.predecessor_ids.len(), PREDECESSORS, violations);
        count(&field("successors"), change.successors.len(), SUCCESSORS, violations);
        for (place, id) in change.predecessor_ids.iter().take(PREDECESSORS).enumerate() {
            violations.id(&format!("{}[{place}]", field("predecessorIds")), id);
        }
        let heir = usize::try_from(change.heir).unwrap_or(usize::MAX);
        if heir >= change.successors.len() {
            violations.add(
                field("heir"),
                "phải là thứ tự của một đơn vị kế thừa, tính từ 0",
                "must be the place of a successor, counted from 0",
            );
        }
        for (place, successor) in change.successors.iter_mut().take(SUCCESSORS).enumerate() {
            let field = format!("{}[{place}]", field("successors"));
            match &mut successor.unit {
                Some(pb::successor::Unit::UnitId(id)) => {
                    violations.id(&format!("{field}.unitId"), id);
                }
                Some(pb::successor::Unit::NewUnit(unit)) => {
                    let mut own = Violations::default();
                    unit::read(unit, Period::ALWAYS, &mut own);
                    violations.within(&format!("{field}.newUnit"), own);
                    unit.id = service.ids.next().to_string();
                }
                None => violations.missing(field),
            }
        }
    }
    changes
}

fn count(field: &str, count: usize, limit: usize, violations: &mut Violations) {
    if count == 0 {
        violations.missing(field);
    } else if count > limit {
        violations.add(
            field,
            format!("có {count}, tối đa {limit}"),
            format!("has {count}, at most {limit} are allowed"),
        );
    }
}

/// Writes a step of a reorganisation into the audit.
pub(super) async fn note(
    tx: &mut Write,
    service: &Directory,
    caller: &Caller,
    (action, reason): (&'static str, String),
    one: &Reorganisation,
) -> Result<(), Fault> {
    let entry = Entry {
        action,
        subject_kind: "reorganisation",
        subject_id: one.id,
        reason,
        before: None,
        after: Some(serde_json::json!({
            "title": one.title,
            "basis": one.basis,
            "effectiveDate": one.on.to_string(),
            "state": one.state.name(),
            "changes": one.changes.len(),
            "fingerprint": one.fingerprint,
        })),
    };
    audit::append(tx, service, caller, &[entry]).await?;
    Ok(())
}

/// The reorganisation at the revision last read, locked against other changes.
pub(super) async fn at_revision(tx: &mut Write, id: Uuid, revision: i64) -> Result<Reorganisation, Fault> {
    store::lock(tx).await?;
    let found = store::reorganisation::find(tx, id).await?.ok_or_else(|| faults::no_reorganisation(id))?;
    if found.revision != revision {
        return Err(Fault::stale(found.revision));
    }
    Ok(found)
}

/// Reads a reorganisation.
async fn get(
    service: &Directory,
    caller: &Caller,
    request: pb::GetReorganisationRequest,
) -> Result<pb::GetReorganisationResponse, Fault> {
    permission::administrator(caller)?;
    let mut violations = Violations::default();
    let id = violations.id("id", &request.id);
    violations.check()?;
    let found = store::reorganisation::find(&mut service.db.read("get_reorganisation").await?, id).await?;
    let found = found.ok_or_else(|| faults::no_reorganisation(id))?;
    Ok(pb::GetReorganisationResponse { reorganisation: Some(shape::reorganisation(&found)) })
}

/// Lists reorganisations, the newest first.
async fn list(
    service: &Directory,
    caller: &Caller,
    request: pb::ListReorganisationsRequest,
) -> Result<pb::ListReorganisationsResponse, Fault> {
    permission::administrator(caller)?;
    let mut violations = Violations::default();
    let size = violations.page_size(request.page_size, 20, 100);
    violations.check()?;
    let before = last_key("reorganisations", &request.page_token)?.parse().ok();
    let mut read = service.db.read("list_reorganisations").await?;
    let found = store::reorganisation::list(&mut read, before, size + 1).await?;
    let shown = found.iter().map(shape::reorganisation).collect();
    let (reorganisations, next_page_token) =
        page(shown, size, "reorganisations", |one: &pb::Reorganisation| &one.id);
    Ok(pb::ListReorganisationsResponse { reorganisations, next_page_token })
}

/// Gives a reorganisation up.
async fn cancel(
    service: &Directory,
    caller: &Caller,
    request: pb::CancelReorganisationRequest,
) -> Result<pb::CancelReorganisationResponse, Fault> {
    let user_id = permission::administrator(caller)?.user_id;
    let mut violations = Violations::default();
    let once = Once::new("CancelReorganisation", user_id, &request.request_id, &request, &mut violations);
    let id = violations.id("id", &request.id);
    let revision = revision("revision", request.revision, &mut violations);
    let reason = dates::reason(&request.reason, &mut violations);
    violations.check()?;
    let now = service.clock.now();
    let mut tx = service.db.write("cancel_reorganisation").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    let before = at_revision(&mut tx, id, revision).await?;
    if matches!(before.state, State::Applied | State::Cancelled) {
        return Err(faults::wrong_state(before.state));
    }
    let after =
        Reorganisation { state: State::Cancelled, revision: before.revision + 1, updated_at: now, ..before };
    store::reorganisation::step(&mut tx, &after).await?;
    note(&mut tx, service, caller, ("reorganisation.cancel", reason), &after).await?;
    let answer = pb::CancelReorganisationResponse { reorganisation: Some(shape::reorganisation(&after)) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    Ok(answer)
}
