//! Who is who: our people, the customer's, and the other vendors that the customer looked at.

use crate::extractive::concepts::Concepts;
use crate::extractive::language::padded;
use handoff_domain::source::{Source, SourceKind};
use std::collections::BTreeSet;

/// Whose words a passage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// One of our people.
    Ours,
    /// Someone of the customer, or anyone else.
    Theirs,
}

/// The people of a deal, as its records name them.
#[derive(Debug, Default)]
pub(crate) struct Parties {
    /// Full names of our people, folded.
    ours: BTreeSet<String>,
    our_domains: BTreeSet<String>,
    /// First and last names of the customer's contacts, folded.
    contacts: BTreeSet<String>,
}

impl Parties {
    /// Who wrote notes or held calls is ours, and so is everyone at the same address.
    pub(crate) fn new(sources: &[Source]) -> Self {
        let mut parties = Self::default();
        let mut their_domains = BTreeSet::new();
        for source in sources.iter().filter(|source| source.kind == SourceKind::Contact) {
            for word in
                source.title.split_whitespace().filter(|word| word.chars().count() > 2 && !word.contains('@'))
            {
                parties.contacts.insert(padded(word));
            }
            their_domains.extend(source.body.split_whitespace().filter_map(domain));
        }
        let companies = sources.iter().filter(|source| source.kind == SourceKind::Company);
        let fields = companies
            .flat_map(|company| company.body.lines())
            .filter_map(|line| line.strip_prefix("Domain: "));
        their_domains.extend(fields.map(|domain| domain.trim().to_lowercase()));
        let is_internal = |kind| {
            matches!(kind, SourceKind::Note | SourceKind::Call | SourceKind::Meeting | SourceKind::Task)
        };
        for author in sources
            .iter()
            .filter(|source| is_internal(source.kind))
            .filter_map(|source| source.author.as_deref())
        {
            parties.ours.insert(padded(name(author)));
        }
        for author in sources
            .iter()
            .filter(|source| source.kind == SourceKind::Email)
            .filter_map(|source| source.author.as_deref())
        {
            if let Some(domain) = domain(author).filter(|domain| !their_domains.contains(domain))
                && parties.ours.contains(&padded(name(author)))
            {
                parties.our_domains.insert(domain);
            }
        }
        parties.add_addressees(sources, &their_domains);
        parties
    }

    /// Where no note tells who is ours: who the customer's people write to.
    fn add_addressees(&mut self, sources: &[Source], their_domains: &BTreeSet<String>) {
        if !self.our_domains.is_empty() {
            return;
        }
        let emails = sources.iter().filter(|source| source.kind == SourceKind::Email);
        for source in emails {
            let is_theirs = source
                .author
                .as_deref()
                .and_then(domain)
                .is_some_and(|domain| their_domains.contains(&domain));
            let to = source.body.lines().take(4).find_map(|line| line.strip_prefix("To: "));
            let domains = to.into_iter().flat_map(|to| to.split([',', ';', ' '])).filter_map(domain);
            if is_theirs {
                self.our_domains.extend(domains.filter(|domain| !their_domains.contains(domain)));
            }
        }
    }

    /// Whose words these are: what the speaker of a transcript says, or else what the author wrote.
    pub(crate) fn side(&self, source: &Source, speaker: Option<&str>) -> Side {
        let is_ours = match speaker {
            Some(speaker) => self.is_ours(speaker),
            None => match source.kind {
                SourceKind::Email => source.author.as_deref().is_some_and(|author| self.is_ours(author)),
                SourceKind::Note
                | SourceKind::Call
                | SourceKind::Meeting
                | SourceKind::Task
                | SourceKind::Context => true,
                _ => false,
            },
        };
        if is_ours { Side::Ours } else { Side::Theirs }
    }

    fn is_ours(&self, author: &str) -> bool {
        let known = padded(name(author));
        let first = known.split_whitespace().next().map(padded).unwrap_or_default();
        let is_contact = || self.contacts.contains(&first);
        self.ours.contains(&known)
            || domain(author).is_some_and(|domain| self.our_domains.contains(&domain))
            || !author.contains('@')
                && !is_contact()
                && self.ours.iter().any(|ours| ours.starts_with(&first) && first.trim() != "")
    }

