//! From the typed fields to an endpoint, and what of it changed.

use super::super::Errors;
use crate::app::Deps;
use handoff_domain::audit::FieldChange;
use handoff_domain::fact::Fact;
use handoff_domain::id::{EndpointId, OrganizationId};
use handoff_domain::integration::{Endpoint, Integrations, SEALED_FOR_ENDPOINT};
use handoff_web::Markup;
use handoff_web::components::error_summary;
use handoff_web::form::Form;
use std::collections::BTreeSet;

const NAME_MAX_CHARS: usize = 60;

/// The fields as text: as they are stored, or as somebody typed them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) revision: String,
    pub(super) name: String,
    /// Only what somebody just typed: what is stored is never shown.
    pub(super) url: String,
    pub(super) facts: BTreeSet<String>,
}

/// All errors with links to their fields.
pub(super) fn summary(errors: &Errors) -> Markup {
    let labels = [("name", "Name"), ("url", "Address"), ("fact", "What it is told")];
    let labels = labels.map(|(name, label)| (name.to_owned(), (name.to_owned(), label.to_owned())));
    error_summary(errors, &labels.into())
}

impl Typed {
    /// A new endpoint, which is told everything.
    pub(super) fn empty(integrations: &Integrations) -> Self {
        Self {
            revision: integrations.revision.to_string(),
            name: String::new(),
            url: String::new(),
            facts: Fact::ALL.iter().map(|fact| fact.as_str().to_owned()).collect(),
        }
    }

    /// What is stored.
    pub(super) fn of(endpoint: &Endpoint, integrations: &Integrations) -> Self {
        Self {
            name: endpoint.name.clone(),
            facts: endpoint.facts.iter().map(|fact| fact.as_str().to_owned()).collect(),
            ..Self::empty(integrations)
        }
    }

    /// What somebody typed.
    pub(super) fn read(form: &Form) -> Self {
        let text = |name| form.last(name).unwrap_or_default().trim().to_owned();
        let facts = form.pairs().filter(|(name, _)| *name == "fact").map(|(_, value)| value.to_owned());
        Self { revision: text("revision"), name: text("name"), url: text("url"), facts: facts.collect() }
    }

    /// The endpoint with these fields, or what is wrong with each.
    pub(super) fn check(
        &self,
        deps: &Deps,
        organization: &OrganizationId,
        id: &EndpointId,
        known: Option<&Endpoint>,
    ) -> Result<Endpoint, Errors> {
        let mut errors = Errors::new();
        let mut wrong = |field: &str, remedy: &str| drop(errors.insert(field.to_owned(), remedy.to_owned()));
        if !(1..=NAME_MAX_CHARS).contains(&self.name.chars().count()) {
            wrong("name", "Give a name of 1 to 60 characters.");
        }
        let facts: BTreeSet<Fact> = self.facts.iter().filter_map(|fact| Fact::parse(fact)).collect();
        if facts.is_empty() {
            wrong("fact", "Tick at least one. To stop all messages for a while, pause the endpoint.");
        }
        let address = match (self.url.as_str(), known) {
            ("", Some(known)) => Some((known.host.clone(), known.url.clone())),
            (url, _) => match deps.poster.check(url) {
                Ok(host) => {
                    let nonce = rand::random();
                    Some((host, deps.link_keys.seal(organization, SEALED_FOR_ENDPOINT, url, nonce)))
                }
                Err(_) => {
                    wrong(
                        "url",
                        "Give an address that begins with https:// and leads to the public internet: no port, no number for a host, no password.",
                    );
                    None
                }
            },
        };
        match address.filter(|_| errors.is_empty()) {
            Some((host, url)) => Ok(Endpoint {
                id: id.clone(),
                name: self.name.clone(),
                host,
                url,
                facts,
                generation: known.map_or(1, |known| known.generation),
                rotated_at: known.and_then(|known| known.rotated_at),
                paused_at: known.and_then(|known| known.paused_at),
            }),
            None => Err(errors),
        }
    }
}

/// What tells one from the other, field by field, without the address, which may be a secret.
pub(super) fn changes(
    before: Option<&Endpoint>,
    after: Option<&Endpoint>,
    has_new_address: bool,
) -> Vec<FieldChange> {
    let text = |one: Option<&Endpoint>, of: fn(&Endpoint) -> String| one.map(of).unwrap_or_default();
    let facts = |one: &Endpoint| one.facts.iter().map(|fact| fact.label()).collect::<Vec<_>>().join(", ");
    let paused = |one: &Endpoint| if one.paused_at.is_some() { "yes" } else { "" }.to_owned();
    let address = if has_new_address && before.is_some() { "a new one" } else { "" };
    let fields = [
        FieldChange::of("Name", text(before, |one| one.name.clone()), text(after, |one| one.name.clone())),
        FieldChange::of("Host", text(before, |one| one.host.clone()), text(after, |one| one.host.clone())),
        FieldChange::of("Address", "", address),
        FieldChange::of("Is told", text(before, facts), text(after, facts)),
        FieldChange::of("Paused", text(before, paused), text(after, paused)),
    ];
    fields.into_iter().flatten().collect()
}
