//! What people paste, as it shows.

/// The text without characters that hide or turn round what stands beside them; line ends are `\n`, tabs are spaces.
/// Joiners and variation selectors belong to emoji and to several scripts: one stays after a character of those.
/// Everywhere else they, and all other invisible or direction-changing characters, can only hide something.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.replace("\r\n", "\n").chars() {
        let c = match c {
            '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
            '\t' | '\u{a0}' => ' ',
            other => other,
        };
        let keeps = match c {
            '\n' => true,
            '\u{200c}' | '\u{200d}' | '\u{fe0f}' => !before.is_ascii() && !is_hidden(before),
            _ => !is_hidden(c) && !c.is_control(),
        };
        if keeps {
            out.push(c);
            before = c;
        }
    }
    out
}

fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_goes_and_what_belongs_to_a_script_stays() {
        assert_eq!(visible("a\u{202e}b\u{200b}c\r\nd\te"), "abc\nd e");
        assert_eq!(visible("👩\u{200d}💻"), "👩\u{200d}💻");
    }
}
