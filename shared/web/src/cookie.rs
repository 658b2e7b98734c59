//! Cookies: `__Host-` and `Secure` over https, plain names over the local run's http.

use http::{HeaderMap, HeaderValue, header};

/// A cookie of ours: read and set in one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cookie {
    name: String,
    secure: bool,
    same_site: &'static str,
}

/// The cookie of a signed-in browser.
pub const SESSION: &str = "s";

impl Cookie {
    /// A cookie called `name` (`[a-z-]`) for the site at `base_url`.
    pub fn new(name: &str, base_url: &str) -> Self {
        let secure = base_url.starts_with("https://");
        let prefix = if secure { "__Host-" } else { "" };
        Self { name: format!("{prefix}{name}"), secure, same_site: "Strict" }
    }

    /// The same, but sent too when a link elsewhere, as in a mail on the web, leads here.
    #[must_use]
    pub fn lax(self) -> Self {
        Self { same_site: "Lax", ..self }
    }

    /// The `Set-Cookie` value that keeps `value` (cookie-safe ASCII) for `seconds`; `None` for a value that is not.
    pub fn set(&self, value: &str, seconds: u32) -> Option<HeaderValue> {
        let safe = value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
        let secure = if self.secure { "; Secure" } else { "" };
        let same_site = self.same_site;
        let text = format!(
            "{}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite={same_site}{secure}",
            self.name
        );
        if safe { HeaderValue::from_str(&text).ok() } else { None }
    }

    /// What the browser sent under this name.
    pub fn read<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, _)| *name == self.name)
            .map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_gets_the_host_prefix_and_http_does_not() {
        let set = |base| Cookie::new("fresh", base).set("1", 60).unwrap();
        assert_eq!(
            set("https://h.test"),
            "__Host-fresh=1; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure"
        );
        assert_eq!(set("http://127.0.0.1:3000"), "fresh=1; Path=/; Max-Age=60; HttpOnly; SameSite=Strict");
        assert_eq!(Cookie::new("fresh", "http://a").set("a; Path=/x", 60), None);
        let lax = Cookie::new("s", "http://a").lax().set("x.y", 60).unwrap();
        assert_eq!(lax, "s=x.y; Path=/; Max-Age=60; HttpOnly; SameSite=Lax");
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; fresh=yes;b=2"));
        assert_eq!(Cookie::new("fresh", "http://a").read(&headers), Some("yes"));
        assert_eq!(Cookie::new("fresh", "https://a").read(&headers), None);
    }
}
