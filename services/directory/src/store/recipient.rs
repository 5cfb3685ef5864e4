//! What groups and set expressions stand for: each statement answers for all sets at once, whatever their number.

use std::collections::{BTreeSet, HashMap};

use base::{Date, Uuid};
use directory_domain::{Below, Composition, Expression, Member, Period, Set, UnitKind};
use sql::{Error, Queries, Result, Row, params};

use super::{external_agency::period, group_member, unit::read_kind};

sql::statements! {
    GROUPS = "WITH RECURSIVE held (id) AS (
            SELECT id FROM contact_group WHERE id = ANY($1)
            UNION SELECT linked_id FROM contact_group_link JOIN held ON group_id = held.id)
        SELECT contact_group.id, expression FROM contact_group JOIN held ON held.id = contact_group.id";
    OF_KINDS = "SELECT * FROM unit_address WHERE kind = ANY($2)
        AND valid_from <= $1 AND $1 < valid_to AND code_from <= $1 AND $1 < code_to";
    AGENCIES = "SELECT * FROM unit_address WHERE agency_id = unit_id
        AND valid_from <= $1 AND $1 < valid_to AND code_from <= $1 AND $1 < code_to";
    DIRECTLY_BELOW = "SELECT parent_id AS top, unit_address.* FROM unit_address WHERE parent_id = ANY($2)
        AND valid_from <= $1 AND $1 < valid_to AND code_from <= $1 AND $1 < code_to";
    BELOW = "WITH RECURSIVE below (top, id) AS (
            SELECT parent_id, unit_id FROM unit_version
            WHERE parent_id = ANY($2) AND valid_from <= $1 AND $1 < valid_to
            UNION SELECT below.top, unit_version.unit_id FROM below JOIN unit_version ON parent_id = below.id
            WHERE valid_from <= $1 AND $1 < valid_to)
        SELECT below.top, unit_address.* FROM below JOIN unit_address ON unit_address.unit_id = below.id
        WHERE valid_from <= $1 AND $1 < valid_to AND code_from <= $1 AND $1 < code_to";
    UNITS = "SELECT * FROM unit_address WHERE unit_id = ANY($2)
        AND valid_from <= $1 AND $1 < valid_to AND code_from <= $1 AND $1 < code_to";
    EXTERNALS = "SELECT id, name, email, valid_from, valid_to FROM external_agency WHERE id = ANY($1)";
    POSITIONS = "SELECT position.id, position.title, position.unit_id, position.valid_from, position.valid_to,
            unit_version.agency_id, unit_version.email FROM position
        LEFT JOIN unit_version ON unit_version.unit_id = position.unit_id
            AND unit_version.valid_from <= $1 AND $1 < unit_version.valid_to
        WHERE position.id = ANY($2)";
    HOLDERS = "SELECT position_id, person_id FROM appointment
        WHERE position_id = ANY($2) AND valid_from <= $1 AND $1 < valid_to ORDER BY position_id, created_at, id";
    USERS = "SELECT id, full_name, email, is_active FROM person WHERE id = ANY($1)";
    VERSIONS = "SELECT unit_id, name, valid_from, valid_to FROM unit_version WHERE unit_id = ANY($1) ORDER BY unit_id, valid_from";
    HEIRS = "WITH RECURSIVE heir (origin, unit_id) AS (
            SELECT predecessor_id, successor_id FROM unit_succession WHERE predecessor_id = ANY($2) AND valid_from <= $1
            UNION SELECT heir.origin, unit_succession.successor_id FROM heir
            JOIN unit_succession ON unit_succession.predecessor_id = heir.unit_id AND unit_succession.valid_from <= $1
            WHERE NOT EXISTS (SELECT 1 FROM unit_version WHERE unit_version.unit_id = heir.unit_id
                AND unit_version.valid_from <= $1 AND $1 < unit_version.valid_to))
        SELECT origin, unit_id FROM heir";
}

/// Something named, as it stands on a day or stood last.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) period: Period,
}

/// A unit on a day: as much of it as a recipient shows.
#[derive(Debug, Clone)]
pub(crate) struct Addressee {
    pub(crate) id: Uuid,
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) kind: UnitKind,
    pub(crate) agency_id: Uuid,
    pub(crate) email: String,
}

/// Units on a day, as they were read to find out who belongs to a set: nobody has to read them again.
pub(crate) type Roll = HashMap<Uuid, Addressee>;

/// A position on a day.
#[derive(Debug, Clone)]
pub(crate) struct Seat {
    pub(crate) named: Named,
    pub(crate) unit_id: Uuid,
    /// None if the unit does not exist on that day.
    pub(crate) agency_id: Option<Uuid>,
    pub(crate) holders: Vec<Uuid>,
}

/// These groups and all that they hold, through whatever groups.
pub(crate) async fn groups(db: &mut impl Queries, ids: Vec<Uuid>) -> Result<HashMap<Uuid, Composition>> {
    let mut groups = HashMap::new();
    if ids.is_empty() {
        return Ok(groups);
    }
    for row in db.all(&GROUPS, params![ids]).await? {
        let text: String = row.get("expression")?;
        let expression = (!text.is_empty()).then(|| text.parse::<Expression>()).transpose();
        let expression = expression.map_err(|_| Error::Inconsistent("expression of a group".to_owned()))?;
        groups.insert(row.get("id")?, Composition { members: BTreeSet::new(), expression });
    }
    let mut members = group_member::of(db, groups.keys().copied().collect()).await?;
    for (id, group) in &mut groups {
        group.members = members.remove(id).unwrap_or_default();
    }
    Ok(groups)
}

