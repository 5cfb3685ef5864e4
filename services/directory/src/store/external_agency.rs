use std::collections::HashMap;

use base::{Date, Uuid, fold};
use directory_domain::{ExternalAgency, Identifier, Period};
use sql::{Column, Kind, Queries, Result, Row, Write, params};

use super::{identifier::identifier, like};

sql::statements! {
    FIND = "SELECT * FROM external_agency WHERE id = $1";
    LIST = "SELECT * FROM external_agency
        WHERE (folded_name, id) > ($1, $2) AND valid_from <= $3 AND valid_to > $3 AND search_text LIKE $4 ESCAPE '\\'
        ORDER BY folded_name, id LIMIT $5";
    CHANGE = "UPDATE external_agency SET revision = $2, name = $3, folded_name = $4, aliases = $5, search_text = $6,
        email = $7, address = $8, phone = $9, website = $10, valid_from = $11, valid_to = $12, updated_at = $13 WHERE id = $1";
    IDENTIFIERS = "SELECT * FROM external_agency_identifier WHERE external_agency_id = ANY($1)
        ORDER BY external_agency_id, scheme, valid_from, value";
    DROP_IDENTIFIERS = "DELETE FROM external_agency_identifier WHERE external_agency_id = $1";
}

const COLUMNS: [Column; 14] = [
    Column::new("id", Kind::Uuid),
    Column::new("revision", Kind::Int),
    Column::new("name", Kind::Text),
    Column::new("folded_name", Kind::Text),
    Column::new("aliases", Kind::Text),
    Column::new("search_text", Kind::Text),
    Column::new("email", Kind::Text),
    Column::new("address", Kind::Text),
    Column::new("phone", Kind::Text),
    Column::new("website", Kind::Text),
    Column::new("valid_from", Kind::Date),
    Column::new("valid_to", Kind::Date),
    Column::new("created_at", Kind::Time),
    Column::new("updated_at", Kind::Time),
];

const IDENTIFIER_COLUMNS: [Column; 5] = [
    Column::new("external_agency_id", Kind::Uuid),
    Column::new("scheme", Kind::Text),
    Column::new("value", Kind::Text),
    Column::new("valid_from", Kind::Date),
    Column::new("valid_to", Kind::Date),
];

/// Stores new external agencies with their identifiers.
pub(crate) async fn insert(tx: &mut Write, agencies: &[ExternalAgency]) -> Result<()> {
    let rows = agencies.iter().map(|agency| {
        params![
            agency.id,
            agency.revision,
            &agency.name,
            fold(&agency.name),
            agency.aliases.join("\n"),
            agency.search_text(),
            &agency.email,
            &agency.address,
            &agency.phone,
            &agency.website,
            agency.period.from,
            agency.period.until,
            agency.created_at,
            agency.updated_at,
        ]
    });
    tx.insert("external_agency", &COLUMNS, rows.collect()).await?;
    insert_identifiers(tx, agencies).await
}

/// Stores a changed external agency with its identifiers.
pub(crate) async fn change(tx: &mut Write, agency: &ExternalAgency) -> Result<()> {
    let values = params![
        agency.id,
        agency.revision,
        &agency.name,
        fold(&agency.name),
        agency.aliases.join("\n"),
        agency.search_text(),
        &agency.email,
        &agency.address,
        &agency.phone,
        &agency.website,
        agency.period.from,
        agency.period.until,
        agency.updated_at,
    ];
    tx.execute(&CHANGE, values).await?;
    tx.execute(&DROP_IDENTIFIERS, params![agency.id]).await?;
    insert_identifiers(tx, std::slice::from_ref(agency)).await
}

async fn insert_identifiers(tx: &mut Write, agencies: &[ExternalAgency]) -> Result<()> {
    let all = agencies.iter().flat_map(|agency| agency.identifiers.iter().map(|one| (agency.id, one)));
    let rows =
        all.map(|(id, one)| params![id, one.scheme.name(), &one.value, one.period.from, one.period.until]);
    tx.insert("external_agency_identifier", &IDENTIFIER_COLUMNS, rows.collect()).await.map(drop)
}

/// One external agency.
pub(crate) async fn find(db: &mut impl Queries, id: Uuid) -> Result<Option<ExternalAgency>> {
    let rows = db.all(&FIND, params![id]).await?;
    Ok(with_identifiers(db, &rows).await?.pop())
}

/// External agencies that exist on a day and have the text in a name, after a name and id, by name and id.
pub(crate) async fn list(
    db: &mut impl Queries,
    on: Date,
    query: &str,
    (after, after_id): (&str, Uuid),
    size: u16,
) -> Result<Vec<ExternalAgency>> {
    let rows = db.all(&LIST, params![after, after_id, on, like(query), size]).await?;
    with_identifiers(db, &rows).await
}

async fn with_identifiers(db: &mut impl Queries, rows: &[Row]) -> Result<Vec<ExternalAgency>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids = rows.iter().map(|row| row.get("id")).collect::<Result<Vec<Uuid>>>()?;
    let mut identifiers: HashMap<Uuid, Vec<Identifier>> = HashMap::with_capacity(ids.len());
    for row in db.all(&IDENTIFIERS, params![ids]).await? {
        let one = identifier(&row)?;
        identifiers.entry(row.get("external_agency_id")?).or_default().push(one);
    }
    rows.iter().map(|row| read(row, &mut identifiers)).collect()
}

fn read(row: &Row, identifiers: &mut HashMap<Uuid, Vec<Identifier>>) -> Result<ExternalAgency> {
    let id = row.get("id")?;
    let aliases: String = row.get("aliases")?;
    Ok(ExternalAgency {
        id,
        revision: row.get("revision")?,
        name: row.get("name")?,
        aliases: aliases.lines().map(str::to_owned).collect(),
        identifiers: identifiers.remove(&id).unwrap_or_default(),
        email: row.get("email")?,
        address: row.get("address")?,
        phone: row.get("phone")?,
        website: row.get("website")?,
        period: period(row)?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}

/// The days of a row.
pub(super) fn period(row: &Row) -> Result<Period> {
    Ok(Period { from: row.get("valid_from")?, until: row.get("valid_to")? })
}
