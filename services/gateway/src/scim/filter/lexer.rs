use super::Mistake;

/// A word, a value or a bracket, with its first character counted from 1.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) at: usize,
    pub(super) what: What,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum What {
    /// A name, an operator, `true`, `false`, `null`.
    Word(String),
    Text(String),
    Number,
    Open,
    Close,
    OpenBracket,
    CloseBracket,
}

/// Cuts a text into tokens.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Mistake> {
    let characters: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut start = 0;
    while let Some(&character) = characters.get(start) {
        let rest = &characters[start..];
        let (what, length) = match character {
            ' ' | '\t' => {
                start += 1;
                continue;
            }
            '(' => (What::Open, 1),
            ')' => (What::Close, 1),
            '[' => (What::OpenBracket, 1),
            ']' => (What::CloseBracket, 1),
            '"' => quoted(rest, start + 1)?,
            '0'..='9' | '-' => (What::Number, run(rest, is_numeric)),
            _ if is_word(character) => {
                let length = run(rest, is_word);
                (What::Word(rest[..length].iter().collect()), length)
            }
            _ => {
                return Err(Mistake::new(
                    start + 1,
                    "ký tự không được dùng ở đây",
                    "this character has no place here",
                ));
            }
        };
        tokens.push(Token { at: start + 1, what });
        start += length;
    }
    Ok(tokens)
}

fn run(characters: &[char], belongs: fn(char) -> bool) -> usize {
    characters.iter().take_while(|character| belongs(**character)).count()
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '$' | '.' | ':')
}

fn is_numeric(character: char) -> bool {
    character.is_ascii_digit() || matches!(character, '-' | '+' | '.' | 'e' | 'E')
}

/// A text in quotes, as JSON writes it.
fn quoted(rest: &[char], at: usize) -> Result<(What, usize), Mistake> {
    let mut escaped = false;
    let end = rest.iter().skip(1).position(|&character| {
        let ends = character == '"' && !escaped;
        escaped = character == '\\' && !escaped;
        ends
    });
    let Some(end) = end else {
        return Err(Mistake::new(at, "chuỗi chưa có dấu nháy đóng", "the text in quotes has no end"));
    };
    let length = end + 2;
    let written: String = rest[..length].iter().collect();
    let text = serde_json::from_str(&written).map_err(|_| {
        Mistake::new(at, "chuỗi không đúng cú pháp JSON", "the text in quotes is not valid JSON")
    })?;
    Ok((What::Text(text), length))
}
