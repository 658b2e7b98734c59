//! The templates of an organization: which one is chosen, and how they change.

use super::Template;
use crate::account::Account;
use crate::id::TemplateId;
use crate::limits::TEMPLATES_MAX;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// All templates in their order, each in the version that new accounts get.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Templates {
    /// Raised by each write, so that two people who edit notice each other.
    #[serde(default)]
    pub revision: u64,
    /// The one for accounts that no rule holds for; never archived.
    pub default: TemplateId,
    /// No longer chosen and not offered.
    #[serde(default)]
    pub archived: BTreeSet<TemplateId>,
    /// In order: of two rules that hold and ask for as much, the earlier one counts.
    pub all: Vec<Template>,
}

/// Why the templates cannot be changed so. The text says so to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TemplateRefusal {
    /// The template is not there.
    #[error("There is no such template.")]
    Unknown,
    /// Another version was published, or another change made, since the page was shown.
    #[error("Somebody changed this in the meantime.")]
    Stale,
    /// The template for all other accounts must stay.
    #[error("This template is for all accounts that no rule holds for. Choose another one for them first.")]
    IsDefault,
    /// An archived template cannot be for all other accounts.
    #[error("This template is archived. Bring it back first.")]
    IsArchived,
    /// There are too many.
    #[error("There are {TEMPLATES_MAX} templates already. Edit one of them instead.")]
    TooMany,
}

impl Templates {
    /// The templates of an organization that begins with this one.
    pub fn of(first: Template) -> Self {
        Self { revision: 0, default: first.id.clone(), archived: BTreeSet::new(), all: vec![first] }
    }

    /// The template with this id.
    pub fn find(&self, id: &TemplateId) -> Option<&Template> {
        self.all.iter().find(|template| &template.id == id)
    }

    /// Those that accounts can get, in order.
    pub fn in_use(&self) -> impl Iterator<Item = &Template> {
        self.all.iter().filter(|template| !self.archived.contains(&template.id))
    }

    /// The template for an account: of the rules that hold, the one that asks for most, and of those the first; else the
    /// default. `None` only where there is no template at all.
    pub fn choose(&self, account: &Account) -> Option<&Template> {
        let holds = self.in_use().filter(|template| template.rule.holds(account));
        // The last of several greatest ones would win: turned round, the first does.
        let holds: Vec<&Template> = holds.collect();
        let chosen = holds.into_iter().rev().max_by_key(|template| template.rule.parts());
        chosen.or_else(|| self.find(&self.default)).or_else(|| self.all.first())
    }

    /// With the next version of a template, or a new one in its first, and the version that it takes the place of.
    pub fn publish(&self, next: Template) -> Result<(Self, Option<Template>), TemplateRefusal> {
        let mut after = self.changed();
        let place = after.all.iter().position(|template| template.id == next.id);
        let Some(template) = place.and_then(|place| after.all.get_mut(place)) else {
            return match next.version {
                1 if after.all.len() >= TEMPLATES_MAX => Err(TemplateRefusal::TooMany),
                1 => {
                    after.all.push(next);
                    Ok((after, None))
                }
                _ => Err(TemplateRefusal::Unknown),
            };
        };
        if next.version != template.version + 1 {
            return Err(TemplateRefusal::Stale);
        }
        let before = std::mem::replace(template, next);
        Ok((after, Some(before)))
    }

    /// With this template archived: plans that came from it stay as they are.
    pub fn archive(&self, id: &TemplateId) -> Result<Self, TemplateRefusal> {
        self.find(id).ok_or(TemplateRefusal::Unknown)?;
        if &self.default == id {
            return Err(TemplateRefusal::IsDefault);
        }
        let mut after = self.changed();
        after.archived.insert(id.clone());
        Ok(after)
    }

    /// With this template offered again.
    pub fn restore(&self, id: &TemplateId) -> Result<Self, TemplateRefusal> {
        self.find(id).ok_or(TemplateRefusal::Unknown)?;
        let mut after = self.changed();
        after.archived.remove(id);
        Ok(after)
    }

    /// With this template for all accounts that no rule holds for.
    pub fn make_default(&self, id: &TemplateId) -> Result<Self, TemplateRefusal> {
        self.find(id).ok_or(TemplateRefusal::Unknown)?;
        if self.archived.contains(id) {
            return Err(TemplateRefusal::IsArchived);
        }
        let mut after = self.changed();
        after.default = id.clone();
        Ok(after)
    }

    /// With this template one place earlier among those in use; the first stays where it is.
    pub fn earlier(&self, id: &TemplateId) -> Result<Self, TemplateRefusal> {
        let place =
            self.all.iter().position(|template| &template.id == id).ok_or(TemplateRefusal::Unknown)?;
        let mut after = self.changed();
        let is_offered = |template: &Template| !self.archived.contains(&template.id);
        if let Some(other) = self.all.iter().take(place).rposition(is_offered) {
            after.all.swap(place, other);
        }
        Ok(after)
    }

    fn changed(&self) -> Self {
        Self { revision: self.revision + 1, ..self.clone() }
    }
}
