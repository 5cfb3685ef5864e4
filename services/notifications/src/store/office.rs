use base::{Date, Uuid};
use sql::{Column, Kind, Queries, Result, Row, Write, params};

use crate::clerks::{Clerk, Seat};

sql::statements! {
    OF = "SELECT * FROM office_clerk WHERE office_id = ANY($1) AND known_on = $2 ORDER BY office_id, user_id";
    REPLACED = "DELETE FROM office_clerk WHERE office_id = ANY($1)";
    FORGET = "DELETE FROM office_clerk";
}

const COLUMNS: [Column; 6] = [
    Column::new("office_id", Kind::Uuid),
    Column::new("user_id", Kind::Uuid),
    Column::new("agency_id", Kind::Uuid),
    Column::new("full_name", Kind::Text),
    Column::new("address", Kind::Text),
    Column::new("known_on", Kind::Date),
];

/// The clerks of these agencies, as far as they are known to be so on that day.
pub(crate) async fn of(db: &mut impl Queries, agencies: &[Uuid], on: Date) -> Result<Vec<Seat>> {
    db.all(&OF, params![agencies.to_vec(), on]).await?.iter().map(read).collect()
}

/// Keeps who the clerks of some agencies are on a day, in place of what was known of them.
pub(crate) async fn keep(tx: &mut Write, seats: &[Seat], on: Date) -> Result<()> {
    let offices: Vec<Uuid> = seats.iter().map(|seat| seat.office_id).collect();
    tx.execute(&REPLACED, params![offices]).await?;
    let rows = seats.iter().map(|Seat { office_id, clerk }| {
        let address = clerk.address.as_ref().map(ToString::to_string).unwrap_or_default();
        params![*office_id, clerk.user_id, clerk.agency_id, &clerk.full_name, address, on]
    });
    tx.insert("office_clerk", &COLUMNS, rows.collect()).await.map(drop)
}

/// Forgets all.
pub(crate) async fn forget(tx: &mut Write) -> Result<()> {
    tx.execute(&FORGET, params![]).await.map(drop)
}

fn read(row: &Row) -> Result<Seat> {
    let address: String = row.get("address")?;
    Ok(Seat {
        office_id: row.get("office_id")?,
        clerk: Clerk {
            user_id: row.get("user_id")?,
            agency_id: row.get("agency_id")?,
            full_name: row.get("full_name")?,
            address: address.parse().ok(),
        },
    })
}
