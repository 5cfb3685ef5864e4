/// What is wrong with a value. The first thing found; a value has one flaw at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// It is empty and must not be.
    Missing,
    /// It has fewer characters than it needs.
    TooShort {
        /// How many it has.
        length: usize,
        /// How many it needs.
        least: usize,
    },
    /// It has more characters than it may.
    TooLong {
        /// How many it has.
        length: usize,
        /// How many it may have.
        limit: usize,
    },
    /// It holds control characters or line breaks.
    ControlCharacters,
    /// It is no agency identifier: groups of 0-9 and A-Z, separated by single dots.
    NotACode,
    /// It holds white space or a slash, which separate the parts of a document's symbol.
    SpaceOrSlash,
    /// It holds others than a-z, 0-9, dot, hyphen, underscore, @.
    NotASignInName,
    /// It has not the shape of an e-mail address.
    NotAnEmail,
    /// It names a role that there is not.
    NoSuchRole,
    /// A password that holds a name of its owner.
    HoldsOwnName,
    /// A password that can be guessed.
    EasilyGuessed,
    /// A password that was found among stolen ones.
    Stolen,
    /// A password that its owner had before.
    UsedBefore,
    /// It is no identifier of the first generation: 13 characters in four groups.
    NotAnOldCode,
    /// It is no statistical code of a commune: five digits.
    NotAStatisticalCode,
    /// It has not the shape of a web address.
    NotAWebAddress,
}
