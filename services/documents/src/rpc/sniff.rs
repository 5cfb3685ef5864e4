use kit::Fault;

use crate::faults;

/// How many first bytes tell what a file is.
pub(super) const HEAD_BYTES: usize = 8192;

/// The types of files that documents may have, by the ending of the name: what the content must be, and the media type it is
/// served as. Office files are told apart from other archives and compound files only as far as their first bytes allow.
const TYPES: [(&str, &[&str], &str); 16] = [
    ("pdf", &["application/pdf"], "application/pdf"),
    ("docx", ZIP, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xlsx", ZIP, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("pptx", ZIP, "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("odt", ZIP, "application/vnd.oasis.opendocument.text"),
    ("ods", ZIP, "application/vnd.oasis.opendocument.spreadsheet"),
    ("zip", ZIP, "application/zip"),
    ("doc", COMPOUND, "application/msword"),
    ("xls", COMPOUND, "application/vnd.ms-excel"),
    ("ppt", COMPOUND, "application/vnd.ms-powerpoint"),
    ("png", &["image/png"], "image/png"),
    ("jpg", &["image/jpeg"], "image/jpeg"),
    ("jpeg", &["image/jpeg"], "image/jpeg"),
    ("tif", &["image/tiff"], "image/tiff"),
    ("txt", TEXT, "text/plain; charset=utf-8"),
    ("csv", TEXT, "text/csv; charset=utf-8"),
];

const ZIP: &[&str] = &["application/zip"];
const COMPOUND: &[&str] = &["application/x-ole-storage"];
const TEXT: &[&str] = &["text/plain"];

/// The type that a name promises; a fault if such files are not taken.
pub(super) struct Promise {
    file_name: String,
    content: &'static [&'static str],
    /// What it is served as.
    pub(super) media_type: &'static str,
}

impl Promise {
    /// What the ending of a name promises.
    pub(super) fn of(file_name: &str) -> Result<Self, Fault> {
        let ending = file_name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
        let known = TYPES.iter().find(|(known, ..)| ending.as_deref() == Some(known));
        let allowed = || TYPES.map(|(ending, ..)| ending).join(", ");
        let (_, content, media_type) =
            known.ok_or_else(|| faults::file_type_not_allowed(file_name, &allowed()))?;
        Ok(Self { file_name: file_name.to_owned(), content, media_type })
    }

    /// Fails if the first bytes are not what the name promises.
    pub(super) fn check(&self, head: &[u8]) -> Result<(), Fault> {
        let found = content(head);
        if self.content.contains(&found) {
            Ok(())
        } else {
            Err(faults::file_type_mismatch(&self.file_name, found))
        }
    }
}

/// What the first bytes are, with families folded: every ZIP is a ZIP.
fn content(head: &[u8]) -> &'static str {
    if head.starts_with(b"PK\x03\x04") {
        return "application/zip";
    }
    if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return "application/x-ole-storage";
    }
    match infer::get(head) {
        Some(kind) if kind.matcher_type() != infer::MatcherType::Text => kind.mime_type(),
        _ if is_text(head) => "text/plain",
        _ => "application/octet-stream",
    }
}

/// UTF-8 without zero bytes; the head may end inside a character.
fn is_text(head: &[u8]) -> bool {
    let valid = match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none() && head.len() == HEAD_BYTES,
    };
    valid && !head.contains(&0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_name_says() {
        let pdf = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3".as_slice();
        let exe = b"MZ\x90\x00\x03".as_slice();
        for (name, head, reason) in [
            ("cv.pdf", pdf, None),
            ("CV.PDF", pdf, None),
            ("phụ lục.csv", "xã,số\n".as_bytes(), None),
            ("phuluc.docx", b"PK\x03\x04....".as_slice(), None),
            ("cv.pdf", b"PK\x03\x04....".as_slice(), Some("FILE_TYPE_MISMATCH")),
            ("cv.pdf", exe, Some("FILE_TYPE_MISMATCH")),
            ("ghichu.txt", exe, Some("FILE_TYPE_MISMATCH")),
            ("cv.docx", pdf, Some("FILE_TYPE_MISMATCH")),
            ("setup.exe", exe, Some("FILE_TYPE_NOT_ALLOWED")),
            ("pdf", pdf, Some("FILE_TYPE_NOT_ALLOWED")),
        ] {
            let refused = Promise::of(name).and_then(|promise| promise.check(head)).err();
            assert_eq!(refused.map(|fault| fault.reason()), reason, "{name}");
        }
    }
}