    /// Whether folded words name one of the customer's contacts.
    pub(crate) fn names_contact(&self, words: &str) -> bool {
        words.split_whitespace().any(|word| self.contacts.contains(&padded(word)))
    }

    /// Whether a folded word is part of a contact's or of our people's names.
    fn is_person(&self, word: &str) -> bool {
        self.contacts.contains(word) || self.ours.iter().any(|ours| ours.contains(word))
    }

    /// The names of other vendors: what stands capitalized where a text speaks of competition.
    pub(crate) fn rivals<'a>(&self, texts: impl Iterator<Item = (&'a str, Concepts)>) -> BTreeSet<String> {
        let named = texts.filter(|(_, concepts)| concepts.has_any(&["competition", "heading.why_us"]));
        named
            .flat_map(|(text, _)| proper_names(text))
            .map(|word| padded(&word))
            .filter(|word| !self.is_person(word))
            .collect()
    }
}

/// Words inside a sentence that can only be names: capitals inside, or a capital where the language needs none.
pub(crate) fn proper_names(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '\'')).filter(|word| !word.is_empty());
    words
        .filter(|word| is_coined(word) && Concepts::of(word) == Concepts::default())
        .map(str::to_owned)
        .collect()
}

/// `PactRidge`, `Feldwerk24`: a capital or a digit after small letters.
pub(crate) fn is_coined(word: &str) -> bool {
    let mut chars = word.chars();
    let begins = chars.next().is_some_and(char::is_uppercase);
    let rest: Vec<char> = chars.collect();
    let after_small = rest
        .windows(2)
        .any(|pair| pair[0].is_lowercase() && (pair[1].is_uppercase() || pair[1].is_ascii_digit()));
    begins && rest.len() >= 3 && after_small
}

/// `Dana Kim <dana@us.test>` without the address.
fn name(author: &str) -> &str {
    author.split('<').next().unwrap_or_default().trim()
}

/// What stands behind the `@`.
fn domain(text: &str) -> Option<String> {
    let (_, domain) = text.trim_matches(['<', '>', '(', ')', ',', ';']).rsplit_once('@')?;
    let domain = domain.trim_end_matches(['>', '.', ',']).to_lowercase();
    domain.contains('.').then_some(domain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use handoff_domain::id::SourceId;

    fn source(kind: SourceKind, title: &str, author: &str, body: &str) -> Source {
        Source {
            id: SourceId::parse("a").unwrap(),
            kind,
            title: title.into(),
            author: (!author.is_empty()).then(|| author.into()),
            date: None,
            body: body.into(),
        }
    }

    #[test]
    fn our_people_are_told_from_the_customers() {
        let sources = [
            source(SourceKind::Contact, "Dana Kim", "", "E-mail: dana@them.test"),
            source(SourceKind::Note, "Note", "Tom Weber", "x"),
            source(SourceKind::Email, "Hi", "Tom Weber <tom@us.test>", "x"),
            source(SourceKind::Email, "Hi", "Eva Lux <eva@us.test>", "x"),
            source(SourceKind::Email, "Hi", "Dana Kim <dana@them.test>", "x"),
        ];
        let parties = Parties::new(&sources);
        let sides: Vec<Side> = sources[2..].iter().map(|source| parties.side(source, None)).collect();
        assert_eq!(sides, [Side::Ours, Side::Ours, Side::Theirs]);
        assert_eq!(parties.side(&sources[1], Some("Dana Kim")), Side::Theirs);
        assert_eq!(parties.side(&sources[1], Some("Tom")), Side::Ours);
        assert!(parties.names_contact(" ask dana first "));
    }

    #[test]
    fn other_vendors_are_known_by_where_they_stand() {
        let texts = ["They are also looking at PactRidge.", "We use SharePoint and FleetBase."];
        let named = Parties::default().rivals(texts.iter().map(|text| (*text, Concepts::of(text))));
        assert_eq!(named, BTreeSet::from([" pactridge ".to_owned()]));
    }
}
