use aws_lc_rs::digest;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use directory_domain::{IdClaims, Profile};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use serde::Deserialize;

use super::Trouble;

/// The signatures that are believed. Not among them: none at all, and those by a shared secret.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// An ID token whose signature was verified; what it says is still to be judged.
#[derive(Debug)]
pub(super) struct IdToken {
    pub(super) claims: IdClaims,
    pub(super) profile: Profile,
    algorithm: Algorithm,
    at_hash: Option<String>,
}

/// The claims as they are written.
#[derive(Deserialize)]
struct Written {
    iss: String,
    sub: String,
    aud: Audience,
    azp: Option<String>,
    nonce: Option<String>,
    iat: f64,
    nbf: Option<f64>,
    exp: f64,
    at_hash: Option<String>,
    #[serde(flatten)]
    profile: WrittenProfile,
}

/// What the standard lets a provider say of a person, in an ID token or at its UserInfo address.
#[derive(Deserialize)]
pub(super) struct WrittenProfile {
    preferred_username: Option<String>,
    email: Option<String>,
    #[serde(default)]
    email_verified: serde_json::Value,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl WrittenProfile {
    pub(super) fn read(self) -> Profile {
        Profile {
            preferred_username: self.preferred_username,
            email: self.email,
            email_verified: self.email_verified == serde_json::Value::Bool(true),
        }
    }
}

/// The header of an ID token, if its signature is of a sort that is believed.
pub(super) fn header(token: &str) -> Result<Header, Trouble> {
    let header = jsonwebtoken::decode_header(token);
    let header = header.map_err(|error| Trouble::Lied(format!("ID token: {error}")))?;
    if ALGORITHMS.contains(&header.alg) {
        Ok(header)
    } else {
        Err(Trouble::Lied(format!("the ID token is signed by {:?}", header.alg)))
    }
}

impl IdToken {
    /// Verifies the signature of a token with this header.
    pub(super) fn verify(token: &str, header: &Header, key: &DecodingKey) -> Result<Self, Trouble> {
        let mut validation = Validation::new(header.alg);
        // What the claims say is judged by the rules of the domain, by our own clock.
        (validation.validate_exp, validation.validate_aud) = (false, false);
        validation.required_spec_claims.clear();
        let read = jsonwebtoken::decode::<Written>(token, key, &validation);
        let written = read.map_err(|error| Trouble::Lied(format!("ID token: {error}")))?.claims;
        Ok(written.read(header.alg))
    }

    /// Whether the access token is the one that was given out with this ID token, if it says (section 3.1.3.6).
    pub(super) fn goes_with(&self, access_token: &str) -> bool {
        use Algorithm::{ES384, PS384, PS512, RS384, RS512};
        let Some(expected) = &self.at_hash else { return true };
        let algorithm = match self.algorithm {
            RS384 | PS384 | ES384 => &digest::SHA384,
            RS512 | PS512 | Algorithm::EdDSA => &digest::SHA512,
            _ => &digest::SHA256,
        };
        let hash = digest::digest(algorithm, access_token.as_bytes());
        BASE64_URL_SAFE_NO_PAD.encode(&hash.as_ref()[..hash.as_ref().len() / 2]) == *expected
    }
}

impl Written {
    fn read(self, algorithm: Algorithm) -> IdToken {
        let claims = IdClaims {
            issuer: self.iss,
            subject: self.sub,
            audience: match self.aud {
                Audience::One(one) => vec![one],
                Audience::Many(many) => many,
            },
            authorized_party: self.azp,
            nonce: self.nonce,
            issued_at: seconds(self.iat),
            not_before: self.nbf.map(seconds),
            expires_at: seconds(self.exp),
        };
        IdToken { claims, profile: self.profile.read(), algorithm, at_hash: self.at_hash }
    }
}

/// A NumericDate (RFC 7519), which may have a fraction; what is no time at all becomes the beginning of time.
#[expect(clippy::cast_possible_truncation, reason = "saturates, which is what is wanted")]
fn seconds(date: f64) -> i64 {
    date.floor() as i64
}
