use jiff::SignedDuration;

use crate::{BreachList, SealKeys};

/// The rules for signing in that an operator may change.
#[derive(Debug, Clone)]
pub struct SignInConfig {
    /// How long a session lasts, counted from sign-in: 12 hours by default, a working day with a margin.
    pub session_life: SignedDuration,
    /// How long a session may lie unused before it ends, to within five minutes; no limit by default.
    pub idle_limit: Option<SignedDuration>,
    /// Passwords that nobody may choose, besides those that everybody knows.
    pub breached: Option<BreachList>,
    /// The keys that secrets of authenticator apps are sealed with; without them nobody can set one up.
    pub seal_keys: Option<SealKeys>,
    /// Whether an administrator who signs in with a password must have an authenticator app; no by default.
    pub administrators_need_totp: bool,
}

impl Default for SignInConfig {
    fn default() -> Self {
        Self {
            session_life: SignedDuration::from_hours(12),
            idle_limit: None,
            breached: None,
            seal_keys: None,
            administrators_need_totp: false,
        }
    }
}
