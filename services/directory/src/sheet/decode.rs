use std::borrow::Cow;

use super::Unreadable;

/// The text of a file: UTF-8 with or without byte order mark, or UTF-16 with one.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Unreadable> {
    let text = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => Cow::Borrowed(utf8(rest)?),
        [0xff, 0xfe, rest @ ..] => Cow::Owned(utf16(rest, u16::from_le_bytes)?),
        [0xfe, 0xff, rest @ ..] => Cow::Owned(utf16(rest, u16::from_be_bytes)?),
        _ => Cow::Borrowed(utf8(bytes)?),
    };
    // UTF-16 without its mark passes for UTF-8 as long as it is ASCII.
    match text.split_once('\0') {
        Some((before, _)) => Err(not_unicode(before.as_bytes())),
        None => Ok(text),
    }
}

fn utf8(bytes: &[u8]) -> Result<&str, Unreadable> {
    std::str::from_utf8(bytes).map_err(|error| not_unicode(&bytes[..error.valid_up_to()]))
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Unreadable> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len());
    for letter in char::decode_utf16(pairs.iter().copied().map(unit)) {
        text.push(letter.map_err(|_| not_unicode(text.as_bytes()))?);
    }
    if rest.is_empty() { Ok(text) } else { Err(not_unicode(text.as_bytes())) }
}

/// The fault lies on the line after those that end `before`.
fn not_unicode(before: &[u8]) -> Unreadable {
    Unreadable::NotUnicode { line: before.split(|byte| *byte == b'\n').count() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "mã,tên\r\nH52,Ủy ban 𠀋";

    fn sixteen(unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        std::iter::once(0xfeff).chain(TEXT.encode_utf16()).flat_map(unit).collect()
    }

    #[test]
    fn every_unicode_form_gives_the_same_text() {
        let marked = [b"\xef\xbb\xbf", TEXT.as_bytes()].concat();
        for bytes in [TEXT.as_bytes().to_vec(), marked, sixteen(u16::to_le_bytes), sixteen(u16::to_be_bytes)]
        {
            assert_eq!(decode(&bytes).unwrap(), TEXT);
        }
    }

    #[test]
    fn what_is_not_unicode_is_told_with_its_line() {
        let mut cut = sixteen(u16::to_le_bytes);
        cut.pop();
        let bare = sixteen(u16::to_be_bytes)[2..].to_vec();
        let windows = b"ma,ten\nH52,\xd0\xf4ng\n".to_vec(); // "Đông" in Windows-1258
        let tcvn3 = b"ma,ten\nH52,a\nH53,S\xeb N\xe9i v\xf4\n".to_vec(); // "Sở Nội vụ" in TCVN3
        let lone = [b"\xff\xfea\0\n\0".as_slice(), &0xd800_u16.to_le_bytes()].concat();
        for (bytes, line) in [(cut, 2), (bare, 1), (windows, 2), (tcvn3, 3), (lone, 2)] {
            assert_eq!(decode(&bytes), Err(Unreadable::NotUnicode { line }), "{bytes:?}");
        }
    }
}
