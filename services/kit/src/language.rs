use std::{fmt::Display, future::Future};

/// A language that people read our sentences in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// Vietnamese, the language of the law and the default.
    #[default]
    Vi,
    /// English.
    En,
}

/// A sentence in every [`Language`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// In Vietnamese.
    pub vi: String,
    /// In English.
    pub en: String,
}

/// What is known of the call being served, wherever in its code we are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The language the caller reads.
    pub language: Language,
    /// Id under which the call is logged; shown to the caller as the incident id when the system fails.
    pub id: String,
    /// The program that the caller uses, as it names itself, up to 200 characters; empty when unknown. Believe nothing of it.
    pub client: String,
}

tokio::task_local! {
    static CALL: Call;
}

impl Language {
    /// The language preferred by an `Accept-Language` header; Vietnamese unless English is wanted more.
    pub fn preferred(header: &str) -> Self {
        let mut best = (Self::Vi, 0.0_f32);
        for part in header.split(',') {
            let (tag, quality) = part.split_once(";q=").unwrap_or((part, "1"));
            let quality = quality.trim().parse().unwrap_or(0.0);
            let language = match tag.trim().split('-').next() {
                Some("vi" | "*") => Self::Vi,
                Some("en") => Self::En,
                _ => continue,
            };
            if quality > best.1 {
                best = (language, quality);
            }
        }
        best.0
    }

    /// Its BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }
}

impl Text {
    /// A sentence in both languages.
    pub fn new(vi: impl Display, en: impl Display) -> Self {
        Self { vi: vi.to_string(), en: en.to_string() }
    }

    /// The sentence in one language.
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Vi => &self.vi,
            Language::En => &self.en,
        }
    }
}

impl Call {
    /// The call being served; outside of any, Vietnamese and no id.
    pub fn current() -> Self {
        CALL.try_with(Clone::clone).unwrap_or_else(|_| Self {
            language: Language::Vi,
            id: String::new(),
            client: String::new(),
        })
    }

    /// Runs `work` as part of this call.
    pub async fn scope<T>(self, work: impl Future<Output = T>) -> T {
        CALL.scope(self, work).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vietnamese_unless_english_is_wanted_more() {
        for (header, language) in [
            ("", Language::Vi),
            ("en", Language::En),
            ("en-GB,en;q=0.9", Language::En),
            ("vi,en;q=0.8", Language::Vi),
            ("fr,en;q=0.8,vi;q=0.7", Language::En),
            ("fr", Language::Vi),
            ("*", Language::Vi),
            ("en;q=broken", Language::Vi),
        ] {
            assert_eq!(Language::preferred(header), language, "{header}");
        }
    }
}
