use base::Date;

use crate::{Direction, Entry, Flaw, RegisterAct};

/// How the numbers of a register stand after the lines gone through: each is given once, in order, and what is voided stays so
/// (Article 15).
#[derive(Debug, Clone, Default)]
pub struct Numbers {
    /// The last act about each number, from 1 on.
    states: Vec<RegisterAct>,
    /// The date of the last document that got the next number.
    dated: Option<Date>,
}

impl Numbers {
    /// The last number that was given; 0 before the first.
    pub fn last(&self) -> i64 {
        i64::try_from(self.states.len()).expect("a register has fewer numbers")
    }

    /// The last act about a number; none if it was not given yet.
    pub fn state(&self, number: i32) -> Option<RegisterAct> {
        usize::try_from(number - 1).ok().and_then(|index| self.states.get(index).copied())
    }

    /// Goes on with the next line; what is wrong with what it does to its number.
    pub fn follow(&mut self, direction: Direction, entry: &Entry) -> Result<(), Flaw> {
        let next = i64::from(entry.number) == self.last() + 1;
        match (entry.act, self.state(entry.number)) {
            (RegisterAct::Entered, None) if next => self.follow_date(direction, entry)?,
            (RegisterAct::Reserved, None) if next => {}
            (RegisterAct::Entered, Some(RegisterAct::Reserved))
            | (RegisterAct::Voided, Some(RegisterAct::Entered | RegisterAct::Reserved)) => {}
            (RegisterAct::Voided, _) => return Err(Flaw::NotGiven),
            (RegisterAct::Entered | RegisterAct::Reserved, None) if entry.number > 0 => {
                return Err(Flaw::NumberGap(self.last() + 1));
            }
            (RegisterAct::Entered | RegisterAct::Reserved, _) => return Err(Flaw::NumberTwin),
        }
        if next {
            self.states.push(entry.act);
        } else if let Some(state) =
            usize::try_from(entry.number - 1).ok().and_then(|at| self.states.get_mut(at))
        {
            *state = entry.act;
        }
        Ok(())
    }

    /// A later number bears no earlier date; what comes in has the dates of its senders.
    fn follow_date(&mut self, direction: Direction, entry: &Entry) -> Result<(), Flaw> {
        let dated = entry.facts().map(|facts| facts.issued_on);
        if direction == Direction::Incoming || dated.is_none() {
            return Ok(());
        }
        if dated < self.dated {
            return Err(Flaw::IssueOrder);
        }
        self.dated = dated;
        Ok(())
    }
}
