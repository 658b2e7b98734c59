//! What all mails have in common: the looks of the words, no markup from outside, and only our own links.

mod injection;
mod personal;
mod samples;

use handoff_domain::Timestamp;
use handoff_domain::email::EmailAddress;
use handoff_domain::id::{LogoId, PortalId};
use handoff_domain::logo::{ImageFormat, Logo};
use handoff_domain::organization::Organization;
use samples::{all, deal, renderer, samples_key, sign_in_link};

#[test]
fn the_words_of_each_mail() {
    for mail in all() {
        let rendered = renderer().render(&samples_key(), &mail.owed).unwrap();
        let token = renderer()
            .link_keys
            .current()
            .handoff_token(&samples_key().organization, &deal().account(), 1)
            .reveal();
        let sign_in = renderer().link_keys.sign_in_token(&sign_in_link().id).reveal();
        let text = rendered.text.replace(&token, "[token]").replace(&sign_in, "[token]");
        insta::assert_snapshot!(mail.name, format!("Subject: {}\n\n{text}", rendered.subject));
    }
}

#[test]
fn a_brand_changes_the_sign_and_the_sender_and_nothing_else() {
    let mail = all().remove(0);
    let logo = Logo { id: LogoId::parse("a1").unwrap(), format: ImageFormat::Png, width: 300, height: 100 };
    let mut organization = organization();
    (organization.logo, organization.sender) = (Some(logo), "Team North".to_owned());
    let own = renderer().render(&samples_key(), &mail.owed).unwrap();
    let brand = renderer().brand(&organization);
    let branded = renderer().render_as(&brand, &samples_key(), &mail.owed).unwrap();
    assert_eq!((own.sender.as_str(), branded.sender.as_str()), ("", "Team North"));
    assert_eq!((&own.text, &own.subject), (&branded.text, &branded.subject));
    let image = "/logos/hs62515/a1\" alt=\"Northwind &amp; Sons\" width=\"96\" height=\"32\"";
    assert!(branded.html.contains(image) && !own.html.contains("<img"), "{}", branded.html);
}

fn organization() -> Organization {
    let admin = EmailAddress::parse("admin@northwind.test").unwrap();
    Organization::new(PortalId(62515), "Northwind & Sons".to_owned(), admin, Timestamp::UNIX_EPOCH)
}

#[test]
fn the_same_links_stand_in_both_parts() {
    for mail in all() {
        let rendered = renderer().render(&samples_key(), &mail.owed).unwrap();
        let links = injection::links(&rendered.html);
        assert!(!links.is_empty(), "{}", mail.name);
        for link in links {
            assert!(rendered.text.contains(&link), "{}: {link}", mail.name);
        }
    }
}

#[test]
fn only_the_ae_gets_a_link_that_opens_the_handoff() {
    for mail in all() {
        let has_token = renderer().render(&samples_key(), &mail.owed).unwrap().html.contains("/handoff/aA");
        let to_ae = ["invitation", "link_renewed", "reminder", "returned", "receipt"]
            .iter()
            .any(|kind| mail.name.contains(kind));
        assert_eq!(has_token, to_ae, "{}", mail.name);
    }
}

#[test]
fn a_mail_is_small_enough_not_to_be_clipped() {
    const GMAIL_CLIPS_AT_BYTES: usize = 102 * 1024;
    for mail in all() {
        let size = renderer().render(&samples_key(), &mail.owed).unwrap().html.len();
        assert!(size < GMAIL_CLIPS_AT_BYTES / 2, "{}: {size}", mail.name);
    }
}

#[test]
fn nothing_is_fetched_from_elsewhere() {
    for mail in all() {
        let html = renderer().render(&samples_key(), &mail.owed).unwrap().html;
        for fetching in ["<img", "<link", "<script", "@import", "url(", "src="] {
            assert!(!html.contains(fetching), "{}: {fetching}", mail.name);
        }
    }
}

/// Writes each mail as a page, to look at: `MAIL_PREVIEW_DIR=/tmp/mails cargo test -p handoff-mail preview`.
#[test]
#[allow(clippy::disallowed_methods, reason = "a switch of this test alone")]
fn preview_of_every_mail() {
    let directory = std::env::var("MAIL_PREVIEW_DIR")
        .map_or_else(|_| std::env::temp_dir().join("handoff-mails"), Into::into);
    std::fs::create_dir_all(&directory).unwrap();
    for mail in all() {
        let rendered = renderer().render(&samples_key(), &mail.owed).unwrap();
        std::fs::write(directory.join(format!("{}.html", mail.name)), rendered.html).unwrap();
        std::fs::write(directory.join(format!("{}.txt", mail.name)), rendered.text).unwrap();
    }
}
