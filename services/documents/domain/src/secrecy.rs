/// Whether a confidentiality mark is anything but "none". State secrets must not enter this system (Law 117/2025/QH15, Article 5):
/// what is not plainly harmless counts as a mark, in whatever spelling.
pub fn is_secret(mark: &str) -> bool {
    !matches!(mark.trim().to_ascii_uppercase().as_str(), "" | "NONE")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_secrecy_mark_counts() {
        for mark in [
            "Mật",
            "MẬT",
            "mat",
            "tối mật",
            "Tuyệt Mật",
            "A",
            "B",
            "C",
            "SECRET",
            "?",
            "CONFIDENTIALITY_NONE",
        ] {
            assert!(is_secret(mark), "{mark}");
        }
        for mark in ["", " ", "NONE", "none"] {
            assert!(!is_secret(mark), "{mark}");
        }
    }
}
