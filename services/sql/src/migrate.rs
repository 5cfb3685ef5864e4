use base::Clock;

use crate::{Db, Engine, Error, Queries, Result, Write, either, params, statement};

/// A step of a schema: its name (unique in a database, never changed) and its text for both engines.
///
/// What only one engine understands stands between a line `-- postgres {` or `-- sqlite {` and a line `-- }`; the other
/// engine does not see it.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Name: "documents/0001_start".
    pub name: &'static str,
    /// Statements, separated by semicolons.
    pub text: &'static str,
}

const LEDGER: &str = "CREATE TABLE IF NOT EXISTS schema_migration (
    name TEXT PRIMARY KEY,
    checksum TEXT NOT NULL,
    applied_at TIMESTAMPTZ NOT NULL
)";

impl Db {
    /// Brings the schema up to these migrations, all in one transaction. Several processes may try at once: one does it.
    /// Fails if a migration applied before was edited, or if the database is of a newer program.
    pub async fn migrate(&self, migrations: &[Migration], clock: &dyn Clock) -> Result<()> {
        let mut tx = self.write("migrate").await?;
        if self.engine() == Engine::Postgres {
            // Creating the ledger itself can collide; any fixed number serves as the lock.
            tx.all(&either("MIGRATION_LOCK", "SELECT pg_advisory_xact_lock(4070201)", ""), vec![]).await?;
        }
        tx.script("schema_migration", LEDGER.to_owned()).await?;
        let applied =
            tx.all(&statement("APPLIED", "SELECT name, checksum FROM schema_migration"), vec![]).await?;
        let mut known = 0;
        for migration in migrations {
            let before = applied.iter().find_map(|row| {
                let name: String = row.get("name").ok()?;
                (name == migration.name).then(|| row.get::<String>("checksum"))
            });
            match before.transpose()? {
                Some(checksum) if checksum == migration.checksum() => known += 1,
                Some(_) => {
                    return Err(Error::Schema(format!(
                        "migration {} was edited after it ran",
                        migration.name
                    )));
                }
                None => apply(&mut tx, migration, clock).await?,
            }
        }
        if known < applied.len() {
            return Err(Error::Schema("the database belongs to a newer version of this program".to_owned()));
        }
        tx.commit().await
    }
}

async fn apply(tx: &mut Write, migration: &Migration, clock: &dyn Clock) -> Result<()> {
    tx.script(migration.name, migration.text_for(tx.engine())).await?;
    let note =
        statement("NOTE", "INSERT INTO schema_migration (name, checksum, applied_at) VALUES ($1, $2, $3)");
    tx.execute(&note, params![migration.name, migration.checksum(), clock.now()]).await?;
    tracing::info!(migration = migration.name, "schema brought forward");
    Ok(())
}

impl Migration {
    /// The text that an engine sees.
    fn text_for(&self, engine: Engine) -> String {
        let own = match engine {
            Engine::Postgres => "-- postgres {",
            Engine::Sqlite => "-- sqlite {",
        };
        let mut seen = true;
        let mut text = String::with_capacity(self.text.len());
        for line in self.text.lines() {
            match line.trim() {
                start if start.starts_with("-- ") && start.ends_with(" {") => seen = start == own,
                "-- }" => seen = true,
                _ if seen => {
                    text.push_str(line);
                    text.push('\n');
                }
                _ => {}
            }
        }
        text
    }

    /// FNV-1a of the text: enough to notice an edit.
    fn checksum(&self) -> String {
        let hash = self.text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        format!("{hash:016x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_sees_what_is_common_and_its_own() {
        let text = "a;\n-- postgres {\nb;\n-- }\n-- sqlite {\nc;\n-- }\nd; -- note";
        let migration = Migration { name: "one", text };
        assert_eq!(migration.text_for(Engine::Postgres), "a;\nb;\nd; -- note\n");
        assert_eq!(migration.text_for(Engine::Sqlite), "a;\nc;\nd; -- note\n");
    }
}
