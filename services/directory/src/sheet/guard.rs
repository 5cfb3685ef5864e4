//! Formula injection: a cell that begins like a formula is run by the spreadsheet that opens the file (OWASP, CSV Injection).
//! An apostrophe before it makes it text. The reader takes off what the writer put there, and nothing else.

/// Whether a spreadsheet would take the text for a formula, or our own reader would take off an apostrophe of it.
fn is_risky(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// The text as it is written into a CSV file.
pub(super) fn guard(text: &str) -> String {
    if is_risky(text) { format!("'{text}") } else { text.to_owned() }
}

/// The text as it was before [`guard`].
pub(super) fn unguard(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_risky(rest) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_what_looks_like_a_formula_gets_an_apostrophe() {
        for (text, guarded) in [
            ("=1+1", "'=1+1"),
            ("+84 212", "'+84 212"),
            ("-", "'-"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("'=1", "''=1"),
            ("Sở Nội vụ", "Sở Nội vụ"),
            ("'trích'", "'trích'"),
            ("", ""),
        ] {
            assert_eq!(guard(text), guarded);
        }
    }

    proptest! {
        #[test]
        fn what_was_guarded_comes_back(text in "[=+@\t\r'a-]{0,6}") {
            let guarded = guard(&text);
            prop_assert!(!guarded.starts_with(['=', '+', '-', '@', '\t', '\r']));
            prop_assert_eq!(unguard(&guarded), text);
        }
    }
}
