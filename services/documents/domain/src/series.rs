use std::fmt;

/// The code of a number series of an agency: up to 16 capital letters (A–Z), digits and hyphens. The common series has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SeriesCode {
    /// In ASCII, filled up with zeros.
    bytes: [u8; Self::LENGTH],
}

impl SeriesCode {
    /// How long a code may be.
    pub const LENGTH: usize = 16;

    /// The common series: of all kinds that no other series names, and of everything that comes in.
    pub const COMMON: Self = Self { bytes: [0; Self::LENGTH] };

    /// The one series of the copies of an agency (Appendix I, Part II).
    pub const COPIES: Self = Self { bytes: *b"SAO\0\0\0\0\0\0\0\0\0\0\0\0\0" };

    /// The code as it is written; none if it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let allowed = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-';
        if text.len() > Self::LENGTH || !text.bytes().all(allowed) || text.starts_with('-') {
            return None;
        }
        let mut bytes = [0; Self::LENGTH];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        Some(Self { bytes })
    }

    /// As it is written; empty for the common series.
    pub fn as_str(&self) -> &str {
        let end = self.bytes.iter().position(|byte| *byte == 0).unwrap_or(Self::LENGTH);
        std::str::from_utf8(&self.bytes[..end]).expect("a code is ASCII")
    }

    /// Whether it is the common series.
    pub fn is_common(self) -> bool {
        self == Self::COMMON
    }
}

impl fmt::Display for SeriesCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_it_is_written() {
        for text in ["", "QD", "BCD-PCTT", "SAO", "0123456789ABCDEF"] {
            assert_eq!(SeriesCode::parse(text).expect("a code").to_string(), text);
        }
        for text in ["qd", "QĐ", "A B", "-A", "A\0", "0123456789ABCDEFG"] {
            assert_eq!(SeriesCode::parse(text), None, "{text}");
        }
        assert_eq!(SeriesCode::parse("SAO"), Some(SeriesCode::COPIES));
        assert_eq!(SeriesCode::parse(""), Some(SeriesCode::COMMON));
    }
}
