use base::{Date, Ids, Timestamp, Uuid};
use congvan_proto::directory::v1 as pb;

use super::mistake::{Change, Mistake};

/// What comparing needs besides the rows.
#[derive(Clone, Copy)]
pub(crate) struct Around<'a> {
    /// The day from which the changes hold.
    pub(crate) on: Date,
    pub(crate) now: Timestamp,
    pub(crate) ids: &'a Ids,
}

/// What an import does to a unit or person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// Nothing: there is a mistake.
    Error,
    /// Records it.
    Create,
    /// Changes it.
    Update,
    /// Nothing: it is as it should be.
    Unchanged,
    /// Nothing: the directory changed in the meantime.
    LeftOut,
}

/// What comparing a unit or person with the directory came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) action: Action,
    /// The unit or person, if it is there already.
    pub(crate) subject_id: Option<Uuid>,
    /// Every field that differs.
    pub(crate) changes: Vec<Change>,
    /// What speaks against it.
    pub(crate) mistakes: Vec<Mistake>,
}

impl Action {
    const ALL: [Self; 5] = [Self::Error, Self::Create, Self::Update, Self::Unchanged, Self::LeftOut];

    /// Its name in the contracts, without prefix.
    pub(crate) fn name(self) -> &'static str {
        self.to_proto().as_str_name().trim_start_matches("IMPORT_ACTION_")
    }

    /// The action with this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.name() == name)
    }

    /// As the contracts have it.
    pub(crate) fn to_proto(self) -> pb::ImportAction {
        match self {
            Self::Error => pb::ImportAction::Error,
            Self::Create => pb::ImportAction::Create,
            Self::Update => pb::ImportAction::Update,
            Self::Unchanged => pb::ImportAction::Unchanged,
            Self::LeftOut => pb::ImportAction::LeftOut,
        }
    }
}

impl Outcome {
    /// The outcome for something that is there (`subject_id`) or not, with these differences and objections.
    pub(crate) fn of(subject_id: Option<Uuid>, changes: Vec<Change>, mistakes: Vec<Mistake>) -> Self {
        let action = match subject_id {
            _ if !mistakes.is_empty() => Action::Error,
            None => Action::Create,
            Some(_) if changes.is_empty() => Action::Unchanged,
            Some(_) => Action::Update,
        };
        Self { action, subject_id, changes, mistakes }
    }
}
