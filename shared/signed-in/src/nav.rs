//! The navigation: the same on every signed-in page, whichever function shows it.

use crate::Who;
use handoff_domain::roster::Member;
use handoff_web::shell::NavItem;

/// The places in their order, each with who may go there; the functions' tables of routes agree, as their tests check.
pub const NAV: [(NavItem, Who); 5] = [
    (NavItem { href: "/accounts", label: "Accounts" }, Who::Member),
    (NavItem { href: "/handoffs", label: "Handoffs" }, Who::Admin),
    (NavItem { href: "/analytics", label: "Analytics" }, Who::Member),
    (NavItem { href: "/settings", label: "Settings" }, Who::Admin),
    (NavItem { href: "/help", label: "Help" }, Who::Member),
];

/// Where this person can go.
pub fn nav(member: &Member) -> Vec<NavItem> {
    NAV.into_iter().filter(|(_, who)| who.admits(member)).map(|(item, _)| item).collect()
}
