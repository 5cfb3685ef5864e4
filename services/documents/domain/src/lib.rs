//! The rules of outgoing documents and their deliveries, without IO: Decree 30/2020/NĐ-CP on document work and Decision
//! 28/2018/QĐ-TTg on exchange.
//!
//! A command takes the document and gives the next one with exactly one event, or a [`Rejection`].

mod access;
mod calendar;
mod catalogue;
mod comment;
mod delivery;
mod delivery_status;
mod description;
mod document;
mod drafting;
mod files;
mod handling;
mod history;
mod inbox;
mod kind;
mod ledger;
mod mandate;
mod notation;
mod number_series;
mod numbers;
mod officer;
mod recall;
mod recall_party;
mod refusal;
mod register;
mod rejection;
mod relation;
mod release;
mod secrecy;
mod series;
mod stage;
mod verification;
mod view;

pub use access::{Action, Scope, may};
pub use calendar::{Calendar, SpecialDay, known_days};
pub use catalogue::{KindKey, KindNature, Misspelling, OtherKind, check_abbreviation, right_form};
pub use comment::{Comment, Remark};
pub use delivery::{Delivery, DeliveryChange, DeliveryEvent, Integrity, Receiver, RecipientKind};
pub use delivery_status::DeliveryStatus;
pub use description::{Description, Facts};
pub use document::{Change, Document, Event, Fields, IssuingBody, Recipient, limits};
pub use drafting::{DraftingAssignment, DraftingState, DraftingTask};
pub use handling::{Assignee, Assignment, Completion};
pub use history::{Deed, HistoryLine};
pub use inbox::Inbox;
pub use kind::{Kind, Purpose, Urgency};
pub use ledger::{Entry, Line, Seal};
pub use mandate::{Clearance, Gap, Mandate, SigningForm};
pub use notation::{Issuer, notation, symbol};
pub use number_series::{NoSeries, NumberSeries, Scheme, SeriesFlaw, SeriesSort};
pub use numbers::Numbers;
pub use officer::{Act, Officer, Post, Signatory, Signature};
pub use recall::{NoticeFlaw, Recall, RecallOrder, RecallRejection, RecallState, Tally};
pub use recall_party::{PartyState, RecallAnswer, RecallParty};
pub use refusal::{Refusal, RefusalCode};
pub use register::{Direction, Register, RegisterAct};
pub use rejection::{Rejection, Who};
pub use relation::{Relation, RelationFlaw, RelationKind, Target};
pub use secrecy::is_secret;
pub use series::SeriesCode;
pub use stage::{Issuance, Numbered, Numbering, Release, Sealed, Signed, Stage, StageName, Voiding};
pub use verification::{DocumentFacts, End, Flaw, Misfit, Recorded, RecordedSeal, Verification};
pub use view::{Sight, View, reading_post};
