//! Taking a person out of texts: whoever asks to be forgotten is named nowhere any more.

use crate::email::EmailAddress;

/// What stands in the place of a person.
pub const FORGOTTEN: &str = "[removed]";
/// The same where the whole text is their address, which may have to be one. The domain `invalid` is nobody's (RFC 2606).
pub const FORGOTTEN_ADDRESS: &str = "removed@removed.invalid";

/// Shortest name that is looked for, in characters: shorter ones stand in too many other words.
const NAME_MIN_CHARS: usize = 4;

/// A person to be taken out: by mail address, and by full name in both orders. A first name alone is left: it may be anybody's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forgotten {
    address: Option<String>,
    words: Vec<Vec<char>>,
}

impl Forgotten {
    /// `name` is a full name, as the CRM writes it; one of less than four characters or of one word is not looked for.
    pub fn new(email: Option<&EmailAddress>, name: Option<&str>) -> Self {
        let address = email.map(|email| email.as_str().to_owned());
        let mut words: Vec<String> = address.iter().cloned().collect();
        let name = name.map(|name| name.split_whitespace().collect::<Vec<_>>().join(" ")).unwrap_or_default();
        if let Some((first, last)) = name.rsplit_once(' ')
            && name.chars().count() >= NAME_MIN_CHARS
        {
            words.push(name.clone());
            words.push(format!("{last}, {first}"));
        }
        let folded = |word: &String| word.chars().flat_map(char::to_lowercase).collect();
        Self { address, words: words.iter().map(folded).collect() }
    }

    /// Whether there is anything to look for.
    pub fn is_nobody(&self) -> bool {
        self.words.is_empty()
    }

    /// The text without them; `None` where it does not name them. Case does not matter; parts of longer words are left.
    pub fn take_out(&self, text: &str) -> Option<String> {
        if self.address.as_ref().is_some_and(|address| text.trim().eq_ignore_ascii_case(address)) {
            return Some(FORGOTTEN_ADDRESS.to_owned());
        }
        let mut kept = String::with_capacity(text.len());
        let (mut at, mut before, mut found) = (0, None, false);
        while let Some(c) = text[at..].chars().next() {
            let is_inside = before.is_some_and(char::is_alphanumeric);
            match self.length_at(&text[at..]).filter(|_| !is_inside) {
                Some(length) => {
                    kept.push_str(FORGOTTEN);
                    at += length;
                    before = None;
                    found = true;
                }
                None => {
                    kept.push(c);
                    at += c.len_utf8();
                    before = Some(c);
                }
            }
        }
        found.then_some(kept)
    }

    /// How many bytes of `text` name the person at its beginning.
    fn length_at(&self, text: &str) -> Option<usize> {
        self.words.iter().find_map(|word| {
            let mut left = word.iter();
            let mut next = left.next()?;
            for (index, c) in text.char_indices() {
                for lower in c.to_lowercase() {
                    // Any run of white space is one space.
                    let same = lower == *next || *next == ' ' && lower.is_whitespace();
                    if !same {
                        return None;
                    }
                    match left.next() {
                        Some(further) => next = further,
                        None => {
                            let end = index + c.len_utf8();
                            let goes_on = text[end..].chars().next().is_some_and(char::is_alphanumeric);
                            return (!goes_on).then_some(end);
                        }
                    }
                }
            }
            None
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ana() -> Forgotten {
        Forgotten::new(EmailAddress::parse("ana.lee@acme.example").ok().as_ref(), Some("Ana  Lee"))
    }

    #[test]
    fn address_and_name_go_in_any_case_and_order() {
        let out = |text: &str| ana().take_out(text).unwrap();
        assert_eq!(out("Ask ANA LEE <Ana.Lee@ACME.example>."), "Ask [removed] <[removed]>.");
        assert_eq!(out("Lee, Ana (CFO)"), "[removed] (CFO)");
        assert_eq!(out("Ana\nLee"), "[removed]");
        assert_eq!(out("Ana Lee, Ana Lee"), "[removed], [removed]");
    }

    #[test]
    fn who_is_only_called_alike_stays() {
        for text in ["Ana", "Joana Lee", "Ana Leeds", "ana.lee@acme.example1", "Lee Ana", "", "Äna Lée"] {
            assert_eq!(ana().take_out(text), None, "{text}");
        }
    }

    #[test]
    fn a_short_name_or_one_word_is_not_looked_for() {
        let address = EmailAddress::parse("x@acme.example").unwrap();
        assert_eq!(Forgotten::new(Some(&address), Some("Li")).take_out("Li will decide"), None);
        assert_eq!(Forgotten::new(Some(&address), Some("Madonna")).take_out("Madonna sings"), None);
        assert_eq!(
            Forgotten::new(Some(&address), None).take_out("x@acme.example"),
            Some(FORGOTTEN_ADDRESS.to_owned())
        );
    }
}
