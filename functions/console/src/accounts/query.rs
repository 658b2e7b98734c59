//! What the address of a list asks for.

use handoff_domain::Timestamp;
use handoff_domain::handoff::HandoffState;
use handoff_domain::id::MemberId;
use handoff_domain::listing::{Filter, Standing, fold};
use handoff_domain::roster::{Member, Role, Roster};
use handoff_store::Cursor;
use jiff::SignedDuration;

/// Longest text that is searched for, in characters; the folded names in the table end there.
const TEXT_MAX_CHARS: usize = 80;

/// The states in the order of the choice, as addresses and people spell them.
pub(super) const STANDINGS: [(&str, &str, Standing); 6] = [
    ("attention", "Needs attention", Standing::Attention),
    ("drafting", "Being drafted", Standing::State(HandoffState::Drafting)),
    ("awaiting_ae", "With the AE", Standing::State(HandoffState::AwaitingAe)),
    ("submitted", "Handed over", Standing::State(HandoffState::Submitted)),
    ("expired", "Expired", Standing::State(HandoffState::Expired)),
    ("skipped", "Skipped", Standing::State(HandoffState::Skipped)),
];

/// The ages in the order of the choice: name, words, days; younger than that, or older.
pub(super) const AGES: [(&str, &str, i64, bool); 4] = [
    ("7d", "Last 7 days", 7, true),
    ("30d", "Last 30 days", 30, true),
    ("90d", "Last 90 days", 90, true),
    ("older", "Older than 90 days", 90, false),
];

/// The fields of the search, as they were sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Query {
    pub(super) q: String,
    pub(super) state: String,
    pub(super) csm: String,
    pub(super) ae: String,
    pub(super) age: String,
    pub(super) scope: String,
    pub(super) after: String,
}

impl Query {
    pub(super) fn parse(raw: &str) -> Self {
        let mut query = Self::default();
        for (name, value) in form_urlencoded::parse(raw.as_bytes()) {
            let field = match &*name {
                "q" => &mut query.q,
                "state" => &mut query.state,
                "csm" => &mut query.csm,
                "ae" => &mut query.ae,
                "age" => &mut query.age,
                "scope" => &mut query.scope,
                "after" => &mut query.after,
                _ => continue,
            };
            *field = value.chars().take(TEXT_MAX_CHARS * 4).collect();
        }
        query
    }

    /// Whether only one's own accounts are listed: what a CSM sees first, unless they ask for all or search.
    pub(super) fn is_mine(&self, member: &Member) -> bool {
        let asks = self.scope == "mine" || self.scope.is_empty() && self.csm.is_empty();
        member.has(Role::Csm) && asks
    }

    /// Whether anything narrows the list.
    pub(super) fn is_narrowed(&self) -> bool {
        [&self.q, &self.state, &self.csm, &self.ae, &self.age].iter().any(|field| !field.trim().is_empty())
    }

    pub(super) fn filter(&self, member: &Member, roster: &Roster, now: Timestamp) -> Filter {
        let text = fold(&self.q);
        let named = roster.csms().filter(|csm| !text.is_empty() && is_named(csm, &text));
        let csms_named: Vec<MemberId> = named.map(|csm| csm.id.clone()).collect();
        let age = AGES.iter().find(|(name, ..)| *name == self.age);
        let days = |days: i64| now.checked_sub(SignedDuration::from_hours(24 * days)).ok();
        let csm = if self.is_mine(member) {
            Some(member.id.clone())
        } else {
            MemberId::parse(self.csm.as_str()).ok()
        };
        Filter {
            csms_named,
            standing: STANDINGS.iter().find(|(name, ..)| *name == self.state).map(|(.., standing)| *standing),
            csm,
            ae: fold(&self.ae),
            made_from: age.filter(|(.., young)| *young).and_then(|(_, _, count, _)| days(*count)),
            made_before: age.filter(|(.., young)| !young).and_then(|(_, _, count, _)| days(*count)),
            text,
        }
    }

    pub(super) fn cursor(&self) -> Option<Cursor> {
        Cursor::parse(&self.after)
    }

    /// The address of this list from a place on.
    pub(super) fn address(&self, after: &str) -> String {
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        let fields = [
            ("q", &self.q),
            ("state", &self.state),
            ("csm", &self.csm),
            ("ae", &self.ae),
            ("age", &self.age),
            ("scope", &self.scope),
        ];
        for (name, value) in fields.into_iter().filter(|(_, value)| !value.is_empty()) {
            pairs.append_pair(name, value);
        }
        if !after.is_empty() {
            pairs.append_pair("after", after);
        }
        match pairs.finish() {
            query if query.is_empty() => "/accounts".to_owned(),
            query => format!("/accounts?{query}"),
        }
    }
}

/// Whether the person's name, or a later word of it, begins so.
fn is_named(member: &Member, text: &str) -> bool {
    let name = fold(&member.name);
    name.starts_with(text) || name.split(' ').any(|word| word.starts_with(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use handoff_testing::fixtures::{now, roster};

    #[test]
    fn a_csm_sees_their_own_first_and_an_admin_sees_all() {
        let roster = roster();
        let (cora, admin) = (&roster.members[0], &roster.members[2]);
        let any = Query::default();
        assert_eq!(any.filter(cora, &roster, now()).csm.as_ref(), Some(&cora.id));
        assert_eq!(any.filter(admin, &roster, now()), Filter::default());
        let all = Query::parse("scope=all");
        assert_eq!(all.filter(cora, &roster, now()), Filter::default());
        let sam = Query::parse("csm=sam");
        assert_eq!(sam.filter(cora, &roster, now()).csm, MemberId::parse("sam").ok());
    }

    #[test]
    fn every_field_narrows_and_nonsense_does_not() {
        let roster = roster();
        let admin = &roster.members[2];
        let query = Query::parse("q=%C3%89lan&state=awaiting_ae&ae=Ana&age=7d&csm=sam&x=1");
        let filter = query.filter(admin, &roster, now());
        assert_eq!((filter.text.as_str(), filter.ae.as_str()), ("elan", "ana"));
        assert!(filter.standing.is_some() && filter.made_from.is_some() && filter.made_before.is_none());
        assert_eq!(query.address(""), "/accounts?q=%C3%89lan&state=awaiting_ae&csm=sam&ae=Ana&age=7d");
        let nonsense = Query::parse("state=x&age=y&csm=%00&after=z");
        assert_eq!(nonsense.filter(admin, &roster, now()), Filter::default());
        assert_eq!(nonsense.cursor(), None);
    }

    #[test]
    fn a_csm_is_found_by_any_of_their_names() {
        let roster = roster();
        for text in ["cora", "LIND", "Cora L"] {
            let query = Query { q: text.to_owned(), ..Query::default() };
            let filter = query.filter(&roster.members[2], &roster, now());
            assert_eq!(filter.csms_named, [roster.members[0].id.clone()], "{text}");
        }
    }
}
