use std::collections::{BTreeSet, HashMap};

use base::{Date, Uuid};
use directory_domain::{Member, MemberKind};
use sql::{Column, Error, Kind, Queries, Result, Row, Statement, Write, params};

sql::statements! {
    OF = "SELECT group_id, kind, member_id FROM contact_group_member WHERE group_id = ANY($1)";
    REMOVE = "DELETE FROM contact_group_member WHERE group_id = $1 AND kind = $2 AND member_id = ANY($3)";
    CLEAR = "DELETE FROM contact_group_member WHERE group_id = $1";
    UNITS = "SELECT id, (SELECT name FROM unit_version WHERE unit_id = unit.id
            ORDER BY CASE WHEN valid_from <= $2 THEN 0 ELSE 1 END, valid_from DESC LIMIT 1) AS name
        FROM unit WHERE id = ANY($1)";
    EXTERNALS = "SELECT id, name FROM external_agency WHERE id = ANY($1) AND $2::date IS NOT NULL";
    POSITIONS = "SELECT id, title AS name FROM position WHERE id = ANY($1) AND $2::date IS NOT NULL";
    USERS = "SELECT id, full_name AS name FROM person WHERE id = ANY($1) AND $2::date IS NOT NULL";
    GROUPS = "SELECT id, name FROM contact_group WHERE id = ANY($1) AND $2::date IS NOT NULL";
}

const COLUMNS: [Column; 3] = [
    Column::new("group_id", Kind::Uuid),
    Column::new("kind", Kind::Text),
    Column::new("member_id", Kind::Uuid),
];

/// Adds members that the group does not have yet.
pub(super) async fn add(tx: &mut Write, group_id: Uuid, members: impl Iterator<Item = Member>) -> Result<()> {
    let rows = members.map(|member| params![group_id, member.kind.name(), member.id]);
    tx.insert("contact_group_member", &COLUMNS, rows.collect()).await.map(drop)
}

/// Removes members: one statement for each kind.
pub(super) async fn remove(tx: &mut Write, group_id: Uuid, members: &[Member]) -> Result<()> {
    for (kind, ids) in by_kind(members) {
        tx.execute(&REMOVE, params![group_id, kind.name(), ids]).await?;
    }
    Ok(())
}

/// Removes all members.
pub(super) async fn clear(tx: &mut Write, group_id: Uuid) -> Result<()> {
    tx.execute(&CLEAR, params![group_id]).await.map(drop)
}

/// The members of groups.
pub(crate) async fn of(db: &mut impl Queries, groups: Vec<Uuid>) -> Result<HashMap<Uuid, BTreeSet<Member>>> {
    let mut members: HashMap<Uuid, BTreeSet<Member>> = HashMap::with_capacity(groups.len());
    for row in db.all(&OF, params![groups]).await? {
        members.entry(row.get("group_id")?).or_default().insert(read(&row)?);
    }
    Ok(members)
}

/// What those of the members that there are in the directory are called on a day: one statement for each kind.
pub(crate) async fn names(
    db: &mut impl Queries,
    members: &[Member],
    on: Date,
) -> Result<HashMap<Member, String>> {
    let mut names = HashMap::with_capacity(members.len());
    for (kind, ids) in by_kind(members) {
        for row in db.all(names_of(kind), params![ids, on]).await? {
            let name: Option<String> = row.get("name")?;
            names.insert(Member { kind, id: row.get("id")? }, name.unwrap_or_default());
        }
    }
    Ok(names)
}

fn names_of(kind: MemberKind) -> &'static Statement {
    match kind {
        MemberKind::Unit => &UNITS,
        MemberKind::ExternalAgency => &EXTERNALS,
        MemberKind::Position => &POSITIONS,
        MemberKind::User => &USERS,
        MemberKind::Group => &GROUPS,
    }
}

/// The ids of the members of each kind that occurs.
fn by_kind(members: &[Member]) -> impl Iterator<Item = (MemberKind, Vec<Uuid>)> {
    MemberKind::ALL.into_iter().filter_map(|kind| {
        let ids: Vec<_> =
            members.iter().filter(|member| member.kind == kind).map(|member| member.id).collect();
        (!ids.is_empty()).then_some((kind, ids))
    })
}

fn read(row: &Row) -> Result<Member> {
    let kind: String = row.get("kind")?;
    let kind = MemberKind::named(&kind)
        .ok_or_else(|| Error::Inconsistent(format!("{kind} is no kind of member")))?;
    Ok(Member { kind, id: row.get("member_id")? })
}
