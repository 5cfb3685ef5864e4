use base::{Date, Uuid};

/// That one unit took, or will take, over from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Succession {
    /// The unit that ended or shrank.
    pub predecessor_id: Uuid,
    /// The unit that took over.
    pub successor_id: Uuid,
    /// First day of the new order.
    pub from: Date,
    /// Whether inbox, registers and open work went to this successor.
    pub takes_over: bool,
}
