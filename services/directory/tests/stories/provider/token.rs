use aws_lc_rs::{
    encoding::AsDer,
    rsa::{KeyPair as RsaKeyPair, KeySize},
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair},
};
use base64::{Engine, prelude::*};
use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::Jwk};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{CLIENT_ID, Grant, Inside};

/// What is not so in an ID token, or beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lie {
    None,
    Issuer,
    Audience,
    NoAudience,
    AuthorizedParty,
    SeveralAudiences,
    Nonce,
    NoNonce,
    Subject,
    Expired,
    NotYetValid,
    MadeLater,
    NoExpiry,
    NoSignature,
    SharedSecret,
    PublicKeyAsSecret,
    UnknownKey,
    OtherKey,
    OtherContent,
    NoToken,
    AccessToken,
    UserInfo,
}

impl Lie {
    /// Every lie that an ID token can tell.
    pub(crate) const ALL: [Self; 20] = [
        Self::Issuer,
        Self::Audience,
        Self::NoAudience,
        Self::AuthorizedParty,
        Self::SeveralAudiences,
        Self::Nonce,
        Self::NoNonce,
        Self::Subject,
        Self::Expired,
        Self::NotYetValid,
        Self::MadeLater,
        Self::NoExpiry,
        Self::NoSignature,
        Self::SharedSecret,
        Self::PublicKeyAsSecret,
        Self::UnknownKey,
        Self::OtherKey,
        Self::OtherContent,
        Self::NoToken,
        Self::AccessToken,
    ];
}

/// A key that signs ID tokens.
#[derive(Clone)]
pub(crate) struct Key {
    id: String,
    algorithm: Algorithm,
    secret: EncodingKey,
}

impl Key {
    pub(crate) fn ecdsa(id: &str) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let der = pair.to_pkcs8v1().unwrap();
        Self::new(id, Algorithm::ES256, EncodingKey::from_ec_der(der.as_ref()))
    }

    /// One that its tokens do not name.
    pub(crate) fn nameless() -> Self {
        Self::ecdsa("")
    }

    pub(crate) fn ed25519(id: &str) -> Self {
        let der = Ed25519KeyPair::generate().unwrap().to_pkcs8v1().unwrap();
        Self::new(id, Algorithm::EdDSA, EncodingKey::from_ed_der(der.as_ref()))
    }

    pub(crate) fn rsa(id: &str, algorithm: Algorithm) -> Self {
        let der = RsaKeyPair::generate(KeySize::Rsa2048).unwrap().as_der().unwrap();
        let pem = pem::encode(&pem::Pem::new("PRIVATE KEY", der.as_ref()));
        Self::new(id, algorithm, EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap())
    }

    fn new(id: &str, algorithm: Algorithm, secret: EncodingKey) -> Self {
        Self { id: id.to_owned(), algorithm, secret }
    }

    /// Its public half, as it is published.
    pub(crate) fn public(&self) -> Value {
        let mut public =
            serde_json::to_value(Jwk::from_encoding_key(&self.secret, self.algorithm).unwrap()).unwrap();
        if !self.id.is_empty() {
            public["kid"] = self.id.clone().into();
        }
        public["use"] = "sig".into();
        public
    }

    fn header(&self) -> Header {
        let kid = Some(self.id.clone()).filter(|id| !id.is_empty());
        Header { kid, ..Header::new(self.algorithm) }
    }

    fn sign(&self, header: &Header, claims: &Value) -> String {
        jsonwebtoken::encode(header, claims, &self.secret).unwrap()
    }
}

impl Inside {
    /// The ID token for a grant, as true as the provider is.
    pub(super) fn id_token(&self, grant: &Grant, access: &str) -> String {
        let claims = self.claims(grant, access);
        let honest = self.key.sign(&self.key.header(), &claims);
        let (head, body) = honest.split_once('.').unwrap();
        let (body, signature) = body.split_once('.').unwrap();
        let by_secret = |secret: &[u8]| {
            let header = Header { kid: self.key.header().kid, ..Header::new(Algorithm::HS256) };
            jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(secret)).unwrap()
        };
        match self.lie {
            Lie::NoSignature => {
                let head = json!({ "alg": "none", "kid": self.key.id });
                format!("{}.{body}.", BASE64_URL_SAFE_NO_PAD.encode(head.to_string()))
            }
            Lie::SharedSecret => by_secret(super::SECRET.as_bytes()),
            Lie::PublicKeyAsSecret => by_secret(self.key.public()["x"].as_str().unwrap().as_bytes()),
            Lie::UnknownKey => {
                let other = Key::ecdsa("never published");
                other.sign(&other.header(), &claims)
            }
            Lie::OtherKey => Key::ecdsa("").sign(&self.key.header(), &claims),
            Lie::OtherContent => {
                let mut other = claims;
                other["sub"] = "quantri".into();
                format!("{head}.{}.{signature}", BASE64_URL_SAFE_NO_PAD.encode(other.to_string()))
            }
            Lie::NoToken => "không phải là token".to_owned(),
            _ => honest,
        }
    }

    fn claims(&self, grant: &Grant, access: &str) -> Value {
        let now = grant.now.as_second();
        let mut claims =
            if grant.account.profile_in_token { grant.account.profile.clone() } else { json!({}) };
        claims["iss"] = self.issuer.clone().into();
        claims["sub"] = grant.account.sub.clone().into();
        claims["aud"] = CLIENT_ID.into();
        claims["nonce"] = grant.nonce.clone().into();
        claims["iat"] = now.into();
        claims["exp"] = (now + 60).into();
        claims["at_hash"] = BASE64_URL_SAFE_NO_PAD.encode(&Sha256::digest(access)[..16]).into();
        if self.key.algorithm == Algorithm::EdDSA {
            claims["at_hash"] = BASE64_URL_SAFE_NO_PAD.encode(&sha2::Sha512::digest(access)[..32]).into();
        }
        let (name, value) = match self.lie {
            Lie::Issuer => ("iss", json!("https://sso.example")),
            Lie::Audience => ("aud", json!("desk")),
            Lie::NoAudience => ("aud", json!([])),
            Lie::AuthorizedParty => ("azp", json!("desk")),
            Lie::SeveralAudiences => ("aud", json!([CLIENT_ID, "desk"])),
            Lie::Nonce => ("nonce", json!("khác")),
            Lie::NoNonce => ("nonce", Value::Null),
            Lie::Subject => ("sub", json!("")),
            Lie::Expired => ("exp", json!(now - 30)),
            Lie::NotYetValid => ("nbf", json!(now + 31)),
            Lie::MadeLater => ("iat", json!(now + 31)),
            Lie::NoExpiry => ("exp", Value::Null),
            Lie::AccessToken => ("at_hash", json!(BASE64_URL_SAFE_NO_PAD.encode([0; 16]))),
            _ => return claims,
        };
        claims[name] = value;
        claims
    }
}
