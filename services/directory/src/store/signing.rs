use base::{Date, Uuid};
use directory_domain::{Authority, DocumentKind, GrantForm, Period, Scope};
use sql::{Column, Error, Kind, Queries, Result, Row, Write, params};

sql::statements! {
    FIND = "SELECT * FROM signing_authority WHERE id = $1";
    OF_AGENCY = "SELECT * FROM signing_authority WHERE agency_id = $1 ORDER BY id";
    LIST = "SELECT * FROM signing_authority
        WHERE agency_id = $1 AND id > $2 AND ($3::uuid IS NULL OR grantee_position_id = $3::uuid)
            AND ($4::date IS NULL OR (valid_from <= $4::date AND $4::date < valid_to
                AND (revoked_from IS NULL OR $4::date < revoked_from)))
        ORDER BY id LIMIT $5";
    REVOKE = "UPDATE signing_authority SET revision = $2, revoked_from = $3, updated_at = $4 WHERE id = $1";
}

const COLUMNS: [Column; 13] = [
    Column::new("id", Kind::Uuid),
    Column::new("revision", Kind::Int),
    Column::new("agency_id", Kind::Uuid),
    Column::new("form", Kind::Text),
    Column::new("grantor_position_id", Kind::Uuid),
    Column::new("grantee_position_id", Kind::Uuid),
    Column::new("kinds", Kind::Text),
    Column::new("matters", Kind::Text),
    Column::new("basis", Kind::Text),
    Column::new("valid_from", Kind::Date),
    Column::new("valid_to", Kind::Date),
    Column::new("created_at", Kind::Time),
    Column::new("updated_at", Kind::Time),
];

/// Which authorities a list holds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Filter {
    /// To sign for this agency.
    pub(crate) agency_id: Uuid,
    /// To this position.
    pub(crate) grantee_position_id: Option<Uuid>,
    /// That hold on this day.
    pub(crate) live_on: Option<Date>,
}

/// Stores a new authority.
pub(crate) async fn insert(tx: &mut Write, authority: &Authority) -> Result<()> {
    let kinds: Vec<_> = authority.scope.kinds().iter().map(|kind| kind.name()).collect();
    let row = params![
        authority.id,
        authority.revision,
        authority.agency_id,
        authority.form.name(),
        authority.grantor_position_id,
        authority.grantee_position_id,
        kinds.join("\n"),
        authority.scope.matters().join("\n"),
        &authority.basis,
        authority.period.from,
        authority.period.until,
        authority.created_at,
        authority.updated_at,
    ];
    tx.insert("signing_authority", &COLUMNS, vec![row]).await.map(drop)
}

/// Stores that an authority was revoked; nothing else of one changes.
pub(crate) async fn revoke(tx: &mut Write, authority: &Authority) -> Result<()> {
    let values = params![authority.id, authority.revision, authority.revoked_from, authority.updated_at];
    tx.execute(&REVOKE, values).await.map(drop)
}

/// One authority.
pub(crate) async fn find(db: &mut impl Queries, id: Uuid) -> Result<Option<Authority>> {
    db.optional(&FIND, params![id]).await?.as_ref().map(read).transpose()
}

/// Every authority to sign for an agency, whenever it holds.
pub(crate) async fn of_agency(db: &mut impl Queries, agency_id: Uuid) -> Result<Vec<Authority>> {
    db.all(&OF_AGENCY, params![agency_id]).await?.iter().map(read).collect()
}

/// Authorities after an id, by id.
pub(crate) async fn list(
    db: &mut impl Queries,
    filter: Filter,
    after: Uuid,
    size: u16,
) -> Result<Vec<Authority>> {
    let Filter { agency_id, grantee_position_id, live_on } = filter;
    let values = params![agency_id, after, grantee_position_id, live_on, size];
    db.all(&LIST, values).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Authority> {
    let form: String = row.get("form")?;
    let kinds: String = row.get("kinds")?;
    let kind = |name: &str| {
        DocumentKind::named(name).ok_or_else(|| Error::Inconsistent(format!("{name} is no kind of document")))
    };
    let kinds = kinds.lines().map(kind).collect::<Result<_>>()?;
    let matters: String = row.get("matters")?;
    Ok(Authority {
        id: row.get("id")?,
        revision: row.get("revision")?,
        agency_id: row.get("agency_id")?,
        form: GrantForm::named(&form)
            .ok_or_else(|| Error::Inconsistent(format!("{form} is no form of signing")))?,
        grantor_position_id: row.get("grantor_position_id")?,
        grantee_position_id: row.get("grantee_position_id")?,
        scope: Scope::new(kinds, matters.lines().map(str::to_owned).collect()),
        period: Period { from: row.get("valid_from")?, until: row.get("valid_to")? },
        revoked_from: row.get("revoked_from")?,
        basis: row.get("basis")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}
