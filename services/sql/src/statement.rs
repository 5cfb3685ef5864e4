/// A statement with a name, as text for both engines.
///
/// What SQLite does with PostgreSQL's words: casts (`$1::uuid`) are dropped; `FOR UPDATE` and `SKIP LOCKED` are dropped, since
/// the one writer holds the lock already; `= ANY($1)` over an array parameter becomes a look into a JSON array.
#[derive(Debug, Clone, Copy)]
pub struct Statement {
    /// Name in errors.
    pub name: &'static str,
    pub(crate) postgres: &'static str,
    pub(crate) sqlite: &'static str,
}

/// One text for both engines.
pub const fn statement(name: &'static str, text: &'static str) -> Statement {
    Statement { name, postgres: text, sqlite: text }
}

/// A genuine fork: one text for PostgreSQL, one for SQLite.
pub const fn either(name: &'static str, postgres: &'static str, sqlite: &'static str) -> Statement {
    Statement { name, postgres, sqlite }
}

/// Defines the statements of a store file as constants, and `STATEMENTS` with all of them, for the test that prepares each
/// on both engines.
///
/// ```
/// sql::statements! {
///     FIND = "SELECT name FROM unit WHERE id = $1";
///     COUNT = either("SELECT count(*)::bigint AS n FROM unit", "SELECT count(*) AS n FROM unit");
/// }
/// assert_eq!(STATEMENTS.len(), 2);
/// ```
#[macro_export]
macro_rules! statements {
    ($($name:ident = $($text:literal)? $(either($postgres:literal, $sqlite:literal))?;)+) => {
        $(const $name: $crate::Statement =
            $($crate::statement(stringify!($name), $text))?
            $($crate::either(stringify!($name), $postgres, $sqlite))?;)+
        pub(crate) const STATEMENTS: &[&$crate::Statement] = &[$(&$name),+];
    };
}

/// Parameters of a statement, in order: `params![id, name, now]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { vec![$($crate::Value::from($value)),*] };
}
