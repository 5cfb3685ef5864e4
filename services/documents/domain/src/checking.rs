use base::Timestamp;

use crate::{
    Act, Action, Change, Clearance, Document, Event, Made, Numbered, Officer, Process, Rejection, Review,
    Sealed, Signatory, Signed, Stage, StageName, Who, may,
};

/// From the draft to the signature: the process of the agency (Articles 10 to 12).
impl Document {
    /// Puts the draft before whoever checks it and may sign it. It keeps the process in force now until it is a draft again.
    pub fn submit(self, process: &Process, by: &Officer, at: Timestamp) -> Result<Change, Rejection> {
        let drafter = may(by, Action::Draft, &self)?;
        self.needs(StageName::Draft)?;
        self.is_complete()?;
        let review = Some(Review::begin(process, self.agency_id, self.drafting_unit_id));
        Ok(Self { stage: Stage::InReview, review, ..self }.changed(Event::Submitted, drafter, at))
    }

    /// Records that a check, known by its place, was made. What is wrong is not checked but returned.
    pub fn check(
        self,
        number: i32,
        opinion: String,
        by: &Officer,
        at: Timestamp,
    ) -> Result<Change, Rejection> {
        let approved = matches!(self.stage, Stage::Approved { .. });
        if !approved && !matches!(self.stage, Stage::InReview) {
            return Err(self.wrong_stage(StageName::InReview));
        }
        let mut review = self.review.clone().ok_or(Rejection::NoSuchCheck { checks: 0 })?;
        if review.approval_first && !approved {
            return Err(self.wrong_stage(StageName::Approved));
        }
        review.has(number)?;
        let checker = review.asks(Some(number), by).ok_or(Rejection::NotAllowed(Who::Asked))?;
        let act = Act { by: checker.clone(), at };
        review.make(number, by, &Made { act, opinion })?;
        Ok(Self { review: Some(review), ..self }.changed(Event::Checked { number }, checker, at))
    }

    /// Whether it lies before those who check, approve or sign it, or is signed and bears no number yet.
    pub fn is_under_review(&self) -> bool {
        matches!(self.stage, Stage::InReview | Stage::Approved { .. } | Stage::Signed(_))
    }

    /// Whether the officer may return it by post alone; if not, whoever may sign it still can.
    pub fn may_return(&self, by: &Officer) -> Result<Signatory, Rejection> {
        let asked = || self.review.as_ref().and_then(|review| review.asks(None, by));
        let approver = || {
            let approval = self.stage.approval()?;
            (approval.by.user_id == by.user_id).then(|| approval.by.clone())
        };
        let waits = matches!(self.stage, Stage::InReview | Stage::Approved { .. });
        let signed = matches!(self.stage, Stage::Signed(_));
        may(by, Action::SendBack, self).or_else(|refused| {
            let asked = waits.then(asked).flatten();
            let office = signed.then(|| may(by, Action::Issue, self).ok()).flatten();
            asked.or_else(approver).or(office).ok_or(refused)
        })
    }

    /// Returns the document: to the drafter (`level` 0), which makes checks, approval and signature void (Article 11.2), or to an
    /// earlier level of its process, which makes void what came from there on. `clearance` is what the directory said of an
    /// officer who [may not by post](Self::may_return).
    pub fn send_back(
        self,
        (level, reason): (i32, String),
        by: &Officer,
        clearance: Option<&Clearance>,
        at: Timestamp,
    ) -> Result<Change, Rejection> {
        let returner = match (self.may_return(by), clearance) {
            (Err(refused), Some(clearance)) => {
                self.is_as_asked(clearance, at)?;
                by.cleared(clearance).map_err(|_| refused)?.0
            }
            (may, _) => may?,
        };
        self.is_returnable()?;
        let (stage, review) = if level == 0 {
            (Stage::Draft { returned: Some(reason) }, self.review.clone().map(Review::void))
        } else {
            self.returned(level, reason)?
        };
        Ok(Self { stage, review, ..self }.changed(Event::Returned, returner, at))
    }

    fn is_returnable(&self) -> Result<(), Rejection> {
        match &self.stage {
            Stage::InReview | Stage::Approved { .. } | Stage::Signed(_) => Ok(()),
            Stage::Numbered(Numbered { numbering, .. })
            | Stage::Sealed(Sealed { numbered: Numbered { numbering, .. }, .. }) => {
                Err(Rejection::NumberSpent { notation: numbering.notation() })
            }
            Stage::Releasing { .. } => Err(self.wrong_stage(StageName::Sealed)),
            Stage::Draft { .. } | Stage::Issued { .. } | Stage::Voided { .. } => {
                Err(self.wrong_stage(StageName::InReview))
            }
        }
    }

    /// Where it stands after a return to a level: an approval that came before the checks stays.
    fn returned(&self, level: i32, reason: String) -> Result<(Stage, Option<Review>), Rejection> {
        let mut review = self.review.clone().ok_or(Rejection::NotEarlier { level: 0 })?;
        if level >= review.level() {
            return Err(Rejection::NotEarlier { level: review.level() });
        }
        review.void_from(level);
        review.returned = Some(reason);
        let stage = match &self.stage {
            Stage::Approved { approval } | Stage::Signed(Signed { approval, .. })
                if review.approval_first =>
            {
                Stage::Approved { approval: approval.clone() }
            }
            _ => Stage::InReview,
        };
        Ok((stage, Some(review)))
    }

    /// Refuses while checks are missing.
    pub(crate) fn is_checked(&self) -> Result<(), Rejection> {
        match &self.review {
            Some(review) if !review.is_complete() => {
                Err(Rejection::ChecksOpen { names: review.open_names() })
            }
            _ => Ok(()),
        }
    }
}

impl Review {
    /// Nothing of it counts any more.
    fn void(mut self) -> Self {
        self.void_from(0);
        self
    }
}
