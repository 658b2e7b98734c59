//! From a name to addresses: looked up once for each visit, all of them checked, and only these are ever connected to. A
//! name that answers otherwise the second time gains nothing by it.

use crate::network::is_public;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

/// Who knows the addresses of names.
#[derive(Debug, Clone)]
pub(crate) enum Lookup {
    /// The system's resolver.
    System,
    /// Nobody but this list, for sites that are served on this machine.
    Listed(Arc<BTreeMap<String, SocketAddr>>),
    /// Answers in turn, for tests.
    #[cfg(test)]
    Scripted(Arc<Mutex<Vec<Vec<IpAddr>>>>),
}

/// Why a name leads nowhere.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NameError {
    #[error("the name is not known")]
    Unknown(#[source] io::Error),
    #[error("the name leads to an address that is not public")]
    NotPublic,
}

/// The names of one visit.
#[derive(Debug)]
pub(crate) struct Names {
    lookup: Lookup,
    known: Mutex<HashMap<String, Vec<SocketAddr>>>,
}

impl Names {
    pub(crate) fn new(lookup: Lookup) -> Self {
        Self { lookup, known: Mutex::default() }
    }

    /// The checked addresses of a name. Their port is 0 where the scheme's own is meant.
    pub(crate) async fn resolve(&self, name: &str) -> Result<Vec<SocketAddr>, NameError> {
        let known =
            |this: &Self| this.known.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
        if let Some(addresses) = known(self) {
            return Ok(addresses);
        }
        let addresses = match &self.lookup {
            Lookup::Listed(sites) => {
                let unknown = || NameError::Unknown(io::ErrorKind::NotFound.into());
                vec![*sites.get(name).ok_or_else(unknown)?]
            }
            Lookup::System => {
                // The dot at the end keeps the machine's own search list out.
                let found =
                    tokio::net::lookup_host((format!("{name}."), 0)).await.map_err(NameError::Unknown)?;
                all_public(found.map(|address| address.ip()).collect())?
            }
            #[cfg(test)]
            Lookup::Scripted(answers) => {
                let answer = answers.lock().unwrap().remove(0);
                all_public(answer)?
            }
        };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(known.entry(name.to_owned()).or_insert(addresses).clone())
    }
}

/// One bad address among good ones spoils them all: an honest site has no reason for it.
fn all_public(found: Vec<IpAddr>) -> Result<Vec<SocketAddr>, NameError> {
    if found.is_empty() {
        return Err(NameError::Unknown(io::ErrorKind::NotFound.into()));
    }
    if !found.iter().all(|address| is_public(*address)) {
        return Err(NameError::NotPublic);
    }
    Ok(found.into_iter().map(|address| SocketAddr::new(address, 0)).collect())
}

/// What the HTTP client asks, so that it connects to nothing else.
#[derive(Debug, Clone)]
pub(crate) struct Checked(pub(crate) Arc<Names>);

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let names = self.0.clone();
        Box::pin(async move {
            let addresses = names.resolve(name.as_str()).await?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(answers: &[&[&str]]) -> (Names, Arc<Mutex<Vec<Vec<IpAddr>>>>) {
        let answers = answers.iter().map(|answer| answer.iter().map(|text| text.parse().unwrap()).collect());
        let script = Arc::new(Mutex::new(answers.collect()));
        (Names::new(Lookup::Scripted(script.clone())), script)
    }

    #[tokio::test]
    async fn one_private_answer_among_public_ones_is_refused() {
        for answer in [
            &["93.184.216.34", "127.0.0.1"][..],
            &["2606:4700:4700::1111", "::ffff:169.254.169.254"],
            &["::ffff:169.254.169.254"],
            &["169.254.169.254"],
        ] {
            let (names, _) = names(&[answer]);
            assert!(
                matches!(names.resolve("169-254-169-254.nip.io").await, Err(NameError::NotPublic)),
                "{answer:?}"
            );
        }
    }

    #[tokio::test]
    async fn a_name_that_turns_private_is_not_asked_again() {
        let (names, script) = names(&[&["93.184.216.34"], &["127.0.0.1"]]);
        let first = names.resolve("rebind.example").await.unwrap();
        let second = names.resolve("rebind.example").await.unwrap();
        assert_eq!((first.clone(), first), (second, vec!["93.184.216.34:0".parse().unwrap()]));
        assert_eq!(script.lock().unwrap().len(), 1, "one lookup only");
    }

    #[tokio::test]
    async fn a_name_without_addresses_is_unknown() {
        let (names, _) = names(&[&[]]);
        assert!(matches!(names.resolve("nowhere.example").await, Err(NameError::Unknown(_))));
    }

    #[tokio::test]
    async fn a_list_knows_its_own_names_only() {
        let site: SocketAddr = "127.0.0.1:4000".parse().unwrap();
        let sites = BTreeMap::from([("www.brightwater.example".to_owned(), site)]);
        let names = Names::new(Lookup::Listed(Arc::new(sites)));
        assert_eq!(names.resolve("www.brightwater.example").await.unwrap(), [site]);
        assert!(names.resolve("localhost").await.is_err());
    }
}
