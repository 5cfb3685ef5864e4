//! Percent-encoding (RFC 3986) of the few places where the gateway meets it.

/// Decodes `%XX`; none if an escape is broken or the bytes are no UTF-8.
pub(crate) fn decode(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        if first == b'%' {
            let (high, low) = (digit(*after.first()?)?, digit(*after.get(1)?)?);
            bytes.push(high << 4 | low);
            rest = &after[2..];
        } else {
            bytes.push(first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

/// Decodes a part of a query: also `+` for a space.
pub(crate) fn decode_form(text: &str) -> Option<String> {
    decode(&text.replace('+', " "))
}

/// Encodes everything but the `attr-char` of RFC 8187, for `filename*`.
pub(super) fn encode_attribute(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").expect("writing to a string");
        }
        out
    })
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_decoded_or_refused() {
        assert_eq!(decode("a%20b%C4%91").as_deref(), Some("a bđ"));
        assert_eq!(decode_form("a+b%2Bc").as_deref(), Some("a b+c"));
        for broken in ["%", "%4", "%zz", "%ff", "%C4"] {
            assert_eq!(decode(broken), None, "{broken}");
        }
    }

    #[test]
    fn file_names_survive_in_headers() {
        assert_eq!(encode_attribute("Chỉ thị 01.pdf"), "Ch%E1%BB%89%20th%E1%BB%8B%2001.pdf");
        assert_eq!(decode(&encode_attribute("Đề án (2)\".pdf")).as_deref(), Some("Đề án (2)\".pdf"));
    }
}
