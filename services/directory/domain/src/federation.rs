use std::str::FromStr;

use base::Timestamp;

use crate::{limits, sign_in_name, typed_sign_in_name};

/// How far the clock of a provider may be apart from ours, in seconds.
const LEEWAY_SECONDS: i64 = 30;

/// By what a person who comes from the provider for the first time is recognised. From then on the subject alone counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkBy {
    /// By nothing: an administrator links people.
    Subject,
    /// The claim `preferred_username` is the name to sign in under.
    SignInName,
    /// The claim `email` is the address in the directory, and the provider says that it has verified it.
    Email,
}

/// What a verified ID token says of itself (OpenID Connect Core 1.0, section 2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdClaims {
    /// Who made it: `iss`.
    pub issuer: String,
    /// Whom it is about, as the issuer names them: `sub`.
    pub subject: String,
    /// Whom it is for: `aud`.
    pub audience: Vec<String>,
    /// Which of these asked for it: `azp`.
    pub authorized_party: Option<String>,
    /// What the request for it named: `nonce`.
    pub nonce: Option<String>,
    /// When it was made, in seconds: `iat`.
    pub issued_at: i64,
    /// Since when it is good, in seconds: `nbf`.
    pub not_before: Option<i64>,
    /// Until when it is good, in seconds: `exp`.
    pub expires_at: i64,
}

/// What we asked for.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The provider.
    pub issuer: &'a str,
    /// Who we are to it.
    pub client_id: &'a str,
    /// What our request named.
    pub nonce: &'a str,
    /// The time.
    pub now: Timestamp,
}

/// Why an ID token is not an answer to our request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lie {
    /// Another provider made it.
    Issuer,
    /// It is for somebody else.
    Audience,
    /// Somebody else asked for it.
    AuthorizedParty,
    /// It answers another request, or none.
    Nonce,
    /// It names nobody, or names them as the standard forbids.
    Subject,
    /// It was good once.
    Expired,
    /// It is not good yet, or made in the future.
    NotYetValid,
}

impl IdClaims {
    /// Whether the token answers our request (OpenID Connect Core 1.0, section 3.1.3.7); the first lie, if not.
    pub fn answer(&self, expected: Expected<'_>) -> Result<(), Lie> {
        let Expected { issuer, client_id, nonce, now } = expected;
        let now = now.as_second();
        let is_us = |party: &String| party == client_id;
        let subject_is_sound = !self.subject.is_empty()
            && self.subject.len() <= limits::SUBJECT
            && self.subject.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
        let several = self.audience.len() > 1;
        let checks = [
            (self.issuer == issuer, Lie::Issuer),
            (self.audience.iter().any(is_us), Lie::Audience),
            (self.authorized_party.as_ref().map_or(!several, is_us), Lie::AuthorizedParty),
            (self.nonce.as_deref() == Some(nonce), Lie::Nonce),
            (subject_is_sound, Lie::Subject),
            (now < self.expires_at.saturating_add(LEEWAY_SECONDS), Lie::Expired),
            (
                self.issued_at.max(self.not_before.unwrap_or(i64::MIN)) <= now + LEEWAY_SECONDS,
                Lie::NotYetValid,
            ),
        ];
        checks.into_iter().find(|(holds, _)| !holds).map_or(Ok(()), |(_, lie)| Err(lie))
    }
}

/// What a provider says of a person besides the subject, each as the standard claim of this name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// `preferred_username`.
    pub preferred_username: Option<String>,
    /// `email`.
    pub email: Option<String>,
    /// Whether `email_verified` is true; missing is not true.
    pub email_verified: bool,
}

/// How a person is looked for in the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sought {
    /// By the name to sign in under.
    SignInName(String),
    /// By the e-mail address, in lower case; it must be that of one person only.
    Email(String),
}

impl LinkBy {
    /// Its name in the settings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::SignInName => "sign_in_name",
            Self::Email => "email",
        }
    }

    /// Whether a profile lacks what this goes by.
    pub fn lacks(self, profile: &Profile) -> bool {
        match self {
            Self::Subject => false,
            Self::SignInName => profile.preferred_username.is_none(),
            Self::Email => profile.email.is_none() || !profile.email_verified,
        }
    }

    /// Whom to look for; none if the profile says nothing that may be gone by.
    pub fn sought(self, profile: &Profile) -> Option<Sought> {
        match self {
            Self::Subject => None,
            Self::SignInName => {
                let name = typed_sign_in_name(profile.preferred_username.as_deref()?);
                sign_in_name(&name).ok().map(Sought::SignInName)
            }
            Self::Email => {
                let address = profile.email.as_deref().filter(|_| profile.email_verified)?;
                let address = crate::email(address).ok().filter(|address| !address.is_empty())?;
                Some(Sought::Email(address.to_ascii_lowercase()))
            }
        }
    }
}

