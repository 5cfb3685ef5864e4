use base::{Date, Uuid};
use directory_domain::Succession;
use sql::{Column, Kind, Queries, Result, Row, Write, params};

sql::statements! {
    ALL = "SELECT * FROM unit_succession ORDER BY valid_from, predecessor_id, successor_id";
    INTO = "SELECT * FROM unit_succession WHERE successor_id = $1 ORDER BY valid_from, predecessor_id";
    OUT_OF = "SELECT * FROM unit_succession WHERE predecessor_id = $1 ORDER BY valid_from, successor_id";
    INHERITED = "WITH RECURSIVE inherited AS (
            SELECT predecessor_id, successor_id AS heir_id FROM unit_succession
                WHERE takes_over AND valid_from <= $1 AND successor_id = ANY($2)
            UNION
            SELECT older.predecessor_id, inherited.heir_id FROM unit_succession AS older
                JOIN inherited ON older.successor_id = inherited.predecessor_id
                WHERE older.takes_over AND older.valid_from <= $1
        )
        SELECT predecessor_id, heir_id FROM inherited WHERE predecessor_id <> heir_id ORDER BY heir_id, predecessor_id";
    HEIRS = "WITH RECURSIVE heir AS (
            SELECT predecessor_id, successor_id AS heir_id FROM unit_succession
                WHERE takes_over AND valid_from <= $1 AND predecessor_id = ANY($2)
            UNION
            SELECT heir.predecessor_id, later.successor_id FROM unit_succession AS later
                JOIN heir ON later.predecessor_id = heir.heir_id
                WHERE later.takes_over AND later.valid_from <= $1
        )
        SELECT predecessor_id, heir_id FROM heir WHERE predecessor_id <> heir_id ORDER BY heir_id, predecessor_id";
}

const COLUMNS: [Column; 4] = [
    Column::new("predecessor_id", Kind::Uuid),
    Column::new("successor_id", Kind::Uuid),
    Column::new("valid_from", Kind::Date),
    Column::new("takes_over", Kind::Bool),
];

/// Stores who took over from whom.
pub(crate) async fn insert(tx: &mut Write, successions: &[Succession]) -> Result<()> {
    let rows =
        successions.iter().map(|one| params![one.predecessor_id, one.successor_id, one.from, one.takes_over]);
    tx.insert("unit_succession", &COLUMNS, rows.collect()).await.map(drop)
}

/// Who took over from whom, and who will.
pub(crate) async fn all(db: &mut impl Queries) -> Result<Vec<Succession>> {
    db.all(&ALL, params![]).await?.iter().map(read).collect()
}

/// From whom a unit took over.
pub(crate) async fn into(db: &mut impl Queries, successor_id: Uuid) -> Result<Vec<Succession>> {
    db.all(&INTO, params![successor_id]).await?.iter().map(read).collect()
}

/// Who took over from a unit.
pub(crate) async fn out_of(db: &mut impl Queries, predecessor_id: Uuid) -> Result<Vec<Succession>> {
    db.all(&OUT_OF, params![predecessor_id]).await?.iter().map(read).collect()
}

/// The units whose inbox, registers and open work these units took over by a day, directly or through others: each with its
/// heir.
pub(crate) async fn inherited(
    db: &mut impl Queries,
    heir_ids: Vec<Uuid>,
    on: Date,
) -> Result<Vec<(Uuid, Uuid)>> {
    let rows = db.all(&INHERITED, params![on, heir_ids]).await?;
    rows.iter().map(heir).collect()
}

/// Who took over inbox, registers and open work of these units by a day, directly or through others: each heir with whom it
/// took over from.
pub(crate) async fn heirs(
    db: &mut impl Queries,
    predecessor_ids: Vec<Uuid>,
    on: Date,
) -> Result<Vec<(Uuid, Uuid)>> {
    let rows = db.all(&HEIRS, params![on, predecessor_ids]).await?;
    rows.iter().map(heir).collect()
}

fn heir(row: &Row) -> Result<(Uuid, Uuid)> {
    Ok((row.get("heir_id")?, row.get("predecessor_id")?))
}

fn read(row: &Row) -> Result<Succession> {
    Ok(Succession {
        predecessor_id: row.get("predecessor_id")?,
        successor_id: row.get("successor_id")?,
        from: row.get("valid_from")?,
        takes_over: row.get("takes_over")?,
    })
}