/// The units of each of these kinds.
pub(crate) async fn of_kinds(
    db: &mut impl Queries,
    kinds: impl Iterator<Item = UnitKind>,
    on: Date,
    roll: &mut Roll,
) -> Result<HashMap<UnitKind, Set>> {
    let names: Vec<_> = kinds.map(|kind| kind.name().to_owned()).collect();
    let mut sets: HashMap<UnitKind, Set> = HashMap::new();
    if !names.is_empty() {
        for row in db.all(&OF_KINDS, params![on, names]).await? {
            let addressee = read(&row)?;
            sets.entry(addressee.kind).or_default().insert(enter(addressee, roll));
        }
    }
    Ok(sets)
}

/// Every agency.
pub(crate) async fn agencies(db: &mut impl Queries, on: Date, roll: &mut Roll) -> Result<Set> {
    let rows = db.all(&AGENCIES, params![on]).await?;
    rows.iter().map(|row| Ok(enter(read(row)?, roll))).collect()
}

/// What stands below each of these units.
pub(crate) async fn below(
    db: &mut impl Queries,
    parts: impl Iterator<Item = Below>,
    on: Date,
    roll: &mut Roll,
) -> Result<HashMap<Below, Set>> {
    let (direct, whole): (Vec<_>, Vec<_>) = parts.partition(|part| part.direct);
    let mut sets: HashMap<Below, Set> = HashMap::new();
    for (statement, parts, direct) in [(&DIRECTLY_BELOW, direct, true), (&BELOW, whole, false)] {
        if parts.is_empty() {
            continue;
        }
        let tops: Vec<_> = parts.iter().map(|part| part.unit_id).collect();
        for row in db.all(statement, params![on, tops]).await? {
            let member = enter(read(&row)?, roll);
            sets.entry(Below { unit_id: row.get("top")?, direct }).or_default().insert(member);
        }
    }
    Ok(sets)
}

/// Those of the units that there are on a day, in no order.
pub(crate) async fn units(db: &mut impl Queries, ids: Vec<Uuid>, on: Date) -> Result<Vec<Addressee>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    db.all(&UNITS, params![on, ids]).await?.iter().map(read).collect()
}

/// Those of the external agencies that there are, on any day.
pub(crate) async fn externals(db: &mut impl Queries, ids: Vec<Uuid>) -> Result<Vec<Named>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    db.all(&EXTERNALS, params![ids]).await?.iter().map(named).collect()
}

/// Those of the positions that there are, on any day, with who holds them on this one.
pub(crate) async fn positions(db: &mut impl Queries, ids: Vec<Uuid>, on: Date) -> Result<Vec<Seat>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut holders: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for row in db.all(&HOLDERS, params![on, ids.clone()]).await? {
        holders.entry(row.get("position_id")?).or_default().push(row.get("person_id")?);
    }
    let rows = db.all(&POSITIONS, params![on, ids]).await?;
    let seat = |row: &Row| {
        let email: Option<String> = row.get("email")?;
        let id = row.get("id")?;
        Ok(Seat {
            named: Named {
                id,
                name: row.get("title")?,
                email: email.unwrap_or_default(),
                period: period(row)?,
            },
            unit_id: row.get("unit_id")?,
            agency_id: row.get("agency_id")?,
            holders: holders.remove(&id).unwrap_or_default(),
        })
    };
    rows.iter().map(seat).collect()
}

/// Those of the users that there are, each with whether they may sign in.
pub(crate) async fn users(db: &mut impl Queries, ids: Vec<Uuid>) -> Result<Vec<(Named, bool)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let user = |row: &Row| {
        let period = Period::ALWAYS;
        let (name, email) = (row.get("full_name")?, row.get("email")?);
        Ok((Named { id: row.get("id")?, name, email, period }, row.get("is_active")?))
    };
    db.all(&USERS, params![ids]).await?.iter().map(user).collect()
}

/// What units were called over time, each in order of days.
pub(crate) async fn versions(db: &mut impl Queries, ids: Vec<Uuid>) -> Result<HashMap<Uuid, Vec<Named>>> {
    let mut versions: HashMap<Uuid, Vec<Named>> = HashMap::new();
    for row in db.all(&VERSIONS, params![ids]).await? {
        let id = row.get("unit_id")?;
        let version = Named { id, name: row.get("name")?, email: String::new(), period: period(&row)? };
        versions.entry(id).or_default().push(version);
    }
    Ok(versions)
}

/// Who took over from units, up to a day. Where a successor ended before that day, also who took over from it.
pub(crate) async fn heirs(
    db: &mut impl Queries,
    ids: Vec<Uuid>,
    on: Date,
) -> Result<HashMap<Uuid, BTreeSet<Uuid>>> {
    let mut heirs: HashMap<Uuid, BTreeSet<Uuid>> = HashMap::new();
    for row in db.all(&HEIRS, params![on, ids]).await? {
        heirs.entry(row.get("origin")?).or_default().insert(row.get("unit_id")?);
    }
    Ok(heirs)
}

/// Keeps what was read of a unit; the member that it is.
fn enter(addressee: Addressee, roll: &mut Roll) -> Member {
    let member = Member::unit(addressee.id);
    roll.insert(addressee.id, addressee);
    member
}

fn read(row: &Row) -> Result<Addressee> {
    Ok(Addressee {
        id: row.get("unit_id")?,
        code: row.get("code")?,
        name: row.get("name")?,
        kind: read_kind(row)?,
        agency_id: row.get("agency_id")?,
        email: row.get("email")?,
    })
}

fn named(row: &Row) -> Result<Named> {
    Ok(Named { id: row.get("id")?, name: row.get("name")?, email: row.get("email")?, period: period(row)? })
}
