//! The mail that a CSM wrote: their words and nothing else, whatever the words are.

use super::injection::{links, tags, vectors};
use super::samples::welcome;
use crate::clean;
use handoff_domain::outbox::WelcomeMail;
use proptest::prelude::*;

/// Every tag and every attribute that this mail may have.
const TAGS: [&str; 11] = ["html", "head", "meta", "title", "body", "div", "p", "ul", "li", "br", "a"];
const ATTRIBUTES: [&str; 7] = ["lang", "charset", "name", "content", "style", "dir", "href"];

fn assert_harmless(text: &str) {
    let mail = WelcomeMail {
        organization_name: text.to_owned(),
        language: text.to_owned(),
        csm_name: text.to_owned(),
        subject: text.to_owned(),
        body: format!("{text}\n\n- {text}"),
        ..welcome()
    };
    let rendered = crate::welcome(&mail);
    for tag in tags(&rendered.html) {
        assert!(TAGS.contains(&&*tag.name), "{text:?} became <{}>", &*tag.name);
        for attribute in &tag.attrs {
            let name = &*attribute.name.local;
            assert!(ATTRIBUTES.contains(&name), "{text:?} became the attribute {name}");
            assert!(name != "style" || !attribute.value.contains("url"), "{text:?} became a style");
        }
    }
    for link in links(&rendered.html) {
        let lower = link.to_ascii_lowercase();
        assert!(lower.starts_with("https://") || lower.starts_with("http://"), "{text:?} became {link}");
        assert!(rendered.text.contains(&link), "{link} stands in one part only");
    }
    assert_eq!(rendered.subject, clean::subject(&rendered.subject));
    let outlaws = ['\r', '\0', '\u{85}', '\u{2028}', '\u{2029}', '\u{202E}'];
    assert!(!rendered.text.contains(outlaws) && !rendered.html.contains(outlaws), "{text:?}");
    assert!(rendered.text.contains(&clean::lines(text)), "{text:?} is lost");
}

#[test]
fn it_looks_like_a_persons_mail() {
    let rendered = crate::welcome(&welcome());
    insta::assert_snapshot!("welcome_html", rendered.html);
    for word in ["Handoff", "class=", "<table", "background"] {
        assert!(!rendered.html.contains(word), "{word}");
    }
}

#[test]
fn only_web_addresses_become_links() {
    let body = "javascript:alert(1) data://x ftp://a.test/b https://ok.test/a?b=1&c=2. mail me@x.test";
    let rendered = crate::welcome(&WelcomeMail { body: body.to_owned(), ..welcome() });
    assert_eq!(links(&rendered.html), ["https://ok.test/a?b=1&c=2"]);
}

#[test]
fn the_worst_texts_stay_text() {
    for (file, at) in [
        ("email-injection.json", Some("values")),
        ("html-xss-payloads.json", Some("cases")),
        ("naughty-strings.json", None),
    ] {
        let Some(data) = vectors(file) else { continue };
        let values = at.map_or(&data, |at| &data[at]);
        let texts = values.as_array().unwrap().iter().filter_map(|v| v.as_str().or(v["payload"].as_str()));
        assert!(texts.map(assert_harmless).count() > 10, "{file}");
    }
}

proptest! {
    #[test]
    fn no_text_becomes_markup(text in r#"[<>"'&/=:.a-z!\-\* \n\r\u{0}\u{85}\u{2028}\u{202e}]{1,60}"#) {
        assert_harmless(&text);
    }
}
