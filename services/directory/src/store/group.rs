use std::collections::{BTreeSet, HashMap, HashSet};

use base::{Uuid, fold};
use directory_domain::{Group, GroupKind};
use sql::{Column, Error, Kind, Queries, Result, Row, Write, params};

use super::{group_member, like};

sql::statements! {
    FIND = "SELECT * FROM contact_group WHERE id = $1";
    AMONG = "SELECT * FROM contact_group WHERE id = ANY($1)";
    NAMED = "SELECT id FROM contact_group WHERE name = $1 AND kind = $2 AND id <> $3
        AND (owner_agency_id = $4::uuid OR (owner_agency_id IS NULL AND $4::uuid IS NULL)) LIMIT 1";
    LIST = "SELECT *, (SELECT count(*) FROM contact_group_member WHERE group_id = contact_group.id) AS members
        FROM contact_group
        WHERE (folded_name, id) > ($1, $2) AND ($3 = '' OR kind = $3) AND folded_name LIKE $4 ESCAPE '\\'
            AND ($5 = '' OR name = $5) AND ($6 = '' OR external_id = $6)
            AND ($7::uuid IS NULL OR owner_agency_id = $7::uuid)
            AND ($8::uuid IS NULL OR id IN (SELECT group_id FROM contact_group_member WHERE member_id = $8::uuid))
            AND ($9::boolean OR owner_agency_id IS NULL OR owner_agency_id = ANY($10))
        ORDER BY folded_name, id LIMIT $11";
    CHANGE = "UPDATE contact_group SET revision = $2, name = $3, folded_name = $4, description = $5, expression = $6,
        external_id = $7, updated_at = $8 WHERE id = $1";
    LINKS = "SELECT group_id, linked_id FROM contact_group_link";
    HOLDERS = "SELECT id, name FROM contact_group WHERE id IN (SELECT group_id FROM contact_group_link WHERE linked_id = $1)
        ORDER BY folded_name, id";
    UNLINK = "DELETE FROM contact_group_link WHERE group_id = $1";
    DELETE = "DELETE FROM contact_group WHERE id = $1";
}

const COLUMNS: [Column; 11] = [
    Column::new("id", Kind::Uuid),
    Column::new("revision", Kind::Int),
    Column::new("kind", Kind::Text),
    Column::new("owner_agency_id", Kind::Uuid),
    Column::new("name", Kind::Text),
    Column::new("folded_name", Kind::Text),
    Column::new("description", Kind::Text),
    Column::new("expression", Kind::Text),
    Column::new("external_id", Kind::Text),
    Column::new("created_at", Kind::Time),
    Column::new("updated_at", Kind::Time),
];

const LINK_COLUMNS: [Column; 2] = [Column::new("group_id", Kind::Uuid), Column::new("linked_id", Kind::Uuid)];

/// Which groups a list holds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    /// Of this kind.
    pub(crate) kind: Option<GroupKind>,
    /// With this text in their name, accents aside; all when empty.
    pub(crate) query: String,
    /// With just this name; all when empty.
    pub(crate) name: String,
    /// Which another system calls so; all when empty.
    pub(crate) external_id: String,
    /// Which this agency keeps.
    pub(crate) owner_agency_id: Option<Uuid>,
    /// Which name this member.
    pub(crate) member_id: Option<Uuid>,
    /// Which people of these agencies see; all when none.
    pub(crate) seen_from: Option<Vec<Uuid>>,
}

/// Stores a new group with its members.
pub(crate) async fn insert(tx: &mut Write, group: &Group) -> Result<()> {
    let row = params![
        group.id,
        group.revision,
        group.kind.name(),
        group.owner_agency_id,
        &group.name,
        fold(&group.name),
        &group.description,
        expression_text(group),
        &group.external_id,
        group.created_at,
        group.updated_at,
    ];
    tx.insert("contact_group", &COLUMNS, vec![row]).await?;
    group_member::add(tx, group.id, group.members.iter().copied()).await?;
    link(tx, group).await
}

