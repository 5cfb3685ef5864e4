//! Posts of people as they are written in a request, brought to positions and appointments.

use std::collections::HashSet;

use base::{Date, Uuid};
use directory_domain::{
    Belonging, Conflict, Period, Position, Roles, Staff, Tenure, UnitHistory, Unseated, Wanted,
};
use kit::{Fault, Text, Violations};
use sql::{Queries, Result, Write};

use crate::{
    faults, states,
    store::{self, audit::Entry},
};

/// Everybody who matters when these people get posts in these units: the positions of the units with all who hold them, and
/// all that these people hold.
pub(crate) async fn load(
    db: &mut impl Queries,
    unit_ids: HashSet<Uuid>,
    person_ids: Vec<Uuid>,
) -> Result<Staff> {
    let Stored { positions, tenures, belongings } = read(db, unit_ids, person_ids).await?;
    Ok(Staff::new(positions, tenures, belongings))
}

/// What [`Staff`] is made of.
pub(crate) struct Stored {
    pub(crate) positions: Vec<Position>,
    pub(crate) tenures: Vec<Tenure>,
    pub(crate) belongings: Vec<Belonging>,
}

/// The same as it is stored.
pub(crate) async fn read(
    db: &mut impl Queries,
    unit_ids: HashSet<Uuid>,
    person_ids: Vec<Uuid>,
) -> Result<Stored> {
    let unit_ids: Vec<Uuid> = unit_ids.into_iter().collect();
    let belongings = store::headship::belongings(db, unit_ids.clone()).await?;
    let around = belongings.iter().map(|one| one.unit_id).collect();
    let mut positions = store::position::of_units(db, unit_ids).await?;
    positions.extend(store::headship::heads(db, around).await?);
    let mut tenures = if person_ids.is_empty() {
        Vec::new()
    } else {
        positions.extend(store::position::of_people(db, person_ids.clone()).await?);
        store::position::tenures_of_people(db, person_ids).await?
    };
    let leading = positions.iter().filter(|position| position.duties.seats > 0);
    let leading = leading.map(|position| position.id).collect();
    tenures.extend(store::position::tenures_of_positions(db, leading).await?);
    Ok(Stored { positions, tenures, belongings })
}

/// Writes what changed. Fails if somebody would be head of what somebody else heads.
pub(crate) async fn save(tx: &mut Write, staff: &Staff) -> std::result::Result<(), Fault> {
    store::position::withdraw(tx, ids(&staff.withdrawn)).await?;
    let ended: Vec<&Tenure> = staff.ended.iter().map(|(_, after)| after).collect();
    store::position::end(tx, &ended).await?;
    store::position::insert(tx, &staff.new_positions).await?;
    store::position::appoint(tx, &staff.new_tenures).await?;
    one_head(tx, &staff.new_tenures).await
}

fn ids(tenures: &[Tenure]) -> Vec<Uuid> {
    tenures.iter().map(|tenure| tenure.id).collect()
}

/// Fails if one of these appointments, which are stored, makes somebody head of what somebody else heads on some day.
pub(crate) async fn one_head(db: &mut impl Queries, tenures: &[Tenure]) -> std::result::Result<(), Fault> {
    if tenures.is_empty() {
        return Ok(());
    }
    let rival = store::headship::rival(db, ids(tenures)).await?;
    rival.map_or(Ok(()), |rival| Err(faults::head_in_office(&rival)))
}

/// Fails if units that changed bring a head along into an agency that has one.
pub(crate) async fn one_head_in(
    db: &mut impl Queries,
    changed: &[UnitHistory],
) -> std::result::Result<(), Fault> {
    let heads = store::headship::heads(db, changed.iter().map(|unit| unit.id).collect()).await?;
    let heads = heads.iter().map(|position| position.id).collect();
    let tenures = store::position::tenures_of_positions(db, heads).await?;
    one_head(db, &tenures).await
}

