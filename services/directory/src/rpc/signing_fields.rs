//! Kinds and matters as they are written in requests.

use base::{characters, clean};
use directory_domain::DocumentKind;
use kit::Violations;

/// Most matters of one authority, and most characters of a matter.
const MATTERS: usize = 50;
const MATTER: usize = 100;

/// Kinds of documents; a violation for each that is none.
pub(super) fn document_kinds(
    field: &str,
    written: &[String],
    violations: &mut Violations,
) -> Vec<DocumentKind> {
    let written = written.iter().enumerate();
    written
        .filter_map(|(index, name)| document_kind(&format!("{field}[{index}]"), name, violations))
        .collect()
}

/// A kind of document; a violation if it is none.
pub(super) fn document_kind(field: &str, name: &str, violations: &mut Violations) -> Option<DocumentKind> {
    let kind = DocumentKind::named(name);
    match kind {
        None if name.is_empty() => violations.missing(field),
        None => violations.add(
            field,
            "không phải là loại văn bản hành chính, ví dụ DECISION, NOTICE",
            "is no kind of administrative document, like DECISION or NOTICE",
        ),
        Some(_) => {}
    }
    kind
}

/// Matters; a violation for each that is no short line of text.
pub(super) fn matters(field: &str, written: &[String], violations: &mut Violations) -> Vec<String> {
    let count = written.len();
    if count > MATTERS {
        violations.add(
            field,
            format!("có {count} lĩnh vực, tối đa {MATTERS}"),
            format!("has {count} matters, at most {MATTERS} are allowed"),
        );
        return Vec::new();
    }
    let written = written.iter().enumerate();
    written.map(|(index, text)| matter(&format!("{field}[{index}]"), text, true, violations)).collect()
}

/// A matter: one short line of text.
pub(super) fn matter(field: &str, written: &str, required: bool, violations: &mut Violations) -> String {
    let matter = clean(written);
    let length = characters(&matter);
    if required && matter.is_empty() {
        violations.missing(field);
    } else if length > MATTER {
        violations.add(
            field,
            format!("dài {length} ký tự, tối đa {MATTER}"),
            format!("has {length} characters, at most {MATTER} are allowed"),
        );
    } else if matter.contains(char::is_control) {
        violations.add(
            field,
            "có ký tự điều khiển hoặc xuống dòng",
            "holds control characters or line breaks",
        );
    }
    matter
}
