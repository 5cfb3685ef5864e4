use base::{Timestamp, Uuid};

use crate::{Act, Deed, Document, HistoryLine, Officer, Rejection, Signatory, StageName, Who, reading_post};

/// A comment on a document on its way to release (Article 10.3). Written once; it can only be marked as resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// The document.
    pub document_id: Uuid,
    /// Its number among the comments on the document, from 1.
    pub number: i32,
    /// The revision of the document that it was written about.
    pub revision: i64,
    /// What it says.
    pub remark: Remark,
    /// Who wrote it, and when.
    pub written: Act,
    /// Who marked it as resolved, and when.
    pub resolved: Option<Act>,
}

/// What a comment says, and about what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The text.
    pub text: String,
    /// The file that it is about; the document as a whole if none is named.
    pub attachment_id: Option<Uuid>,
    /// The page of that file, from 1.
    pub page: Option<i32>,
    /// The number of the comment that it answers.
    pub answers: Option<i32>,
}

impl Comment {
    /// Writes a comment: whoever reads the document at the sender, until it is released.
    pub fn write(
        document: &Document,
        number: i32,
        remark: Remark,
        by: &Officer,
        at: Timestamp,
    ) -> Result<(Self, HistoryLine), Rejection> {
        let author = reader(document, by)?;
        takes_comments(document)?;
        let line = HistoryLine::beside(document, Deed::Commented, author.clone(), at);
        let line = HistoryLine { comment: Some(number), attachment_id: remark.attachment_id, ..line };
        let written = Act { by: author, at };
        let (document_id, revision) = (document.id, document.revision);
        Ok((Self { document_id, number, revision, remark, written, resolved: None }, line))
    }

    /// Marks it as resolved: the drafter, or who wrote it, until the document is released.
    pub fn resolve(
        self,
        document: &Document,
        by: &Officer,
        at: Timestamp,
    ) -> Result<(Self, HistoryLine), Rejection> {
        let reader = reader(document, by)?;
        let concerned = [document.drafter.user_id, self.written.by.user_id];
        if !concerned.contains(&by.user_id) {
            return Err(Rejection::NotAllowed(Who::DrafterOrAuthor));
        }
        takes_comments(document)?;
        if let Some(before) = self.resolved {
            return Err(Rejection::CommentResolved { by: before.by.full_name });
        }
        let line = HistoryLine::beside(document, Deed::CommentResolved, reader.clone(), at);
        let line = HistoryLine { comment: Some(self.number), ..line };
        Ok((Self { resolved: Some(Act { by: reader, at }), ..self }, line))
    }
}

fn reader(document: &Document, by: &Officer) -> Result<Signatory, Rejection> {
    let post = reading_post(by, document).ok_or(Rejection::NotAllowed(Who::MemberOfDraftingUnit))?;
    Ok(by.acting(|held| held == post).expect("the post was found among them"))
}

/// A released document is what it is; what is wrong with it is corrected, replaced or recalled (Article 18).
fn takes_comments(document: &Document) -> Result<(), Rejection> {
    let stage = document.stage.name();
    match stage {
        StageName::Draft
        | StageName::InReview
        | StageName::Approved
        | StageName::Signed
        | StageName::Numbered
        | StageName::Sealed => Ok(()),
        StageName::Releasing | StageName::Issued | StageName::Voided => {
            Err(Rejection::CommentsClosed { stage })
        }
    }
}
