use base::Date;
use congvan_proto::documents::v1 as pb;
use documents_domain::{CirculationMark, Fields, IssuingBody, Kind, KindNature, OtherKind, Urgency, limits};
use kit::Violations;

use super::recipients;

/// The fields that a drafter writes; every violation is noted. Names of recipients are not yet known.
pub(super) fn parse(document: &pb::Document, violations: &mut Violations) -> Fields {
    let kind = Kind::numbered(document.kind).unwrap_or_else(|| {
        violations.missing("document.kind");
        Kind::OfficialLetter
    });
    let urgency = Urgency::numbered(document.urgency).unwrap_or_else(|| {
        violations.add("document.urgency", "không có mức độ khẩn này", "is no urgency");
        Urgency::Normal
    });
    if !(0..=limits::PAGES).contains(&document.page_amount) {
        let pages = limits::PAGES;
        violations.add("document.pageAmount", format!("từ 0 đến {pages}"), format!("must be 0 to {pages}"));
    }
    let language = violations.text("document.language", &document.language, false, limits::LANGUAGE);
    Fields {
        kind,
        other_kind: other_kind(document, kind, violations),
        issuing_body: issuing_body(&document.issuing_body_id, violations),
        summary: violations.text("document.abstract", &document.r#abstract, true, limits::ABSTRACT),
        matter: matter(&document.matter, violations),
        urgency,
        language: if language.is_empty() { "vi".to_owned() } else { language },
        pages: document.page_amount,
        note: violations.text("document.note", &document.note, false, limits::NOTE),
        reply_due: reply_due(&document.reply_due_date, violations),
        circulation: circulation(document.circulation_mark, violations),
        recipients: recipients::parse("document.recipients", &document.recipients, violations),
        relations: super::relations::parse(&document.relations, violations),
    }
}

/// The kind of the catalogue, of which the id is known and the rest not yet.
fn other_kind(document: &pb::Document, kind: Kind, violations: &mut Violations) -> Option<OtherKind> {
    let id = violations.optional_id("document.otherKindId", &document.other_kind_id);
    if (kind == Kind::Other) == document.other_kind_id.is_empty() {
        violations.add(
            "document.otherKindId",
            "bắt buộc khi loại là OTHER, để trống khi là loại khác",
            "is required when the kind is OTHER, and empty when it is not",
        );
    }
    let (name, abbreviation, nature) = (String::new(), String::new(), KindNature::Sector);
    id.map(|id| OtherKind { id, agency_id: None, name, abbreviation, nature })
}

/// The advisory body, of which the name is not known yet.
fn issuing_body(id: &str, violations: &mut Violations) -> Option<IssuingBody> {
    let unit_id = violations.optional_id("document.issuingBodyId", id)?;
    Some(IssuingBody { unit_id, name: String::new() })
}

/// The matter, as the directory takes it: one line.
fn matter(text: &str, violations: &mut Violations) -> String {
    let matter = violations.text("document.matter", text, false, limits::MATTER);
    if matter.contains(['\n', '\t']) {
        violations.add("document.matter", "phải nằm trên một dòng", "must stand on one line");
    }
    matter
}

fn reply_due(text: &str, violations: &mut Violations) -> Option<Date> {
    if text.is_empty() {
        return None;
    }
    // Strictly YYYY-MM-DD: the parser alone would also take a time of day.
    let date = text.parse().ok().filter(|date: &Date| date.to_string() == text);
    if date.is_none() {
        violations.add("document.replyDueDate", "phải là ngày dạng YYYY-MM-DD", "must be a date YYYY-MM-DD");
    }
    date
}

fn circulation(number: i32, violations: &mut Violations) -> Option<CirculationMark> {
    let mark = CirculationMark::numbered(number);
    if mark.is_none() && number != 0 {
        violations.add(
            "document.circulationMark",
            "không có chỉ dẫn phạm vi lưu hành này",
            "is no circulation mark",
        );
    }
    mark
}