/// What the audit says of the posts given, ended and taken back.
pub(crate) fn entries(staff: &Staff, reason: &str) -> Vec<Entry> {
    let title = |tenure: &Tenure| {
        staff.position(tenure.position_id).map_or("", |position| position.duties.title.as_str())
    };
    let entry = |action, before: Option<&Tenure>, after: Option<&Tenure>| {
        let state = |tenure: &Tenure| states::tenure(tenure, title(tenure));
        Entry {
            action,
            subject_kind: "user",
            subject_id: after.or(before).map(|tenure| tenure.person_id).unwrap_or_default(),
            reason: reason.to_owned(),
            before: before.map(state),
            after: after.map(state),
        }
    };
    let given = staff.new_tenures.iter().map(|tenure| entry("user.appoint", None, Some(tenure)));
    let ended = staff.ended.iter();
    let ended = ended.map(|(before, after)| entry("user.change_appointment", Some(before), Some(after)));
    let taken_back =
        staff.withdrawn.iter().map(|tenure| entry("user.withdraw_appointment", Some(tenure), None));
    taken_back.chain(ended).chain(given).collect()
}

/// A violation for two duties among these roles that must be kept apart.
pub(crate) fn keep_apart(field: &str, roles: Roles, violations: &mut Violations) {
    if let Some(conflict) = roles.conflict() {
        let Text { vi, en } = conflict_text(conflict);
        violations.add(field, vi, en);
    }
}

/// What must be kept apart, as the end of "Vai trò …" and "roles …".
pub(crate) fn conflict_text(conflict: Conflict) -> Text {
    match conflict {
        Conflict::AdministratorWithBusiness => Text::new(
            "quản trị hệ thống không được kiêm vai trò xử lý văn bản",
            "an administrator of the system must have no part in documents",
        ),
        Conflict::SecretaryWhoSigns => Text::new(
            "thư ký không được đồng thời là người ký (lãnh đạo)",
            "a secretary must not be a leader, who signs",
        ),
        Conflict::SealWithSigner => Text::new(
            "văn thư giữ con dấu không được đồng thời là người ký (cấp trưởng, cấp phó)",
            "the document office, which keeps the seal, must not be head or deputy, who sign",
        ),
    }
}

/// A violation that tells why a person cannot have a post.
pub(crate) fn refuse(field: &str, unseated: &Unseated, violations: &mut Violations) {
    let Text { vi, en } = refusal(unseated);
    violations.add(field, vi, en);
}

/// Why a person cannot have a post.
pub(crate) fn refusal(unseated: &Unseated) -> Text {
    match unseated {
        Unseated::Outside(period) => Text::new(
            format!("chức vụ này chỉ có {}", days_vi(*period)),
            format!("names a position that exists only {}", days_en(*period)),
        ),
        Unseated::AlreadyHeld(period) => Text::new(
            format!("người này đã giữ chức vụ này {}", days_vi(*period)),
            format!("names a position that the person holds already {}", days_en(*period)),
        ),
        Unseated::Occupied { when, .. } => Text::new(
            format!("chức vụ này đã có người giữ {}; hãy kết thúc việc giữ chức vụ đó trước", days_vi(*when)),
            format!("names a position that somebody else holds {}; end that first", days_en(*when)),
        ),
    }
}

/// "từ 2025-07-01 đến hết ngày trước 2026-01-01".
pub(crate) fn days_vi(period: Period) -> String {
    match (from(period), until(period)) {
        (None, None) => "từ trước đến nay".to_owned(),
        (Some(from), None) => format!("từ ngày {from}"),
        (None, Some(until)) => format!("đến trước ngày {until}"),
        (Some(from), Some(until)) => format!("từ ngày {from} đến trước ngày {until}"),
    }
}

/// "from 2025-07-01, before 2026-01-01".
pub(crate) fn days_en(period: Period) -> String {
    match (from(period), until(period)) {
        (None, None) => "at all times".to_owned(),
        (Some(from), None) => format!("from {from}"),
        (None, Some(until)) => format!("before {until}"),
        (Some(from), Some(until)) => format!("from {from}, before {until}"),
    }
}

fn from(period: Period) -> Option<Date> {
    (period.from != Period::BEGINNING).then_some(period.from)
}

fn until(period: Period) -> Option<Date> {
    (!period.is_open()).then_some(period.until)
}

/// The post as a change of a person's posts wants it.
pub(crate) fn same_post(one: &Wanted, other: &Wanted) -> bool {
    one.unit_id == other.unit_id && one.title == other.title
}
