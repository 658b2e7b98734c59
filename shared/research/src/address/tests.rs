use super::*;
use serde::Deserialize;

/// Addresses of attacks, and of honest websites: see `source` in the file.
#[derive(Deserialize)]
struct Targets {
    refuse: Vec<Target>,
    allow: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    url: String,
    class: String,
}

fn targets() -> Targets {
    serde_json::from_str(include_str!("targets.json")).unwrap()
}

#[test]
fn every_attack_is_refused_by_its_text() {
    let refused = |target: &&Target| {
        let url = Url::parse("https://www.brightwater.de/about").unwrap();
        of_crm(&target.url).is_err() && of_link(&url, &target.url).is_err()
    };
    let targets = targets();
    // The name that leads to a private address is refused when it is resolved.
    let (by_name, by_text): (Vec<_>, Vec<_>) =
        targets.refuse.iter().partition(|target| target.class == "rebind-name");
    let accepted: Vec<&str> =
        by_text.iter().filter(|target| !refused(target)).map(|target| target.url.as_str()).collect();
    assert_eq!(accepted, Vec::<&str>::new());
    assert_eq!((by_name.len(), by_text.len()), (1, 62));
}

#[test]
fn honest_names_are_asked_by_https_and_numbers_never() {
    for Target { url, class } in targets().allow {
        let asked = of_crm(&url);
        match class.as_str() {
            // No customer's website is a number; refusing them all leaves no spelling of one to get wrong.
            "public-v4" | "public-v6" | "mapped-public" => assert_eq!(asked, Err(Refusal::Host), "{url}"),
            _ => assert_eq!(asked.unwrap().scheme(), "https", "{url}"),
        }
    }
}

#[test]
fn what_a_crm_holds_is_asked_by_https() {
    for (text, expected) in [
        ("brightwater.de", "https://brightwater.de/"),
        ("www.brightwater.de/en?x=1#top", "https://www.brightwater.de/en?x=1"),
        ("HTTP://www.Brightwater.de:80/a", "https://www.brightwater.de/a"),
        ("https://www.brightwater.de:443", "https://www.brightwater.de/"),
        ("https://münchen.de/über", "https://xn--mnchen-3ya.de/%C3%BCber"),
    ] {
        assert_eq!(of_crm(text).unwrap().as_str(), expected);
    }
    for (text, refusal) in [
        ("", Refusal::Host),
        ("none", Refusal::Host),
        ("brightwater.de:8443", Refusal::Port),
        ("http://brightwater.de:443x", Refusal::Port),
        ("me@brightwater.de", Refusal::UserInfo),
        ("javascript:alert(1)", Refusal::Port),
        ("brightwater.de and others", Refusal::Characters),
        ("https://brightwater.de.", Refusal::Host),
        ("https://printer.lan/", Refusal::Host),
        ("https://1.2.3/", Refusal::Host),
        ("ftp://brightwater.de/", Refusal::Scheme),
    ] {
        assert_eq!(of_crm(text), Err(refusal), "{text}");
    }
}

#[test]
fn social_networks_are_never_asked() {
    for text in [
        "linkedin.com/company/brightwater",
        "https://de.linkedin.com/in/x",
        "www.facebook.com/brightwater",
        "x.com/b",
    ] {
        assert_eq!(of_crm(text), Err(Refusal::SocialNetwork), "{text}");
    }
    assert!(
        of_crm("https://notlinkedin.com/").is_ok() && of_crm("https://linkedin.com.brightwater.de/").is_ok()
    );
}

#[test]
fn links_lead_where_they_say_and_nowhere_else() {
    let base = Url::parse("https://www.brightwater.de/en/").unwrap();
    for (text, expected) in [
        ("about", "https://www.brightwater.de/en/about"),
        ("/about#team", "https://www.brightwater.de/about"),
        ("//shop.brightwater.de/x", "https://shop.brightwater.de/x"),
        ("http://brightwater.de/", "https://brightwater.de/"),
        ("/go?to=http://169.254.169.254/", "https://www.brightwater.de/go?to=http://169.254.169.254/"),
        (" /blank ", "https://www.brightwater.de/blank"),
    ] {
        assert_eq!(of_link(&base, text).unwrap().as_str(), expected);
    }
    for text in [
        "mailto:info@brightwater.de",
        "tel:+49",
        "javascript:void(0)",
        "//127.0.0.1/",
        "/\\127.0.0.1/",
        "data:x",
    ] {
        assert!(of_link(&base, text).is_err(), "{text}");
    }
}
