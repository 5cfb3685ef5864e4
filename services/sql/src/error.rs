use kit::Fault;

/// The database did not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is away, full, overloaded or gave up on a deadlock: trying again may help.
    #[error("{what}: the database is away: {source}")]
    Unavailable {
        /// Statement or transaction.
        what: String,
        /// The driver's error.
        source: sqlx::Error,
    },
    /// A row with the same key is there already.
    #[error("{what}: a row with the same key is there: {source}")]
    Conflict {
        /// Statement or transaction.
        what: String,
        /// The driver's error.
        source: sqlx::Error,
    },
    /// Anything else: a mistake of ours or a damaged database.
    #[error("{what}: {source}")]
    Failed {
        /// Statement or transaction.
        what: String,
        /// The driver's error.
        source: sqlx::Error,
    },
    /// A row does not hold what the code expects.
    #[error("{0}")]
    Inconsistent(String),
    /// The migrations in the database are not those of this program.
    #[error("{0}")]
    Schema(String),
}

impl Error {
    pub(crate) fn from_driver(what: &str, source: sqlx::Error) -> Self {
        let what = what.to_owned();
        match &source {
            sqlx::Error::Database(error) if error.is_unique_violation() => Self::Conflict { what, source },
            sqlx::Error::Database(error) if is_temporary(&error.code().unwrap_or_default()) => {
                Self::Unavailable { what, source }
            }
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::BeginFailed
            | sqlx::Error::WorkerCrashed => Self::Unavailable { what, source },
            _ => Self::Failed { what, source },
        }
    }

    /// Whether a row with the same key was there.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict { .. })
    }
}

/// SQLSTATE classes of PostgreSQL (connection, resources, shutdown, deadlock) and primary codes of SQLite (busy, locked, I/O
/// error, full, cannot open) after which another attempt may pass.
fn is_temporary(code: &str) -> bool {
    let sqlite =
        code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 10 | 13 | 14)) && code.len() < 5;
    let postgres = code.len() == 5
        && (code.starts_with("08")
            || code.starts_with("53")
            || code.starts_with("57P")
            || code.starts_with("40"));
    sqlite || postgres
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        match error {
            // A conflict that no store foresaw is a race with another writer: the repeat will see what that one wrote.
            Error::Unavailable { .. } | Error::Conflict { .. } => Self::unavailable(error),
            Error::Failed { .. } | Error::Inconsistent(_) | Error::Schema(_) => Self::internal(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_pass_later_is_told_from_what_will_not() {
        for temporary in ["57P01", "08006", "40P01", "53300", "5", "517", "10", "13", "2570"] {
            assert!(is_temporary(temporary), "{temporary}");
        }
        for lasting in ["42P01", "23505", "1", "19", "2067", "", "abcde"] {
            assert!(!is_temporary(lasting), "{lasting}");
        }
    }
}
