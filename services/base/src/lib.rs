//! What every part of Công Văn stands on: time, ids, randomness, the Vietnamese calendar day, text and pages.
//!
//! No IO and no async. Time, ids and randomness are values that are handed in ([`Clock`], [`Ids`], [`Random`]), so that
//! a test can set the clock to a minute before New Year and repeat a run to the byte.

mod clock;
mod ids;
mod page;
mod random;
mod text;
mod vietnam;

pub use clock::{Clock, ManualClock, SystemClock};
pub use ids::Ids;
pub use page::{BadPageToken, PageToken};
pub use random::{Random, SeededRandom, SystemRandom};
pub use text::{characters, clean, fold, nfc};
pub use vietnam::{legal_date, legal_midnight, legal_time_text, legal_year};

pub use jiff::{Timestamp, civil::Date};
pub use uuid::Uuid;
