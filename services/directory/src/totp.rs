//! Codes of authenticator apps: RFC 6238 as every app knows it, with SHA-1, six digits and steps of 30 seconds.

use base::{Ids, Timestamp};
use kit::Fault;
use totp_rs::{Builder, Totp};
use zeroize::Zeroizing;

/// Who the app says the code is for.
const ISSUER: &str = "Công Văn";

/// Bytes of a secret (RFC 4226, Section 4).
const SECRET_BYTES: usize = 20;

/// A secret shared with an app.
pub(crate) struct Secret(Zeroizing<[u8; SECRET_BYTES]>);

impl Secret {
    /// A new one.
    pub(crate) fn new(ids: &Ids) -> Self {
        let digits = Zeroizing::new(ids.secret());
        let mut secret = Zeroizing::new([0; SECRET_BYTES]);
        hex::decode_to_slice(&digits[..2 * SECRET_BYTES], secret.as_mut_slice()).expect("hexadecimal digits");
        Self(secret)
    }

    /// The one that was sealed.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|secret| Self(Zeroizing::new(secret)))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// What an app is told, for the account of this name: the secret to type, in base 32, and the address to show as a QR code.
    pub(crate) fn invitation(&self, account: &str) -> Result<(String, String), Fault> {
        let totp = self.totp(account)?;
        Ok((totp.secret().to_base32(), totp.to_url().map_err(Fault::internal)?))
    }

    /// The time step of a code, if the app shows or showed it within a step of `now`.
    pub(crate) fn step(&self, code: &str, now: Timestamp) -> Result<Option<i64>, Fault> {
        let seconds = u64::try_from(now.as_second()).map_err(Fault::internal)?;
        let step = self.totp("")?.check(code, seconds);
        step.map(|step| i64::try_from(step).map_err(Fault::internal)).transpose()
    }

    fn totp(&self, account: &str) -> Result<Totp, Fault> {
        let secret = totp_rs::Secret::new_stack(*self.0);
        let builder = Builder::new().with_secret(secret).with_issuer(Some(ISSUER)).with_account_name(account);
        builder.build().map_err(Fault::internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238, Appendix B.
    fn rfc() -> Secret {
        Secret::from_bytes(b"12345678901234567890").unwrap()
    }

    fn step(code: &str, second: i64) -> Option<i64> {
        rfc().step(code, Timestamp::from_second(second).unwrap()).unwrap()
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(step(code, second), Some(second / 30), "{second}");
        }
    }

    #[test]
    fn a_clock_may_be_one_step_off_and_no_more() {
        for (second, found) in [(0, false), (29, false), (30, true), (59, true), (119, true), (120, false)] {
            // The code of step 2, 60 to 89.
            assert_eq!(step("359152", second).is_some(), found, "{second}");
        }
        for wrong in ["", "28708", "2870821", "28708a", "+87082", "２８７０８２"] {
            assert_eq!(step(wrong, 59), None, "{wrong}");
        }
    }

    #[test]
    fn an_app_is_invited_with_what_it_needs() {
        let (secret, address) = rfc().invitation("vanthu.snv").unwrap();
        assert_eq!(secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(
            address,
            "otpauth://totp/C%C3%B4ng%20V%C4%83n:vanthu.snv?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=C%C3%B4ng%20V%C4%83n"
        );
    }
}
