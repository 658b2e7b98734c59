//! Where somebody goes who has signed in: a page of ours, never another site.

/// Longest path that is kept, in bytes.
const MAX_BYTES: usize = 512;

/// Where everybody goes who wanted nothing else.
pub(super) const HOME: &str = "/accounts";

/// The path, if it is one of ours and worth going to; else the accounts.
pub(super) fn own_path(text: &str) -> &str {
    let mut chars = text.bytes();
    let is_path = chars.next() == Some(b'/') && !matches!(chars.next(), Some(b'/' | b'\\'));
    let is_plain =
        text.len() <= MAX_BYTES && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let leads_back = ["/sign-in", "/sign-out"].iter().any(|path| text.starts_with(path));
    if is_path && is_plain && !leads_back { text } else { HOME }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_ours_are_gone_to() {
        for own in ["/accounts/d1?x=1#y", "/", "/settings/roster"] {
            assert_eq!(own_path(own), own);
        }
        for other in [
            "",
            "https://evil.test",
            "//evil.test",
            "/\\evil.test",
            "/a\\b",
            "/a\r\nSet-Cookie: x",
            "accounts",
            "/sign-in/abc",
            "/sign-out",
            "javascript:alert(1)",
            "/ü",
        ] {
            assert_eq!(own_path(other), HOME, "{other}");
        }
        assert_eq!(own_path(&format!("/{}", "a".repeat(600))), HOME);
    }
}
