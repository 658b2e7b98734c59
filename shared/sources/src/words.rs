//! Text as a stream of words, so that line breaks, marks and punctuation do not tell two copies of it apart.

use unicode_segmentation::UnicodeSegmentation;

/// The words in lower case, each between two spaces; empty when there are none.
pub(crate) fn stream(text: &str) -> String {
    let lower = text.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if words.is_empty() { String::new() } else { format!(" {} ", words.join(" ")) }
}

/// How many words a [`stream`] holds.
pub(crate) fn count(stream: &str) -> usize {
    stream.split_whitespace().count()
}

/// Blocks of lines between blank ones, each as its lines.
pub(crate) fn paragraphs(lines: &[String]) -> Vec<Vec<String>> {
    lines
        .split(|line| line.trim().is_empty())
        .filter(|block| !block.is_empty())
        .map(<[String]>::to_vec)
        .collect()
}

/// The sentences of a paragraph, over its line breaks.
pub(crate) fn sentences(paragraph: &[String]) -> Vec<String> {
    let joined = paragraph.join(" ");
    joined.split_sentence_bounds().map(str::to_owned).filter(|sentence| !sentence.trim().is_empty()).collect()
}

/// Lines as a text: no blank line at either end, never two in a row.
pub(crate) fn text(lines: &[String]) -> String {
    paragraphs(lines).iter().map(|block| block.join("\n")).collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_copies_of_a_text_are_one_stream_however_they_are_wrapped() {
        assert_eq!(stream("We go-live\nin *May*."), stream("we go live in may"));
        assert_eq!(stream(" -- "), "");
        assert_eq!(count(&stream("one two")), 2);
    }
}
