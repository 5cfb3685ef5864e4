//! Many units and people at once: parsed, compared with what is there, and only the difference is written.

mod units;
mod users;

use base::{Date, Ids, Timestamp};
use congvan_proto::directory::v1::{self as pb, import_service_server::ImportService};
use kit::{Fault, Violations, caller::Caller};
use sql::Write;

use self::{units::UnitPlan, users::UserPlan};
use crate::{
    Directory, changes, permission, staffing, states,
    store::{
        self,
        audit::{self, Entry},
    },
};

/// Most units, and most people, in one import.
const ROWS: usize = 10_000;

calls! { ImportService:
    import_directory(ImportDirectoryRequest) -> ImportDirectoryResponse = import;
}

/// What comparing needs besides the rows.
struct Surroundings<'a> {
    ids: &'a Ids,
    now: Timestamp,
    today: Date,
}

/// Brings units and users to the state given.
async fn import(
    service: &Directory,
    caller: &Caller,
    request: pb::ImportDirectoryRequest,
) -> Result<pb::ImportDirectoryResponse, Fault> {
    permission::administrator(caller)?;
    let mut violations = Violations::default();
    few_enough("units", request.units.len(), &mut violations);
    few_enough("users", request.users.len(), &mut violations);
    violations.check()?;

    let mut violations = Violations::default();
    let surroundings = Surroundings { ids: &service.ids, now: service.clock.now(), today: service.today() };
    let units = units::parse(&request.units, &mut violations);
    let users = users::parse(&request.users, &mut violations);
    let mut tx = service.db.write("import_directory").await?;
    store::lock(&mut tx).await?;
    let tree = store::history::all(&mut tx).await?;
    let partners = units::partners(&mut tx, &units).await?;
    let units = UnitPlan::compare(units, (tree, &partners), &surroundings, &mut violations);
    let names = users.iter().map(|user| user.sign_in_name.clone()).collect();
    let known = store::user::named(&mut tx, names, surroundings.today).await?;
    let staff =
        staffing::load(&mut tx, users::units(&users, &units), known.iter().map(|user| user.id).collect())
            .await?;
    let users = UserPlan::compare(users, known, (&units, staff), &surroundings, &mut violations);
    violations.check()?;

    write(&mut tx, &units, &users).await?;
    audit::append(&mut tx, service, caller, &entries(&units, &users)).await?;
    tell(service, &mut tx, &units, &users).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(pb::ImportDirectoryResponse {
        units_created: count(&units.created),
        units_updated: count(&units.updated),
        users_created: count(&users.created),
        users_updated: count(&users.updated),
    })
}

async fn write(tx: &mut Write, units: &UnitPlan, users: &UserPlan) -> Result<(), Fault> {
    let created: Vec<_> = units.created.iter().collect();
    store::history::save(tx, &created, &units.updated.iter().collect::<Vec<_>>()).await?;
    store::user::insert(tx, &users.created).await?;
    store::user::change(tx, &users.updated).await?;
    staffing::save(tx, &users.staff).await?;
    store::credential::insert(tx, users.hashes.clone()).await?;
    Ok(())
}

/// What the audit says of the import: one entry for each unit and user that is new or differs.
fn entries(units: &UnitPlan, users: &UserPlan) -> Vec<Entry> {
    let of_units = units.created.iter().map(|unit| (unit, "unit.create"));
    let of_units = of_units.chain(units.updated.iter().map(|unit| (unit, "unit.update")));
    let of_units = of_units
        .map(|(unit, action)| super::unit::entry(action, units.before.get(unit.id), unit, String::new()));
    let of_users = users.created.iter().map(|user| (user, "user.create"));
    let of_users = of_users.chain(users.updated.iter().map(|user| (user, "user.update")));
    let of_users = of_users.map(|(user, action)| Entry {
        action,
        subject_kind: "user",
        subject_id: user.id,
        reason: String::new(),
        before: None,
        after: Some(states::user(user)),
    });
    of_units.chain(of_users).chain(staffing::entries(&users.staff, "")).collect()
}

async fn tell(service: &Directory, tx: &mut Write, units: &UnitPlan, users: &UserPlan) -> Result<(), Fault> {
    let of_units = units.created.iter().chain(&units.updated);
    let of_users = users.created.iter().chain(&users.updated);
    let told = of_units
        .map(|unit| changes::unit_changed(&service.ids, unit))
        .chain(of_users.map(|user| changes::user_changed(&service.ids, user)));
    events::append(tx, told.collect()).await?;
    Ok(())
}

fn few_enough(field: &str, count: usize, violations: &mut Violations) {
    if count > ROWS {
        violations.add(
            field,
            format!("có {count} dòng, tối đa {ROWS} mỗi lần"),
            format!("has {count} rows, at most {ROWS} are allowed at once"),
        );
    }
}

fn count<T>(rows: &[T]) -> i32 {
    i32::try_from(rows.len()).unwrap_or(i32::MAX)
}