impl FromStr for LinkBy {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let all = [Self::Subject, Self::SignInName, Self::Email];
        all.into_iter().find(|one| one.name() == text).ok_or("must be subject, sign_in_name or email")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_395_600;

    fn claims() -> IdClaims {
        IdClaims {
            issuer: "https://sso.example".to_owned(),
            subject: "a1".to_owned(),
            audience: vec!["congvan".to_owned()],
            authorized_party: None,
            nonce: Some("n".to_owned()),
            issued_at: NOW,
            not_before: None,
            expires_at: NOW + 60,
        }
    }

    fn answer(change: impl FnOnce(&mut IdClaims)) -> Result<(), Lie> {
        let mut claims = claims();
        change(&mut claims);
        let now = Timestamp::from_second(NOW).unwrap();
        claims.answer(Expected { issuer: "https://sso.example", client_id: "congvan", nonce: "n", now })
    }

    #[test]
    fn a_token_answers_our_request_or_lies() {
        let us = || Some("congvan".to_owned());
        assert_eq!(answer(|_| {}), Ok(()));
        assert_eq!(answer(|claims| claims.issuer.push('/')), Err(Lie::Issuer));
        assert_eq!(answer(|claims| claims.audience = Vec::new()), Err(Lie::Audience));
        assert_eq!(answer(|claims| claims.audience = vec!["desk".to_owned()]), Err(Lie::Audience));
        assert_eq!(answer(|claims| claims.audience.push("desk".to_owned())), Err(Lie::AuthorizedParty));
        assert_eq!(
            answer(|claims| claims.authorized_party = Some("desk".to_owned())),
            Err(Lie::AuthorizedParty)
        );
        let both = |claims: &mut IdClaims| {
            claims.audience.push("desk".to_owned());
            claims.authorized_party = us();
        };
        assert_eq!(answer(both), Ok(()), "several audiences, and we asked");
        assert_eq!(answer(|claims| claims.nonce = None), Err(Lie::Nonce));
        assert_eq!(answer(|claims| claims.nonce = Some("m".to_owned())), Err(Lie::Nonce));
        for subject in [String::new(), "a".repeat(256), "a\nb".to_owned(), "Lò".to_owned()] {
            assert_eq!(answer(|claims| claims.subject = subject), Err(Lie::Subject));
        }
        assert_eq!(answer(|claims| claims.subject = "a".repeat(255)), Ok(()));
    }

    #[test]
    fn a_token_is_good_for_its_time_give_or_take_thirty_seconds() {
        assert_eq!(answer(|claims| claims.expires_at = NOW - 29), Ok(()));
        assert_eq!(answer(|claims| claims.expires_at = NOW - 30), Err(Lie::Expired));
        assert_eq!(answer(|claims| claims.expires_at = i64::MAX), Ok(()));
        assert_eq!(answer(|claims| claims.issued_at = NOW + 30), Ok(()));
        assert_eq!(answer(|claims| claims.issued_at = NOW + 31), Err(Lie::NotYetValid));
        assert_eq!(answer(|claims| claims.not_before = Some(NOW + 30)), Ok(()));
        assert_eq!(answer(|claims| claims.not_before = Some(NOW + 31)), Err(Lie::NotYetValid));
    }

    #[test]
    fn a_person_is_looked_for_only_by_what_may_be_gone_by() {
        let profile = Profile {
            preferred_username: Some(" Canbo.SNV ".to_owned()),
            email: Some("Chung@SonLa.gov.vn".to_owned()),
            email_verified: true,
        };
        let name = || Some(Sought::SignInName("canbo.snv".to_owned()));
        let email = || Some(Sought::Email("chung@sonla.gov.vn".to_owned()));
        let all = [LinkBy::Subject, LinkBy::SignInName, LinkBy::Email];
        assert_eq!(all.map(|by| by.sought(&profile)), [None, name(), email()]);
        let unverified = Profile { email_verified: false, ..profile.clone() };
        assert_eq!(all.map(|by| by.sought(&unverified)), [None, name(), None]);
        let odd = Profile { preferred_username: Some("x".to_owned()), email: Some(String::new()), ..profile };
        assert_eq!(all.map(|by| by.sought(&odd)), [None, None, None]);
        assert_eq!(all.map(|by| by.sought(&Profile::default())), [None, None, None]);
        assert_eq!(all.map(|by| by.lacks(&Profile::default())), [false, true, true]);
        assert_eq!(all.map(|by| by.lacks(&unverified)), [false, false, true]);
        assert_eq!(all.map(|by| by.name().parse()), all.map(Ok));
        assert!("name".parse::<LinkBy>().is_err());
    }
}
