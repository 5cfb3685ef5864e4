//! What SQLite does with PostgreSQL's words.

use std::borrow::Cow;

/// The text for SQLite.
pub(crate) fn for_sqlite(text: &str) -> Cow<'_, str> {
    if !text.contains("::") && !text.contains("FOR UPDATE") && !text.contains("= ANY(") {
        return Cow::Borrowed(text);
    }
    let text = text.replace(" FOR UPDATE SKIP LOCKED", "").replace(" FOR UPDATE", "");
    Cow::Owned(drop_casts(&replace_any(&text)))
}

/// `x = ANY($3)` → `x IN (SELECT value FROM json_each($3))`.
fn replace_any(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("= ANY(") {
        let (parameter, after) = after.split_once(')').expect("the parenthesis is closed");
        out.push_str(before);
        out.push_str("IN (SELECT value FROM json_each(");
        out.push_str(parameter);
        out.push_str("))");
        rest = after;
    }
    out + rest
}

/// `$1::uuid` → `$1`.
fn drop_casts(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("::") {
        out.push_str(before);
        rest = after
            .trim_start_matches(|letter: char| letter.is_ascii_lowercase() || letter == '[' || letter == ']');
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_words_that_differ_change() {
        for (postgres, sqlite) in [
            ("SELECT 1", "SELECT 1"),
            ("SELECT a FROM t WHERE b = $1 FOR UPDATE SKIP LOCKED", "SELECT a FROM t WHERE b = $1"),
            ("SELECT count(*)::bigint FROM t FOR UPDATE", "SELECT count(*) FROM t"),
            (
                "SELECT a FROM t WHERE b = ANY($12) AND c = ANY($2)",
                "SELECT a FROM t WHERE b IN (SELECT value FROM json_each($12)) AND c IN (SELECT value FROM json_each($2))",
            ),
            ("VALUES ($1::uuid[], 'a:b')", "VALUES ($1, 'a:b')"),
        ] {
            assert_eq!(for_sqlite(postgres), sqlite);
        }
    }
}
