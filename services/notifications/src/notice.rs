use askama::Template;
use base::Uuid;

use crate::facts::{Issued, Recalled, Refused, Urged};

/// What every mail about one event says. It carries a link and no content of the document: e-mail is not the legal channel
/// (Decision 28/2018/QĐ-TTg, Article 5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) event_id: Uuid,
    pub(crate) event_type: String,
    pub(crate) subject_id: Uuid,
    pub(crate) document_id: Uuid,
    pub(crate) traceparent: String,
    pub(crate) letter: Letter,
}

/// A mail as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Letter {
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
}

#[derive(Template)]
#[template(path = "issued/subject.txt")]
struct IssuedSubject<'a> {
    facts: &'a Issued,
}

#[derive(Template)]
#[template(path = "issued/body.txt")]
struct IssuedText<'a> {
    facts: &'a Issued,
}

#[derive(Template)]
#[template(path = "issued/body.html")]
struct IssuedHtml<'a> {
    facts: &'a Issued,
}

#[derive(Template)]
#[template(path = "refused/subject.txt")]
struct RefusedSubject<'a> {
    facts: &'a Refused,
}

#[derive(Template)]
#[template(path = "refused/body.txt")]
struct RefusedText<'a> {
    facts: &'a Refused,
}

#[derive(Template)]
#[template(path = "refused/body.html")]
struct RefusedHtml<'a> {
    facts: &'a Refused,
}

#[derive(Template)]
#[template(path = "urged/subject.txt")]
struct UrgedSubject<'a> {
    facts: &'a Urged,
}

#[derive(Template)]
#[template(path = "urged/body.txt")]
struct UrgedText<'a> {
    facts: &'a Urged,
}

#[derive(Template)]
#[template(path = "urged/body.html")]
struct UrgedHtml<'a> {
    facts: &'a Urged,
}

#[derive(Template)]
#[template(path = "recalled/subject.txt")]
struct RecalledSubject<'a> {
    facts: &'a Recalled,
}

#[derive(Template)]
#[template(path = "recalled/body.txt")]
struct RecalledText<'a> {
    facts: &'a Recalled,
}

#[derive(Template)]
#[template(path = "recalled/body.html")]
struct RecalledHtml<'a> {
    facts: &'a Recalled,
}

impl Letter {
    /// The letter to the document office of a recipient that is urged.
    pub(crate) fn urged(facts: &Urged) -> askama::Result<Self> {
        Self::render(&UrgedSubject { facts }, &UrgedText { facts }, &UrgedHtml { facts })
    }

    /// The letter to the document office of a recipient.
    pub(crate) fn issued(facts: &Issued) -> askama::Result<Self> {
        Self::render(&IssuedSubject { facts }, &IssuedText { facts }, &IssuedHtml { facts })
    }

    /// The letter to the document office of the sender.
    pub(crate) fn refused(facts: &Refused) -> askama::Result<Self> {
        Self::render(&RefusedSubject { facts }, &RefusedText { facts }, &RefusedHtml { facts })
    }

    /// The letter to the document office of a recipient that is asked to give a document back.
    pub(crate) fn recalled(facts: &Recalled) -> askama::Result<Self> {
        Self::render(&RecalledSubject { facts }, &RecalledText { facts }, &RecalledHtml { facts })
    }

    fn render(subject: &impl Template, text: &impl Template, html: &impl Template) -> askama::Result<Self> {
        let subject = subject.render()?.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(Self { subject, text: text.render()?, html: html.render()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issued() -> Issued {
        Issued {
            notation: "01/SNV-VP".to_owned(),
            mark: "HỎA TỐC",
            date: "23/11/2026".to_owned(),
            sender: "Sở Nội vụ".to_owned(),
            short: "Về việc <kiểm tra>".to_owned(),
            summary: "Về việc <kiểm tra> & rà soát".to_owned(),
            link: "https://desk.vn/inbox?document=1&x=2".to_owned(),
        }
    }

    #[test]
    fn what_people_wrote_never_becomes_markup() {
        let letter = Letter::issued(&issued()).unwrap();
        assert_eq!(letter.subject, "[HỎA TỐC] [Công Văn] 01/SNV-VP: Về việc <kiểm tra>");
        assert!(letter.text.contains("Trích yếu: Về việc <kiểm tra> & rà soát\n"), "{}", letter.text);
        assert!(letter.text.contains("Độ khẩn: HỎA TỐC\nSố, ký hiệu: 01/SNV-VP\n"), "{}", letter.text);
        assert!(letter.html.contains("Về việc &#60;kiểm tra&#62; &#38; rà soát"), "{}", letter.html);
        assert!(!letter.html.contains("<kiểm tra>"));
    }

    #[test]
    fn a_normal_document_bears_no_mark() {
        let letter = Letter::issued(&Issued { mark: "", ..issued() }).unwrap();
        assert!(letter.subject.starts_with("[Công Văn] 01/SNV-VP"), "{}", letter.subject);
        assert!(!letter.text.contains("Độ khẩn") && !letter.html.contains("<strong style"));
    }
}
