//! Which addresses may be asked at all. Decided on the raw text first, before any parser has had its own idea of it; then on
//! what the parser made of it. Whether the host leads somewhere public is decided when it is resolved: [`crate::network`].

use url::{Host, Url};

/// Longest address that is looked at, in bytes.
const ADDRESS_MAX_BYTES: usize = 2048;

/// Hosts that are nobody's public website, themselves and all below them. `example` is not among them: nothing is served
/// there, and the samples of the local run live under it.
const NOT_PUBLIC: [&str; 13] = [
    "alt",
    "arpa",
    "corp",
    "home",
    "internal",
    "intranet",
    "invalid",
    "lan",
    "local",
    "localdomain",
    "localhost",
    "onion",
    "test",
];

/// Social networks: they forbid programs, and what they hold is about people.
const SOCIAL_NETWORKS: [&str; 25] = [
    "bsky.app",
    "facebook.com",
    "fb.com",
    "fb.me",
    "instagram.com",
    "linkedin.com",
    "lnkd.in",
    "pinterest.com",
    "reddit.com",
    "snapchat.com",
    "t.co",
    "t.me",
    "telegram.me",
    "threads.com",
    "threads.net",
    "tiktok.com",
    "twitter.com",
    "vk.com",
    "wa.me",
    "weibo.com",
    "whatsapp.com",
    "x.com",
    "xing.com",
    "youtu.be",
    "youtube.com",
];

/// Why an address is not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Control characters, blanks, backslashes, or longer than any address.
    #[error("the address is no plain text of an address")]
    Characters,
    /// Neither https nor, where that is asked by https instead, http or nothing.
    #[error("the address is not one of the web")]
    Scheme,
    /// A name or password stands in it.
    #[error("the address holds a name or a password")]
    UserInfo,
    /// Another port than 443.
    #[error("the address names a port")]
    Port,
    /// The host is a number, has no dot, or is none that the public can reach.
    #[error("the address has no public host")]
    Host,
    /// The host is a social network's.
    #[error("the address is a social network's")]
    SocialNetwork,
}

/// The address as it is asked for: a bare domain, or one of http, by https.
pub(crate) fn of_crm(text: &str) -> Result<Url, Refusal> {
    check_characters(text)?;
    match text.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => by_https(rest),
        Some(_) => check(text),
        None if text.starts_with('/') => Err(Refusal::Scheme),
        None => check(&format!("https://{text}")),
    }
}

/// Where a link or a redirect on the page `base` leads.
pub(crate) fn of_link(base: &Url, text: &str) -> Result<Url, Refusal> {
    let text = text.trim_matches(|c: char| c.is_ascii_whitespace());
    check_characters(text)?;
    match text.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => by_https(rest),
        Some((scheme, _)) if is_scheme(scheme) => check(text),
        _ if text.starts_with("//") => check(&format!("https:{text}")),
        _ => check(base.join(text).map_err(|_| Refusal::Host)?.as_str()),
    }
}

/// An address of https, by the raw text and by what the parser makes of it.
pub(crate) fn check(text: &str) -> Result<Url, Refusal> {
    check_characters(text)?;
    let (scheme, rest) = text.split_once("://").ok_or(Refusal::Scheme)?;
    if !scheme.eq_ignore_ascii_case("https") {
        return Err(Refusal::Scheme);
    }
    check_authority(rest.split(['/', '?', '#']).next().unwrap_or_default())?;
    let mut url = Url::parse(text).map_err(|_| Refusal::Host)?;
    if url.scheme() != "https"
        || url.port().is_some()
        || !url.username().is_empty()
        || url.password().is_some()
    {
        return Err(Refusal::Scheme);
    }
    match url.host() {
        Some(Host::Domain(name)) => check_name(name)?,
        _ => return Err(Refusal::Host),
    }
    url.set_fragment(None);
    Ok(url)
}

/// Whether the host is a social network's, or a part of one.
fn is_social_network(host: &str) -> bool {
    SOCIAL_NETWORKS.iter().any(|network| is_at_or_below(host, network))
}

fn by_https(rest: &str) -> Result<Url, Refusal> {
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    check(&format!("https://{}{path}", authority.strip_suffix(":80").unwrap_or(authority)))
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b':'))
}

fn check_characters(text: &str) -> Result<(), Refusal> {
    let is_bad = |c: char| c.is_control() || c.is_whitespace() || c == '\\';
    if text.len() > ADDRESS_MAX_BYTES || text.contains(is_bad) { Err(Refusal::Characters) } else { Ok(()) }
}

fn check_authority(authority: &str) -> Result<(), Refusal> {
    if authority.contains('@') {
        return Err(Refusal::UserInfo);
    }
    let host = match authority.split_once(':') {
        Some((host, "443")) => host,
        Some(_) if !authority.starts_with('[') => return Err(Refusal::Port),
        _ => authority,
    };
    let is_label = |label: &str| {
        (1..=63).contains(&label.len()) && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    if host.contains('.') && host.split('.').all(is_label) { Ok(()) } else { Err(Refusal::Host) }
}

/// The host as the parser spells it: lower case, internationalized names in ASCII.
fn check_name(name: &str) -> Result<(), Refusal> {
    let last = name.rsplit('.').next().unwrap_or_default();
    let is_public = name.len() <= 253
        && name.contains('.')
        && !last.starts_with(|c: char| c.is_ascii_digit())
        && !NOT_PUBLIC.iter().any(|reserved| is_at_or_below(name, reserved));
    match is_public {
        false => Err(Refusal::Host),
        true if is_social_network(name) => Err(Refusal::SocialNetwork),
        true => Ok(()),
    }
}

fn is_at_or_below(name: &str, parent: &str) -> bool {
    name.strip_suffix(parent).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

#[cfg(test)]
mod tests;
