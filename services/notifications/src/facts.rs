//! What the letters are filled with.

use base::{Date, Timestamp};
use congvan_proto::documents::v1::{
    DeliveriesUrged, DeliveryChanged, DeliveryStatus, DocumentIssued, RecallChanged, Urgency,
};

/// How many characters of an abstract stand in the subject line; the body has all of them.
const SHORT: usize = 120;

/// Facts of the letter to the document office of a recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Issued {
    /// Number and symbol.
    pub(crate) notation: String,
    /// Urgency mark as it is printed on the document; empty for a normal one.
    pub(crate) mark: &'static str,
    /// Legal date as people read it.
    pub(crate) date: String,
    /// Name of the issuing agency.
    pub(crate) sender: String,
    /// The abstract, cut for the subject line.
    pub(crate) short: String,
    /// The abstract.
    pub(crate) summary: String,
    /// Where the document is.
    pub(crate) link: String,
}

/// Facts of the letter to the document office of the sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    /// Number and symbol.
    pub(crate) notation: String,
    /// Name of the agency that refused.
    pub(crate) recipient: String,
    /// Whether it had accepted the document before and sends it back.
    pub(crate) late: bool,
    /// Why it refused.
    pub(crate) reason: String,
    /// When it refused, as people read it.
    pub(crate) time: String,
    /// The abstract, cut for the subject line.
    pub(crate) short: String,
    /// The abstract.
    pub(crate) summary: String,
    /// Where the delivery is.
    pub(crate) link: String,
}

/// Facts of the letter to the document office of a recipient that is urged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Urged {
    /// Number and symbol.
    pub(crate) notation: String,
    /// Urgency mark as it is printed on the document; empty for a normal one.
    pub(crate) mark: &'static str,
    /// Name of the agency that urges.
    pub(crate) sender: String,
    /// In what words.
    pub(crate) words: String,
    /// The abstract, cut for the subject line.
    pub(crate) short: String,
    /// The abstract.
    pub(crate) summary: String,
    /// Where the document is.
    pub(crate) link: String,
}

impl Urged {
    /// The facts of an event; `base_url` is the address of the desk.
    pub(crate) fn new(event: &DeliveriesUrged, base_url: &str) -> Self {
        Self {
            notation: event.notation.clone(),
            mark: mark(event.urgency()),
            sender: event.sender_name.clone(),
            words: event.text.clone(),
            short: short(&event.r#abstract),
            summary: event.r#abstract.clone(),
            link: format!("{}/inbox?document={}", base_url.trim_end_matches('/'), event.document_id),
        }
    }
}

/// Facts of the letter to the document office of a recipient that is asked to give a document back. Nothing of the document is among
/// them: what a recipient destroys must not live on in its mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recalled {
    /// Name of the agency that recalls it.
    pub(crate) sender: String,
    /// Number and symbol of the notice.
    pub(crate) notice: String,
    /// Why.
    pub(crate) reason: String,
    /// Until when an answer is awaited, as people read it.
    pub(crate) deadline: String,
    /// Where the delivery is.
    pub(crate) link: String,
}

impl Issued {
    /// The facts of an event; `base_url` is the address of the desk.
    pub(crate) fn new(event: &DocumentIssued, base_url: &str) -> Self {
        let date: Result<Date, _> = event.issued_date.parse();
        Self {
            notation: event.notation.clone(),
            mark: mark(event.urgency()),
            date: date
                .map_or_else(|_| event.issued_date.clone(), |date| date.strftime("%d/%m/%Y").to_string()),
            sender: event.issuing_agency_name.clone(),
            short: short(&event.r#abstract),
            summary: event.r#abstract.clone(),
            link: format!("{}/inbox?document={}", base_url.trim_end_matches('/'), event.document_id),
        }
    }
}

impl Refused {
    /// The facts of an event that happened at `at`; `base_url` is the address of the desk.
    pub(crate) fn new(event: &DeliveryChanged, at: Timestamp, base_url: &str) -> Self {
        Self {
            notation: event.notation.clone(),
            recipient: event.recipient_name.clone(),
            late: event.status() == DeliveryStatus::Returned,
            reason: event.reason.clone(),
            time: base::legal_time_text(at),
            short: short(&event.r#abstract),
            summary: event.r#abstract.clone(),
            link: format!("{}/outbox?document={}", base_url.trim_end_matches('/'), event.document_id),
        }
    }
}

impl Recalled {
    /// The facts of an event; `base_url` is the address of the desk.
    pub(crate) fn new(event: &RecallChanged, deadline: Timestamp, base_url: &str) -> Self {
        Self {
            sender: event.sender_name.clone(),
            notice: event.notice_notation.clone(),
            reason: event.reason.clone(),
            deadline: base::legal_time_text(deadline),
            link: format!("{}/inbox?document={}", base_url.trim_end_matches('/'), event.document_id),
        }
    }
}

/// The mark as it is printed (Decree 30/2020/NĐ-CP, Appendix I).
fn mark(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Unspecified | Urgency::Normal => "",
        Urgency::Urgent => "KHẨN",
        Urgency::VeryUrgent => "THƯỢNG KHẨN",
        Urgency::Flash => "HỎA TỐC",
    }
}

/// At most [`SHORT`] characters, cut between words where there are any.
fn short(text: &str) -> String {
    if base::characters(text) <= SHORT {
        return text.to_owned();
    }
    let cut: String = text.chars().take(SHORT - 1).collect();
    let whole = cut.rsplit_once(char::is_whitespace).map_or(cut.as_str(), |(whole, _)| whole);
    format!("{whole}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_abstract_is_cut_between_words() {
        assert_eq!(short("Về việc kiểm tra"), "Về việc kiểm tra");
        let cut = short(&"kiểm ".repeat(100));
        assert!(cut.ends_with("kiểm…") && base::characters(&cut) <= SHORT, "{cut}");
        assert_eq!(base::characters(&short(&"á".repeat(500))), SHORT);
    }

    #[test]
    fn urgency_is_marked_as_on_the_document() {
        let issued = |urgency: Urgency| {
            let event = DocumentIssued {
                urgency: urgency.into(),
                issued_date: "2026-11-03".to_owned(),
                ..Default::default()
            };
            Issued::new(&event, "https://desk.vn/")
        };
        for (urgency, mark) in [
            (Urgency::Unspecified, ""),
            (Urgency::Normal, ""),
            (Urgency::Urgent, "KHẨN"),
            (Urgency::VeryUrgent, "THƯỢNG KHẨN"),
            (Urgency::Flash, "HỎA TỐC"),
        ] {
            assert_eq!(issued(urgency).mark, mark);
        }
        assert_eq!(issued(Urgency::Flash).date, "03/11/2026");
        assert_eq!(issued(Urgency::Flash).link, "https://desk.vn/inbox?document=");
    }
}