/// Stores a changed group; of its members only those that came and went.
pub(crate) async fn change(tx: &mut Write, before: &Group, group: &Group) -> Result<()> {
    let values = params![
        group.id,
        group.revision,
        &group.name,
        fold(&group.name),
        &group.description,
        expression_text(group),
        &group.external_id,
        group.updated_at,
    ];
    tx.execute(&CHANGE, values).await?;
    let gone = before.members.difference(&group.members).copied().collect::<Vec<_>>();
    group_member::remove(tx, group.id, &gone).await?;
    group_member::add(tx, group.id, group.members.difference(&before.members).copied()).await?;
    if before.linked() != group.linked() {
        tx.execute(&UNLINK, params![group.id]).await?;
        link(tx, group).await?;
    }
    Ok(())
}

/// Deletes a group that no other holds.
pub(crate) async fn delete(tx: &mut Write, id: Uuid) -> Result<()> {
    group_member::clear(tx, id).await?;
    tx.execute(&UNLINK, params![id]).await?;
    tx.execute(&DELETE, params![id]).await.map(drop)
}

async fn link(tx: &mut Write, group: &Group) -> Result<()> {
    let rows = group.linked().into_iter().map(|linked| params![group.id, linked]);
    tx.insert("contact_group_link", &LINK_COLUMNS, rows.collect()).await.map(drop)
}

/// One group with its members.
pub(crate) async fn find(db: &mut impl Queries, id: Uuid) -> Result<Option<Group>> {
    let Some(row) = db.optional(&FIND, params![id]).await? else { return Ok(None) };
    let members = group_member::of(db, vec![id]).await?.remove(&id).unwrap_or_default();
    Ok(Some(Group { members, ..read(&row)? }))
}

/// Those of the groups that there are, without their members, in no order.
pub(crate) async fn among(db: &mut impl Queries, ids: Vec<Uuid>) -> Result<Vec<Group>> {
    db.all(&AMONG, params![ids]).await?.iter().map(read).collect()
}

/// Another group with the name, kind and owner of this one.
pub(crate) async fn namesake(db: &mut impl Queries, group: &Group) -> Result<Option<Uuid>> {
    let values = params![&group.name, group.kind.name(), group.id, group.owner_agency_id];
    db.optional(&NAMED, values).await?.map(|row| row.get("id")).transpose()
}

/// Groups after a name and id, by name and id; without their members, with how many each has.
pub(crate) async fn list(
    db: &mut impl Queries,
    filter: &Filter,
    (after, after_id): (&str, Uuid),
    size: u16,
) -> Result<Vec<(Group, i64)>> {
    let values = params![
        after,
        after_id,
        filter.kind.map_or("", GroupKind::name),
        like(&filter.query),
        &filter.name,
        &filter.external_id,
        filter.owner_agency_id,
        filter.member_id,
        filter.seen_from.is_none(),
        filter.seen_from.clone().unwrap_or_default(),
        size,
    ];
    db.all(&LIST, values).await?.iter().map(|row| Ok((read(row)?, row.get("members")?))).collect()
}

/// Which groups each group holds.
pub(crate) async fn links(db: &mut impl Queries) -> Result<HashMap<Uuid, HashSet<Uuid>>> {
    let mut links: HashMap<Uuid, HashSet<Uuid>> = HashMap::new();
    for row in db.all(&LINKS, params![]).await? {
        links.entry(row.get("group_id")?).or_default().insert(row.get("linked_id")?);
    }
    Ok(links)
}

/// The groups that hold a group, with their names.
pub(crate) async fn holders(db: &mut impl Queries, id: Uuid) -> Result<Vec<(Uuid, String)>> {
    db.all(&HOLDERS, params![id]).await?.iter().map(|row| Ok((row.get("id")?, row.get("name")?))).collect()
}

fn expression_text(group: &Group) -> String {
    group.expression.as_ref().map(ToString::to_string).unwrap_or_default()
}

fn read(row: &Row) -> Result<Group> {
    let (kind, expression): (String, String) = (row.get("kind")?, row.get("expression")?);
    let wrong = |what: &str| Error::Inconsistent(format!("{what} of a group"));
    let expression = (!expression.is_empty()).then(|| expression.parse());
    Ok(Group {
        id: row.get("id")?,
        revision: row.get("revision")?,
        name: row.get("name")?,
        description: row.get("description")?,
        kind: GroupKind::named(&kind).ok_or_else(|| wrong("kind"))?,
        owner_agency_id: row.get("owner_agency_id")?,
        members: BTreeSet::new(),
        expression: expression.transpose().map_err(|_| wrong("expression"))?,
        external_id: row.get("external_id")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}
