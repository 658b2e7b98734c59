//! Targets for fuzzing: a short run with every test, long ones as `docs/reliability.md` says.

use crate::network::is_public;
use crate::{address, page};
use url::{Host, Url};

#[test]
fn url_guard() {
    let base = Url::parse("https://www.acme.example/about/").unwrap();
    bolero::check!().with_type::<String>().for_each(|text| {
        for url in
            [address::of_crm(text), address::of_link(&base, text), address::check(text)].into_iter().flatten()
        {
            assert_eq!((url.scheme(), url.port(), url.username(), url.password()), ("https", None, "", None));
            let Some(Host::Domain(name)) = url.host() else { panic!("{url}") };
            assert!(
                name.contains('.') && !name.ends_with("localhost") && !name.ends_with(".internal"),
                "{name}"
            );
        }
    });
}

#[test]
fn addresses() {
    bolero::check!().with_type::<[u8; 16]>().for_each(|bytes| {
        let v6 = std::net::Ipv6Addr::from(*bytes);
        let [a, b, c, d, ..] = *bytes;
        let v4 = std::net::Ipv4Addr::new(a, b, c, d);
        if is_public(v4.into()) {
            assert!(
                !v4.is_private() && !v4.is_loopback() && !v4.is_link_local() && !v4.is_multicast(),
                "{v4}"
            );
        }
        assert_eq!(is_public(v4.to_ipv6_mapped().into()), is_public(v4.into()), "{v4}");
        if is_public(v6.into()) && v6.to_ipv4_mapped().is_none() {
            assert_eq!(v6.segments()[0] >> 13, 1, "{v6}");
        }
    });
}

#[test]
fn web_page() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    bolero::check!().with_type::<(String, bool)>().for_each(|(text, is_html)| {
        // Whatever it is, it ends, and it is text or a reason why not.
        drop(runtime.block_on(page::read(text.clone(), *is_html)));
    });
}
