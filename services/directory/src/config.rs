use jiff::SignedDuration;

/// The rules for signing in that an operator may change.
#[derive(Debug, Clone)]
pub struct SignInConfig {
    /// How long a session lasts, counted from sign-in: 12 hours by default, a working day with a margin.
    pub session_life: SignedDuration,
    /// How long a session may lie unused before it ends, to within five minutes; no limit by default.
    pub idle_limit: Option<SignedDuration>,
}

impl Default for SignInConfig {
    fn default() -> Self {
        Self { session_life: SignedDuration::from_hours(12), idle_limit: None }
    }
}
