//! When a template is chosen by itself.

use crate::account::{Account, Money};
use crate::pattern::{SizeBand, industry_key};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What an account must be like; every part that says something must hold. A rule that says nothing is for no account: its
/// template is chosen by hand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// How large the customer is; empty for any size.
    #[serde(default)]
    pub sizes: BTreeSet<SizeBand>,
    /// The least ARR, in whole units of whatever currency the CRM holds.
    #[serde(default)]
    pub arr_from: Option<u64>,
    /// The largest ARR, itself included.
    #[serde(default)]
    pub arr_to: Option<u64>,
    /// Industries as people wrote them; empty for any.
    #[serde(default)]
    pub industries: Vec<String>,
}

impl Rule {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.parts() == 0
    }

    /// How much it asks for: of two that hold, the one with more parts counts.
    pub fn parts(&self) -> usize {
        let has_arr = self.arr_from.is_some() || self.arr_to.is_some();
        usize::from(!self.sizes.is_empty()) + usize::from(has_arr) + usize::from(!self.industries.is_empty())
    }

    /// Whether it says something and all of it holds for this account. What is not known of the account holds for nothing.
    pub fn holds(&self, account: &Account) -> bool {
        !self.is_empty()
            && self.size_holds(account)
            && self.arr_holds(account)
            && self.industry_holds(account)
    }

    fn size_holds(&self, account: &Account) -> bool {
        self.sizes.is_empty() || SizeBand::of(&account.size).is_some_and(|size| self.sizes.contains(&size))
    }

    fn arr_holds(&self, account: &Account) -> bool {
        if self.arr_from.is_none() && self.arr_to.is_none() {
            return true;
        }
        let arr = account.arr.as_ref().and_then(whole);
        arr.is_some_and(|(whole, has_rest)| {
            let fits = |most: u64| if has_rest { whole < most } else { whole <= most };
            self.arr_from.is_none_or(|least| whole >= least) && self.arr_to.is_none_or(fits)
        })
    }

    fn industry_holds(&self, account: &Account) -> bool {
        if self.industries.is_empty() {
            return true;
        }
        let known = industry_key(&account.industry);
        known.is_some() && self.industries.iter().any(|one| industry_key(one) == known)
    }
}

/// The whole units, and whether cents follow.
fn whole(money: &Money) -> Option<(u64, bool)> {
    let (whole, rest) = money.amount.split_once('.').unwrap_or((&money.amount, ""));
    Some((whole.trim().parse().ok()?, rest.bytes().any(|digit| digit != b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(size: &str, arr: &str, industry: &str) -> Account {
        let money = Money { amount: arr.to_owned(), currency: "USD".to_owned() };
        Account {
            size: size.to_owned(),
            arr: (!arr.is_empty()).then_some(money),
            industry: industry.to_owned(),
            ..crate::plan::tests::account()
        }
    }

    #[test]
    fn a_rule_that_says_nothing_is_for_nobody() {
        assert!(!Rule::default().holds(&account("12", "1000", "Banking")));
    }

    #[test]
    fn every_part_that_says_something_must_hold() {
        let rule = Rule {
            sizes: BTreeSet::from([SizeBand::To50, SizeBand::To200]),
            arr_from: Some(10_000),
            arr_to: Some(50_000),
            industries: vec!["Software".to_owned(), "Bank".to_owned()],
        };
        assert_eq!(rule.parts(), 3);
        assert!(rule.holds(&account("51-200", "10000", "COMPUTER_SOFTWARE")));
        assert!(rule.holds(&account("40", "50000.00", "Banks")));
        for (size, arr, industry) in [
            ("5", "20000", "Banks"),
            ("", "20000", "Banks"),
            ("40", "9999.99", "Banks"),
            ("40", "50000.01", "Banks"),
            ("40", "-20000", "Banks"),
            ("40", "", "Banks"),
            ("40", "20000", "Retail"),
            ("40", "20000", ""),
        ] {
            assert!(!rule.holds(&account(size, arr, industry)), "{size} {arr} {industry}");
        }
    }
}
