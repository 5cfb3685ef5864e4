//! What a comparison came to, written: set by set, with audit and events.

use std::collections::HashMap;

use base::Uuid;
use directory_domain::{Structure, UnitHistory, User};
use kit::{Fault, caller::Caller};
use serde_json::json;
use sql::Write;

use super::{
    plan_people::{Known, PeoplePlan},
    plan_units::UnitPlan,
};
use crate::{
    Directory, changes, staffing, states,
    store::{
        self,
        audit::{self, Entry},
        import_job::Job,
    },
};

/// Writes units.
pub(super) async fn units(
    tx: &mut Write,
    (service, caller): (&Directory, &Caller),
    job: &Job,
    before: &Structure,
    plan: UnitPlan,
) -> Result<(), Fault> {
    let all = |ids: &[Uuid]| ids.iter().filter_map(|id| plan.after.get(*id)).collect::<Vec<_>>();
    let (created, changed) = (all(&plan.created), all(&plan.changed));
    store::history::save(tx, &created, &changed).await?;
    let written: Vec<&UnitHistory> = created.into_iter().chain(changed).collect();
    let entries = written.iter().map(|unit| {
        let known = before.get(unit.id);
        Entry {
            action: if known.is_some() { "unit.update" } else { "unit.create" },
            subject_kind: "unit",
            subject_id: unit.id,
            reason: reason(job),
            before: known.map(states::unit),
            after: Some(states::unit(unit)),
        }
    });
    audit::append(tx, service, caller, &entries.collect::<Vec<_>>()).await?;
    let told = written.iter().map(|unit| changes::unit_changed(&service.ids, unit));
    events::append(tx, told.collect()).await?;
    Ok(())
}

/// Writes people with their posts.
pub(super) async fn people(
    tx: &mut Write,
    (service, caller): (&Directory, &Caller),
    job: &Job,
    known: &Known,
    plan: PeoplePlan,
) -> Result<(), Fault> {
    store::user::insert(tx, &plan.created).await?;
    store::user::change(tx, &plan.changed).await?;
    staffing::save(tx, &plan.staff).await?;
    for (person_id, tenure_id) in &plan.promoted {
        store::position::promote(tx, *person_id, *tenure_id).await?;
    }
    let written = || plan.created.iter().chain(&plan.changed);
    let names = written().map(|user| user.sign_in_name.clone()).collect();
    let after = store::user::named(tx, names, job.effective_date).await?;
    let after: HashMap<Uuid, User> = after.into_iter().map(|user| (user.id, user)).collect();
    let entries = written().map(|user| {
        let before = known.users.get(&user.sign_in_name);
        Entry {
            action: if before.is_some() { "user.update" } else { "user.create" },
            subject_kind: "user",
            subject_id: user.id,
            reason: reason(job),
            before: before.map(states::user),
            after: Some(after.get(&user.id).map_or(json!(null), states::user)),
        }
    });
    let entries: Vec<_> = entries.chain(staffing::entries(&plan.staff, &reason(job))).collect();
    audit::append(tx, service, caller, &entries).await?;
    let told = written().map(|user| changes::user_changed(&service.ids, user));
    events::append(tx, told.collect()).await?;
    Ok(())
}

/// Why, as the audit has it: what was said, and from which file.
fn reason(job: &Job) -> String {
    let file = format!("tệp “{}”, lượt nhập {}", job.file_name, job.id);
    if job.reason.is_empty() { file } else { format!("{} ({file})", job.reason) }
}
