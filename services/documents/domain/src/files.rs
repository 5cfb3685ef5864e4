//! What the drafter does to the files of a draft. Once it is submitted they are as they are: whoever may sign it decides about
//! these very files (Articles 10 and 11).

use base::Timestamp;

use crate::{Action, Change, Document, Event, Officer, Rejection, Signatory, StageName, may};

impl Document {
    /// Puts a file into the place of another, which stays in the versions that had it.
    pub fn replace_file(self, by: &Officer, at: Timestamp) -> Result<Change, Rejection> {
        let drafter = self.may_change_files(by)?;
        Ok(self.changed(Event::FileReplaced, drafter, at))
    }

    /// Takes a file off, which stays in the versions that had it.
    pub fn remove_file(self, main: bool, by: &Officer, at: Timestamp) -> Result<Change, Rejection> {
        let drafter = self.may_change_files(by)?;
        let has_main_file = self.has_main_file && !main;
        Ok(Self { has_main_file, ..self }.changed(Event::FileRemoved, drafter, at))
    }

    /// Puts the appendices into another order.
    pub fn arrange_files(self, by: &Officer, at: Timestamp) -> Result<Change, Rejection> {
        let drafter = self.may_change_files(by)?;
        Ok(self.changed(Event::FilesArranged, drafter, at))
    }

    fn may_change_files(&self, by: &Officer) -> Result<Signatory, Rejection> {
        let drafter = may(by, Action::Draft, self)?;
        self.needs(StageName::Draft)?;
        Ok(drafter)
    }
}
