/// How a person proved who it is when a session was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// With sign-in name and password.
    Password,
    /// With password and a code of the authenticator app.
    PasswordAndTotp,
    /// Through an OpenID Connect provider.
    Oidc,
    /// With password and a recovery code.
    PasswordAndRecoveryCode,
}

impl Opening {
    /// Every way.
    pub const ALL: [Self; 4] =
        [Self::Password, Self::PasswordAndTotp, Self::Oidc, Self::PasswordAndRecoveryCode];

    /// Its name in the contracts, without prefix; so it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Password => "PASSWORD",
            Self::PasswordAndTotp => "PASSWORD_AND_TOTP",
            Self::Oidc => "OIDC",
            Self::PasswordAndRecoveryCode => "PASSWORD_AND_RECOVERY_CODE",
        }
    }

    /// The way with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|opening| opening.name() == name)
    }

    /// Its number in `congvan.directory.v1.SessionOpening`.
    pub fn number(self) -> i32 {
        self as i32 + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_is_read_as_it_was_stored() {
        for (number, opening) in (1..).zip(Opening::ALL) {
            assert_eq!(Opening::named(opening.name()), Some(opening));
            assert_eq!(opening.number(), number);
        }
        assert_eq!(Opening::named("GUESS"), None);
    }
}
