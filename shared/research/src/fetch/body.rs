//! A body as it streams in: decoded, counted, cut, and read as text.

use super::FetchError;
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use flate2::write::MultiGzDecoder;
use std::io::{self, Write};

/// How far into a page its own word on its encoding is looked for, as the HTML standard has it.
const PRESCAN_BYTES: usize = 1024;

/// Keeps the first bytes and refuses the rest.
#[derive(Debug, Default)]
pub(super) struct Cup {
    bytes: Vec<u8>,
    max: usize,
    is_full: bool,
}

impl Write for Cup {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = self.max - self.bytes.len();
        let kept = bytes.get(..room.min(bytes.len())).unwrap_or_default();
        self.bytes.extend_from_slice(kept);
        if kept.len() < bytes.len() {
            self.is_full = true;
            // Stops the decoder: a bomb is not unpacked any further.
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A body under way.
#[derive(Debug)]
pub(super) enum Body {
    Plain(Cup),
    Zipped(Box<MultiGzDecoder<Cup>>),
}

impl Body {
    /// A body in this content encoding, of which `max` decoded bytes are kept.
    pub(super) fn new(encoding: &str, max: usize) -> Result<Self, FetchError> {
        let cup = Cup { max, ..Cup::default() };
        match encoding.trim() {
            "" | "identity" => Ok(Self::Plain(cup)),
            "gzip" | "x-gzip" => Ok(Self::Zipped(Box::new(MultiGzDecoder::new(cup)))),
            _ => Err(FetchError::Encoding),
        }
    }

    /// Takes a piece; `false` when no more is wanted.
    pub(super) fn take(&mut self, chunk: &[u8]) -> Result<bool, FetchError> {
        let taken = match self {
            Self::Plain(cup) => cup.write_all(chunk),
            Self::Zipped(decoder) => decoder.write_all(chunk),
        };
        match taken {
            Ok(()) => Ok(true),
            Err(_) if self.cup().is_full => Ok(false),
            Err(_) => Err(FetchError::Encoding),
        }
    }

    fn cup(&self) -> &Cup {
        match self {
            Self::Plain(cup) => cup,
            Self::Zipped(decoder) => decoder.get_ref(),
        }
    }

    /// What was kept, and whether there was more.
    pub(super) fn finish(self) -> (Vec<u8>, bool) {
        let cup = match self {
            Self::Plain(cup) => cup,
            Self::Zipped(mut decoder) => {
                // What is left in the decoder; a body that ends too early is read as far as it goes.
                let _ = decoder.try_finish();
                std::mem::take(decoder.get_mut())
            }
        };
        (cup.bytes, cup.is_full)
    }
}

/// The bytes as text, by the first that speaks: a byte order mark, the header, the page itself; else UTF-8 where it is
/// that, and the old encoding of the western web where it is not.
pub(super) fn to_text(bytes: &[u8], content_type: &str, is_html: bool) -> String {
    let told = content_type.split(';').skip(1).find_map(|part| part.trim().strip_prefix("charset="));
    let told = told.and_then(|label| Encoding::for_label(label.trim_matches(['"', '\'', ' ']).as_bytes()));
    let encoding = told.or_else(|| if is_html { in_page(bytes) } else { None });
    let fallback = if is_utf8(bytes) { UTF_8 } else { WINDOWS_1252 };
    encoding.unwrap_or(fallback).decode(bytes).0.into_owned()
}

/// The last character of a page that was cut may be torn.
fn is_utf8(bytes: &[u8]) -> bool {
    str::from_utf8(bytes).map_or_else(|error| error.error_len().is_none(), |_| true)
}

fn in_page(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = bytes.get(..PRESCAN_BYTES.min(bytes.len()))?.to_ascii_lowercase();
    let start = String::from_utf8_lossy(&start);
    let label = start.split_once("charset=")?.1.trim_start_matches(['"', '\'', ' ']);
    let end = label.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | ':' | '.'));
    Encoding::for_label(label.get(..end.unwrap_or(label.len()))?.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;

    fn zipped(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn pour(mut body: Body, chunks: &[u8]) -> (Vec<u8>, bool) {
        for chunk in chunks.chunks(7) {
            if !body.take(chunk).unwrap() {
                break;
            }
        }
        body.finish()
    }

    #[test]
    fn a_body_is_kept_up_to_the_last_byte_that_is_wanted() {
        let plain = |bytes| pour(Body::new("", 10).unwrap(), bytes);
        assert_eq!(plain(b"0123456789"), (b"0123456789".to_vec(), false));
        assert_eq!(plain(b"0123456789a"), (b"0123456789".to_vec(), true));
        let unzipped = |bytes: &[u8]| pour(Body::new("gzip", 10).unwrap(), &zipped(bytes));
        assert_eq!(unzipped(b"0123456789"), (b"0123456789".to_vec(), false));
        assert_eq!(unzipped(b"0123456789a"), (b"0123456789".to_vec(), true));
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let bomb = zipped(&vec![b'x'; 64 * 1024 * 1024]);
        let mut body = Body::new("gzip", 1024).unwrap();
        assert!(!body.take(&bomb).unwrap());
        let (bytes, is_cut) = body.finish();
        assert_eq!((bytes.len(), is_cut), (1024, true));
        assert!(bytes.capacity() < 1024 * 1024);
    }

    #[test]
    fn what_is_packed_otherwise_is_not_read() {
        assert!(matches!(Body::new("br", 10), Err(FetchError::Encoding)));
        assert!(matches!(Body::new("gzip, gzip", 10), Err(FetchError::Encoding)));
        assert!(matches!(Body::new("gzip", 10).unwrap().take(b"this is no gzip"), Err(FetchError::Encoding)));
    }

    #[test]
    fn text_is_read_in_the_encoding_that_it_was_written_in() {
        let latin = b"M\xfcnchen";
        assert_eq!(to_text(latin, "text/html; charset=iso-8859-1", true), "München");
        assert_eq!(
            to_text(b"<meta charset=\"ISO-8859-1\">M\xfcnchen", "text/html", true),
            "<meta charset=\"ISO-8859-1\">München"
        );
        assert_eq!(to_text(latin, "text/html", true), "München");
        assert_eq!(to_text("München".as_bytes(), "text/html; charset=nonsense", true), "München");
        assert_eq!(to_text(b"\xef\xbb\xbfx", "text/plain", false), "x");
        assert_eq!(to_text(&"ü".as_bytes()[..1], "text/plain", false), "\u{fffd}");
    }
}
