//! How agencies number, as versions: each holds from a year on, until the next one.

use std::collections::HashMap;

use base::{Timestamp, Uuid};
use documents_domain::{Kind, KindKey, NumberSeries, Officer, Scheme, SeriesCode, SeriesSort};
use sql::{Queries, Result, Row, Write, params};

use super::inconsistent;

sql::statements! {
    SAVE = "INSERT INTO number_series (id, since_year, revision, agency_id, code, name, sort, kinds, body_id, basis, reservable,
            ended, officer_id, officer_name, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        ON CONFLICT (id, since_year) DO UPDATE SET revision = $3, name = $6, kinds = $8, basis = $10, reservable = $11,
            ended = $12, officer_id = $13, officer_name = $14, changed_at = $15";
    SCHEME = "SELECT * FROM number_series AS series
        WHERE agency_id = ANY($1) AND NOT ended AND since_year = (SELECT max(version.since_year) FROM number_series AS version
            WHERE version.id = series.id AND version.since_year <= $2)
        ORDER BY code";
}

/// Stores a series as it is from its year on, by whom and when it was laid down.
pub(crate) async fn save(tx: &mut Write, series: &NumberSeries, by: &Officer, at: Timestamp) -> Result<()> {
    let kinds: Vec<_> = series.kinds.iter().map(written).collect();
    let values = params![
        series.id,
        series.since_year,
        series.revision,
        series.agency_id,
        series.code.as_str(),
        &series.name,
        series.sort.number(),
        kinds.join("\n"),
        series.body_id,
        &series.basis,
        series.reservable,
        series.ended,
        by.user_id,
        &by.full_name,
        at,
    ];
    tx.execute(&SAVE, values).await.map(drop)
}

/// The series of agencies in a year, of each by code.
pub(crate) async fn schemes(
    db: &mut impl Queries,
    agencies: Vec<Uuid>,
    year: i16,
) -> Result<HashMap<Uuid, Scheme>> {
    let mut schemes: HashMap<_, Scheme> = agencies.iter().map(|id| (*id, Scheme::default())).collect();
    for row in db.all(&SCHEME, params![agencies, year]).await? {
        let series = read(&row)?;
        schemes.entry(series.agency_id).or_default().series.push(series);
    }
    Ok(schemes)
}

/// The series of one agency in a year, by code.
pub(crate) async fn scheme(db: &mut impl Queries, agency_id: Uuid, year: i16) -> Result<Scheme> {
    Ok(schemes(db, vec![agency_id], year).await?.remove(&agency_id).unwrap_or_default())
}

fn written(kind: &KindKey) -> String {
    match kind {
        KindKey::Decreed(kind) => kind.number().to_string(),
        KindKey::Other(id) => id.to_string(),
    }
}

fn kind(line: &str) -> Result<KindKey> {
    let decreed = line.parse().ok().and_then(Kind::numbered).map(KindKey::Decreed);
    inconsistent(decreed.or_else(|| line.parse().ok().map(KindKey::Other)), "kind")
}

fn read(row: &Row) -> Result<NumberSeries> {
    let since_year: i32 = row.get("since_year")?;
    Ok(NumberSeries {
        id: row.get("id")?,
        revision: row.get("revision")?,
        agency_id: row.get("agency_id")?,
        code: inconsistent(SeriesCode::parse(&row.get::<String>("code")?), "code")?,
        since_year: inconsistent(i16::try_from(since_year).ok(), "year")?,
        name: row.get("name")?,
        sort: inconsistent(SeriesSort::numbered(row.get("sort")?), "sort")?,
        kinds: row.get::<String>("kinds")?.lines().map(kind).collect::<Result<_>>()?,
        body_id: row.get("body_id")?,
        basis: row.get("basis")?,
        reservable: row.get("reservable")?,
        ended: row.get("ended")?,
    })
}
