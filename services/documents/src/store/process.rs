//! The processes of agencies, each version of them.

use base::Uuid;
use documents_domain::{Act, CheckRule, CheckSort, Duty, Place, Process};
use sql::{Column, Kind, Queries, Result, Row, Write, params};

use super::{act, act_values, inconsistent};

sql::statements! {
    INSERT = "INSERT INTO review_process (agency_id, version, approval_first, creator_id, creator_name, creator_position,
            created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    VERSIONS = "SELECT * FROM review_process WHERE agency_id = $1 AND ($2::bigint IS NULL OR version < $2::bigint)
        ORDER BY version DESC LIMIT $3";
    CHECKS = "SELECT * FROM review_process_check WHERE agency_id = $1 AND version >= $2 AND version <= $3
        ORDER BY version, level, place";
}

const COLUMNS: [Column; 9] = [
    Column::new("agency_id", Kind::Uuid),
    Column::new("version", Kind::Int),
    Column::new("level", Kind::Int),
    Column::new("place", Kind::Int),
    Column::new("sort", Kind::Int),
    Column::new("name", Kind::Text),
    Column::new("found", Kind::Int),
    Column::new("duty", Kind::Int),
    Column::new("unit_id", Kind::Uuid),
];

/// Stores a new version. A conflict says that somebody else was faster.
pub(crate) async fn insert(tx: &mut Write, agency_id: Uuid, process: &Process, act: &Act) -> Result<()> {
    let mut values = params![agency_id, process.version, process.approval_first];
    values.extend(act_values(Some(act)));
    tx.execute(&INSERT, values).await?;
    let mut rows = Vec::new();
    for (level, checks) in (1_i64..).zip(&process.levels) {
        for (place, check) in (1_i64..).zip(checks) {
            let (found, unit_id) = match check.place {
                Place::DraftingUnit => (1_i64, None),
                Place::Agency => (2, None),
                Place::Unit(unit_id) => (3, Some(unit_id)),
            };
            rows.push(params![
                agency_id,
                process.version,
                level,
                place,
                check.sort.number(),
                &check.name,
                found,
                check.duty.number(),
                unit_id,
            ]);
        }
    }
    tx.insert("review_process_check", &COLUMNS, rows).await.map(drop)
}

/// The process in force in an agency: its last version, or the built-in one.
pub(crate) async fn current(db: &mut impl Queries, agency_id: Uuid) -> Result<Process> {
    let found = versions(db, agency_id, None, 1).await?.pop();
    Ok(found.map_or_else(Process::built_in, |(process, _)| process))
}

/// Versions of an agency's process, newest first, each with who laid it down; those before one, where one is given.
pub(crate) async fn versions(
    db: &mut impl Queries,
    agency_id: Uuid,
    before: Option<i32>,
    size: u16,
) -> Result<Vec<(Process, Act)>> {
    let rows = db.all(&VERSIONS, params![agency_id, before.map(i64::from), size]).await?;
    let mut found = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    let numbers = || found.iter().map(|(process, _)| process.version);
    let Some((first, last)) = numbers().min().zip(numbers().max()) else { return Ok(found) };
    for row in db.all(&CHECKS, params![agency_id, first, last]).await? {
        let version: i32 = row.get("version")?;
        let process = found.iter_mut().map(|(process, _)| process).find(|process| process.version == version);
        let levels = &mut inconsistent(process, "process of a check")?.levels;
        let level = usize::try_from(row.get::<i64>("level")?).unwrap_or_default();
        levels.resize_with(level.max(levels.len()), Vec::new);
        inconsistent(levels.last_mut(), "level of a check")?.push(rule(&row)?);
    }
    Ok(found)
}

fn read(row: &Row) -> Result<(Process, Act)> {
    let approval_first = row.get("approval_first")?;
    let process = Process { version: row.get("version")?, approval_first, levels: Vec::new() };
    Ok((process, inconsistent(act(row, "creator", "created_at")?, "creator")?))
}

fn rule(row: &Row) -> Result<CheckRule> {
    let place = match row.get::<i32>("found")? {
        1 => Place::DraftingUnit,
        2 => Place::Agency,
        _ => Place::Unit(row.get("unit_id")?),
    };
    Ok(CheckRule {
        sort: inconsistent(CheckSort::numbered(row.get("sort")?), "sort of check")?,
        name: row.get("name")?,
        place,
        duty: inconsistent(Duty::numbered(row.get("duty")?), "duty")?,
    })
}
