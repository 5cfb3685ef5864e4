/// Where a list goes on: the sort key of the last row given out, bound to the list and filter it belongs to.
///
/// The token is opaque to callers; it is no secret and grants nothing, since every page applies the caller's rights anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageToken {
    /// Sort keys of the last row.
    pub after: Vec<String>,
}

/// The token was not given out by this list for this filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the page token does not belong to this list and filter")]
pub struct BadPageToken;

const SEPARATOR: char = '\u{1f}';

impl PageToken {
    /// A token for the row with these sort keys. `list` names the list and every filter in force.
    pub fn encode(list: &str, after: &[&str]) -> String {
        let text = std::iter::once(checksum(list).as_str())
            .chain(after.iter().copied())
            .collect::<Vec<_>>()
            .join(&SEPARATOR.to_string());
        hex::encode(text)
    }

    /// Reads a token; the empty one means the first page.
    pub fn decode(list: &str, token: &str, keys: usize) -> Result<Option<Self>, BadPageToken> {
        if token.is_empty() {
            return Ok(None);
        }
        let bytes = hex::decode(token).map_err(|_| BadPageToken)?;
        let text = String::from_utf8(bytes).map_err(|_| BadPageToken)?;
        let mut parts = text.split(SEPARATOR).map(str::to_owned);
        if parts.next() != Some(checksum(list)) {
            return Err(BadPageToken);
        }
        let after: Vec<_> = parts.collect();
        if after.len() == keys { Ok(Some(Self { after })) } else { Err(BadPageToken) }
    }
}

/// FNV-1a: enough to notice a token of another list.
fn checksum(list: &str) -> String {
    let hash = list.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_token_comes_back_as_it_was(list in ".*", first in "[^\u{1f}]*", second in "[^\u{1f}]*") {
            let token = PageToken::encode(&list, &[&first, &second]);
            let page = PageToken::decode(&list, &token, 2).unwrap().unwrap();
            prop_assert_eq!(page.after, vec![first, second]);
            prop_assert_eq!(PageToken::decode(&format!("{list}x"), &token, 2), Err(BadPageToken));
        }

        #[test]
        fn any_text_is_a_token_or_an_error(token in ".*") {
            let _ = PageToken::decode("list", &token, 1);
        }
    }
}
