//! What looks at the files of deliveries found.

use base::Uuid;
use documents_domain::Act;
use sql::{Column, Kind, Queries, Result, Write, params};

use super::inconsistent;

sql::statements! {
    NOTE = "UPDATE delivery SET checked_at = $2, checker_id = $3, checker_name = $4, checker_position = $5, broken_files = $6
        WHERE id = $1";
    CLEAR = "DELETE FROM delivery_file WHERE delivery_id = $1";
    OF = "SELECT attachment_id, finding FROM delivery_file WHERE delivery_id = $1 ORDER BY attachment_id";
}

const COLUMNS: [Column; 3] = [
    Column::new("delivery_id", Kind::Uuid),
    Column::new("attachment_id", Kind::Uuid),
    Column::new("finding", Kind::Text),
];

/// What was found of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) attachment_id: Uuid,
    pub(crate) finding: Finding,
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Finding {
    /// The bytes that were issued.
    Sound,
    /// Other bytes.
    Damaged,
    /// Not there.
    Missing,
}

impl Finding {
    const ALL: [(Self, &'static str); 3] =
        [(Self::Sound, "SOUND"), (Self::Damaged, "DAMAGED"), (Self::Missing, "MISSING")];

    fn code(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// Its number in the contracts.
    pub(crate) fn number(self) -> i32 {
        self as i32 + 1
    }
}

/// Stores what a look found, in place of the one before.
pub(crate) async fn save(tx: &mut Write, delivery_id: Uuid, by: &Act, found: &[Found]) -> Result<()> {
    let broken = found.iter().filter(|found| found.finding != Finding::Sound).count();
    let broken = i64::try_from(broken).unwrap_or(i64::MAX);
    let Act { by, at } = by;
    let values = params![delivery_id, *at, by.user_id, &by.full_name, &by.position, broken];
    tx.execute(&NOTE, values).await?;
    tx.execute(&CLEAR, params![delivery_id]).await?;
    let rows = found.iter().map(|found| params![delivery_id, found.attachment_id, found.finding.code()]);
    tx.insert("delivery_file", &COLUMNS, rows.collect()).await.map(drop)
}

/// What the last look found of each file.
pub(crate) async fn of(db: &mut impl Queries, delivery_id: Uuid) -> Result<Vec<Found>> {
    let rows = db.all(&OF, params![delivery_id]).await?;
    let found = rows.iter().map(|row| {
        let code: String = row.get("finding")?;
        let finding = Finding::ALL.into_iter().find(|(_, stored)| *stored == code);
        let (finding, _) = inconsistent(finding, "finding")?;
        Ok(Found { attachment_id: row.get("attachment_id")?, finding })
    });
    found.collect()
}
