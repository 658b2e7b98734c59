//! Whatever customers, CRMs and colleagues write, the markup of a mail stays the markup that we wrote.

use super::samples::{Sample, all, renderer, samples_key};
use crate::clean;
use handoff_domain::outbox::{Evidence, Invitation, MailContent, OwedMail};
use html5ever::tokenizer::{BufferQueue, Tag, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use proptest::prelude::*;
use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;

#[derive(Default)]
struct Tags(RefCell<Vec<Tag>>);

impl TokenSink for Tags {
    type Handle = ();
    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        if let Token::TagToken(tag) = token {
            self.0.borrow_mut().push(tag);
        }
        TokenSinkResult::Continue
    }
}

pub(super) fn tags(html: &str) -> Vec<Tag> {
    let tokenizer = Tokenizer::new(Tags::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(html.into());
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.into_inner()
}

/// Where the mail's links go.
pub(super) fn links(html: &str) -> Vec<String> {
    let attributes = tags(html).into_iter().flat_map(|tag| tag.attrs);
    attributes
        .filter(|attribute| &*attribute.name.local == "href")
        .map(|attribute| attribute.value.to_string())
        .collect()
}

/// Every tag with every attribute, without the line breaks that texts may have.
fn skeleton(html: &str) -> Vec<Tag> {
    tags(html).into_iter().filter(|tag| &*tag.name != "br").collect()
}

/// The same mail with this text in every field that a person or a CRM fills.
fn filled(mail: &OwedMail, text: &str) -> OwedMail {
    let mut mail = mail.clone();
    let fill = |fields: Vec<&mut String>| {
        fields.into_iter().filter(|field| !field.is_empty()).for_each(|field| text.clone_into(field));
    };
    let fill_evidence = |evidence: &mut Evidence| {
        fill(vec![&mut evidence.quote, &mut evidence.source]);
        fill(evidence.author.iter_mut().collect());
    };
    let fill_invitation = |i: &mut Invitation| {
        fill(vec![
            &mut i.organization_name,
            &mut i.ae_name,
            &mut i.company,
            &mut i.deal_name,
            &mut i.time_zone,
        ]);
        if let Some(arr) = &mut i.arr {
            fill(vec![&mut arr.amount, &mut arr.currency]);
        }
    };
    match &mut mail.content {
        // The one holds no text of anybody; the other is all text, and has tests of its own.
        MailContent::SignIn(_) | MailContent::Welcome(_) => {}
        MailContent::HandoffInvitation(i) | MailContent::HandoffLinkRenewed(i) => fill_invitation(i),
        MailContent::HandoffReminder(reminder) => {
            fill_invitation(&mut reminder.invitation);
            fill(reminder.open.iter_mut().collect());
        }
        MailContent::HandoffReturned(returned) => {
            fill_invitation(&mut returned.invitation);
            fill(vec![&mut returned.by, &mut returned.reason]);
        }
        MailContent::HandoffReceipt(d) | MailContent::HandoffReceived(d) => {
            fill(vec![
                &mut d.organization_name,
                &mut d.company,
                &mut d.deal_name,
                &mut d.website,
                &mut d.industry,
            ]);
            fill(vec![&mut d.size, &mut d.ae_name, &mut d.csm_name, &mut d.note, &mut d.time_zone]);
            for contact in &mut d.contacts {
                fill(vec![&mut contact.name, &mut contact.email, &mut contact.phone, &mut contact.title]);
            }
            for answer in &mut d.answers {
                fill(vec![&mut answer.wording, &mut answer.answer]);
                answer.evidence.iter_mut().for_each(fill_evidence);
            }
            for conflict in &mut d.conflicts {
                fill(vec![&mut conflict.subject]);
                for version in &mut conflict.versions {
                    fill(vec![&mut version.text]);
                    version.evidence.iter_mut().for_each(fill_evidence);
                }
            }
            for promise in &mut d.promises {
                fill(vec![&mut promise.text]);
                fill(promise.by.iter_mut().collect());
                promise.evidence.iter_mut().for_each(fill_evidence);
            }
            if let Some(assignment) = &mut d.assignment {
                fill(vec![&mut assignment.reason]);
                let names = assignment.by.iter_mut().chain(assignment.before.iter_mut());
                fill(names.chain(assignment.skipped.iter_mut()).collect());
            }
            if let Some(milestone) = &mut d.first_milestone {
                fill(vec![&mut milestone.title]);
                milestone.actions.iter_mut().for_each(|action| fill(vec![&mut action.title]));
            }
        }
        MailContent::Digest(digest) => {
            fill(vec![&mut digest.organization_name, &mut digest.time_zone]);
            digest.rows.iter_mut().for_each(|row| fill(vec![&mut row.company, &mut row.ae]));
        }
        MailContent::WeeklySummary(weekly) => {
            fill(vec![&mut weekly.organization_name]);
            weekly.worst.iter_mut().for_each(|(wording, _)| fill(vec![wording]));
        }
        MailContent::HandoffReassigned(r) => {
            fill(vec![&mut r.organization_name, &mut r.company, &mut r.name, &mut r.reason]);
            fill(r.now_with.iter_mut().chain(r.by.iter_mut()).collect());
        }
        MailContent::AnswersReported(r) => {
            fill(vec![&mut r.organization_name, &mut r.company, &mut r.ae_name, &mut r.by, &mut r.time_zone]);
            for answer in &mut r.answers {
                fill(vec![&mut answer.wording, &mut answer.answer]);
                answer.evidence.iter_mut().for_each(fill_evidence);
            }
            r.unread.iter_mut().for_each(|gap| fill(vec![&mut gap.reason]));
        }
        MailContent::HandoffEscalated(e) => {
            fill(vec![&mut e.organization_name, &mut e.company, &mut e.detail]);
            e.unread.iter_mut().for_each(|gap| fill(vec![&mut gap.reason]));
        }
    }
    mail
}

/// The CSM's mail has every kind of block; the others take turns beside it.
fn mails_for(turn: usize) -> impl Iterator<Item = Sample> {
    let mut mails = all();
    let full = mails.iter().position(|mail| mail.name == "received").map(|index| mails.remove(index));
    let other = mails.remove(turn % mails.len());
    full.into_iter().chain([other])
}

/// The tags of harmless mails, by the mail's name and the harmless text.
type Expected = HashMap<(String, &'static str), Vec<Tag>>;

fn assert_harmless(text: &str, turn: usize, expected: &mut Expected) {
    // A text of which nothing is left leaves its block out, as an empty one does.
    let harmless = if clean::lines(text).is_empty() { " " } else { "x" };
    let spaced = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_filled =
        |mail: &Sample| !matches!(mail.owed.content, MailContent::SignIn(_) | MailContent::Welcome(_));
    for mail in mails_for(turn).filter(is_filled) {
        let (renderer, key) = (renderer(), samples_key());
        let hostile = renderer.render(&key, &filled(&mail.owed, text)).unwrap();
        let plain = || skeleton(&renderer.render(&key, &filled(&mail.owed, harmless)).unwrap().html);
        // Not assert_eq: a failure would print both mails.
        assert!(
            expected.entry((mail.name.clone(), harmless)).or_insert_with(plain) == &skeleton(&hostile.html),
            "{}: {text:?} became markup",
            mail.name
        );
        assert_eq!(hostile.subject, clean::subject(&hostile.subject), "{}: {text:?}", mail.name);
        let outlaws = ['\r', '\0', '\u{85}', '\u{2028}', '\u{2029}', '\u{202E}'];
        assert!(!hostile.text.contains(outlaws), "{}: {text:?}", mail.name);
        let shown = spaced(&hostile.text);
        for line in clean::lines(text).lines().map(spaced) {
            assert!(shown.contains(&line), "{}: {line:?} is lost", mail.name);
        }
    }
}

/// Values of a file of the common test data; `None` with a message where the data is not there.
#[allow(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "tests find their data by it and say when they skip"
)]
pub(super) fn vectors(file: &str) -> Option<serde_json::Value> {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let directory = std::env::var("TEST_DATA_DIR").map_or(default, Into::into);
    let path = directory.join("vectors").join(file);
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: {} is not there; set TEST_DATA_DIR", path.display());
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

fn check(values: &serde_json::Value) {
    let texts: Vec<_> =
        values.as_array().unwrap().iter().filter_map(|v| v.as_str().or(v["payload"].as_str())).collect();
    assert!(!texts.is_empty());
    let expected = &mut Expected::new();
    texts.into_iter().enumerate().for_each(|(turn, text)| assert_harmless(text, turn, expected));
}

#[test]
fn mail_injections_stay_text() {
    if let Some(data) = vectors("email-injection.json") {
        check(&data["values"]);
    }
}

#[test]
fn markup_payloads_stay_text() {
    if let Some(data) = vectors("html-xss-payloads.json") {
        check(&data["cases"]);
    }
}

#[test]
fn naughty_strings_stay_text() {
    if let Some(data) = vectors("naughty-strings.json") {
        check(&data);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn no_text_becomes_markup(text in r#"[<>"'&/=a-z!\-\n\r\u{0}\u{85}\u{2028}\u{202e}]{1,40}"#, turn in 0..20_usize) {
        assert_harmless(&text, turn, &mut Expected::new());
    }
}

/// A target for fuzzing: whatever anybody wrote, the headers stay one line each and the markup ours.
#[test]
fn fuzz_mail_builder() {
    let (samples, renderer) = (all(), renderer());
    bolero::check!().with_type::<(String, u8)>().for_each(|(text, which)| {
        let sample = &samples[usize::from(*which) % samples.len()];
        let mail = renderer.render(&samples_key(), &filled(&sample.owed, text)).unwrap();
        let plain = renderer.render(&samples_key(), &filled(&sample.owed, "plain")).unwrap();
        assert!(!mail.subject.contains(|c: char| c.is_control()), "{:?}", mail.subject);
        if !text.trim().is_empty() {
            assert_eq!(tags(&mail.html).iter().filter(|tag| &*tag.name == "script").count(), 0);
            assert_eq!(links(&mail.html).len(), links(&plain.html).len());
        }
    });
}
