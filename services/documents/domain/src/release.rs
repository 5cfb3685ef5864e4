use std::time::Duration;

use base::{Timestamp, legal_date};

use crate::{
    Act, Action, Change, Document, Event, Numbered, Numbering, Officer, Rejection, Release, Sealed,
    Signatory, Stage, StageName, Urgency, Voiding, may,
};

/// From the signature to the recipients: the work of the document office (Articles 14 to 18). Its steps are taken one by one, or what
/// is missing of them at once.
impl Document {
    /// Whether the officer could number it now; asked before a number is taken.
    pub fn may_number(&self, by: &Officer) -> Result<Signatory, Rejection> {
        let clerk = may(by, Action::Issue, self)?;
        self.needs(StageName::Signed)?;
        self.is_complete()?;
        Ok(clerk)
    }

    /// Gives it the number that was taken for it in the same transaction, and the date of this day (Article 15).
    pub fn number(self, given: (i32, String), by: &Officer, at: Timestamp) -> Result<Change, Rejection> {
        let clerk = self.may_number(by)?;
        Ok(self.numbered(given, &clerk, at)?.changed(Event::Numbered, clerk, at))
    }

    /// Puts the seal of the agency on it: only on what is signed and numbered, and in person (Article 32.2).
    pub fn seal(self, by: &Officer, at: Timestamp) -> Result<Change, Rejection> {
        let clerk = may(by, Action::Seal, &self)?;
        Ok(self.sealed(&clerk, at)?.changed(Event::Sealed, clerk, at))
    }

    /// Whether the officer could release it now; asked before recipients are looked at.
    pub fn may_release(&self, by: &Officer) -> Result<Signatory, Rejection> {
        let clerk = may(by, Action::Issue, self)?;
        self.needs(StageName::Sealed)?;
        self.is_complete()?;
        Ok(clerk)
    }

    /// Whether deliveries are held for so long, in which the release can be undone. Those of an urgent document never are (Article 18.1).
    pub fn holds(&self, undo: Duration) -> bool {
        !undo.is_zero() && self.fields.urgency == Urgency::Normal
    }

    /// Orders its release: deliveries are made after so long if it [holds](Self::holds), else at once.
    pub fn release(self, by: &Officer, undo: Duration, at: Timestamp) -> Result<Change, Rejection> {
        let clerk = self.may_release(by)?;
        let ordered = Act { by: clerk.clone(), at };
        let held = self.holds(undo);
        let Stage::Sealed(sealed) = self.stage else {
            return Err(self.wrong_stage(StageName::Sealed));
        };
        let (stage, event) = if held {
            let release = Release { ordered, due: at + undo };
            (Stage::Releasing { sealed, release }, Event::ReleaseOrdered)
        } else {
            (Stage::Issued { sealed, issued: ordered }, Event::Issued)
        };
        Ok(Self { stage, ..self }.changed(event, clerk, at))
    }

    /// Takes an order to release back, while nothing is delivered. Number and seal stay.
    pub fn undo_release(self, by: &Officer, at: Timestamp) -> Result<Change, Rejection> {
        let clerk = may(by, Action::Issue, &self)?;
        self.is_undelivered()?;
        let Stage::Releasing { sealed, .. } = self.stage else {
            return Err(self.wrong_stage(StageName::Releasing));
        };
        Ok(Self { stage: Stage::Sealed(sealed), ..self }.changed(Event::ReleaseUndone, clerk, at))
    }

    /// Makes the deliveries of an order whose time has come; none if there is no such order.
    pub fn deliver(self, at: Timestamp) -> Option<Change> {
        match self.stage {
            Stage::Releasing { sealed, release } if release.due <= at => {
                let clerk = release.ordered.by.clone();
                let issued = Act { at, ..release.ordered };
                Some(Self { stage: Stage::Issued { sealed, issued }, ..self }.changed(
                    Event::Issued,
                    clerk,
                    at,
                ))
            }
            _ => None,
        }
    }

    /// Cancels it before release. Its number stays spent, with the reason beside it.
    pub fn void(self, reason: String, by: &Officer, at: Timestamp) -> Result<Change, Rejection> {
        let clerk = may(by, Action::Issue, &self)?;
        self.is_undelivered()?;
        let (numbered, sealing) = match self.stage {
            Stage::Numbered(numbered) => (numbered, None),
            Stage::Sealed(Sealed { numbered, sealing }) => (numbered, Some(sealing)),
            Stage::Releasing { .. } => return Err(self.wrong_stage(StageName::Sealed)),
            _ => return Err(self.wrong_stage(StageName::Numbered)),
        };
        let voiding = Voiding { act: Act { by: clerk.clone(), at }, reason };
        let stage = Stage::Voided { numbered, sealing, voiding };
        Ok(Self { stage, ..self }.changed(Event::Voided, clerk, at))
    }

    /// Whether the officer could take all that is missing up to the release now; asked before a number is taken.
    pub fn may_issue(&self, by: &Officer) -> Result<Signatory, Rejection> {
        let clerk = may(by, Action::Issue, self)?;
        match self.stage.name() {
            StageName::Signed | StageName::Numbered => may(by, Action::Seal, self).map(drop)?,
            StageName::Sealed => {}
            StageName::Releasing => return Err(self.wrong_stage(StageName::Sealed)),
            _ => return Err(self.wrong_stage(StageName::Signed)),
        }
        self.is_complete()?;
        Ok(clerk)
    }

    /// Numbers, seals and releases it as one change, as far as that is missing. `given` is the number that was taken for it in the
    /// same transaction; none if it has one.
    pub fn issue(
        self,
        given: Option<(i32, String)>,
        by: &Officer,
        undo: Duration,
        at: Timestamp,
    ) -> Result<Change, Rejection> {
        let clerk = self.may_issue(by)?;
        let numbered = match given {
            Some(given) => self.numbered(given, &clerk, at)?,
            None => self,
        };
        let sealed = if numbered.stage.name() == StageName::Sealed {
            numbered
        } else {
            let clerk = may(by, Action::Seal, &numbered)?;
            numbered.sealed(&clerk, at)?
        };
        sealed.release(by, undo, at)
    }

    fn numbered(
        self,
        (number, symbol): (i32, String),
        clerk: &Signatory,
        at: Timestamp,
    ) -> Result<Self, Rejection> {
        let Stage::Signed(signed) = self.stage else {
            return Err(self.wrong_stage(StageName::Signed));
        };
        let numbering = Numbering { number, symbol, on: legal_date(at), act: Act { by: clerk.clone(), at } };
        Ok(Self { stage: Stage::Numbered(Numbered { signed, numbering }), ..self })
    }

    fn sealed(self, clerk: &Signatory, at: Timestamp) -> Result<Self, Rejection> {
        let Stage::Numbered(numbered) = self.stage else {
            return Err(self.wrong_stage(StageName::Numbered));
        };
        let sealing = Act { by: clerk.clone(), at };
        Ok(Self { stage: Stage::Sealed(Sealed { numbered, sealing }), ..self })
    }

    /// Refuses what is only possible before deliveries are made.
    fn is_undelivered(&self) -> Result<(), Rejection> {
        match self.stage.issuance() {
            Some(issuance) => {
                Err(Rejection::Delivered { notation: crate::notation(issuance.number, issuance.symbol) })
            }
            None => Ok(()),
        }
    }
}
