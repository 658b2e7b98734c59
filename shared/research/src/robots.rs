//! What a host allows programs to read, as RFC 9309 says: no file allows everything, a file that cannot be had nothing.

use crate::fetch::{AGENT, FetchError, Fetcher};
use robotxt::Robots;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use url::Url;

/// Most of the file that is read, in bytes; the RFC's own least.
const ROBOTS_MAX_BYTES: usize = 500 * 1024;

/// The rules of the hosts of one visit; none where they cannot be had.
#[derive(Debug, Default)]
pub(crate) struct Permissions(HashMap<String, Option<Robots>>);

impl Permissions {
    /// Whether this page may be asked for: one request for each host.
    pub(crate) async fn check(&mut self, fetcher: &Fetcher, url: &Url) -> Result<(), FetchError> {
        let rules = match self.0.entry(url.host_str().unwrap_or_default().to_owned()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => match read(fetcher, url).await {
                Ok(rules) => new.insert(Some(rules)),
                Err(error) => {
                    new.insert(None);
                    return Err(error);
                }
            },
        };
        match rules {
            Some(rules) if rules.is_url_allowed(url) => Ok(()),
            Some(_) => Err(FetchError::NotAllowed),
            None => Err(FetchError::NoPermission),
        }
    }
}

async fn read(fetcher: &Fetcher, url: &Url) -> Result<Robots, FetchError> {
    let file = url.join("/robots.txt").map_err(|_| FetchError::NoPermission)?;
    match fetcher.get(&file, ROBOTS_MAX_BYTES).await {
        Ok(found) => Ok(Robots::parse(found.text.as_bytes(), AGENT)),
        Err(FetchError::Status(400..=499) | FetchError::NotText) => Ok(Robots::allow_all()),
        // The site itself is away: that is what shall be told.
        Err(error @ (FetchError::Unreachable(_) | FetchError::TimedOut)) => Err(error),
        Err(_) => Err(FetchError::NoPermission),
    }
}
