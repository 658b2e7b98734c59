//! The customer in facts and figures.

use handoff_domain::account::{Account, Contact, Money};
use handoff_web::components::facts;
use handoff_web::{Markup, html, text};

/// The card of the customer; says "not in HubSpot" where a figure is missing that everyone expects.
pub fn customer(account: &Account) -> Markup {
    let missing = || html! { span.muted { "Not in the CRM" } };
    let mut rows = vec![
        ("ARR", account.arr.as_ref().map_or_else(missing, |arr| html! { (Money::to_plain_text(arr)) })),
        ("Closed", account.close_date.map_or_else(missing, |date| html! { (text::day(date)) })),
    ];
    for (label, value) in [("Industry", readable(&account.industry)), ("Employees", account.size.clone())] {
        if !value.trim().is_empty() {
            rows.push((label, html! { (value) }));
        }
    }
    if !account.website.trim().is_empty() {
        rows.push(("Website", text::website(&account.website)));
    }
    html! {
        section.card aria-labelledby="customer" {
            div.card__title {
                h2 #customer { "The customer" }
                @if !account.deal_name.is_empty() && account.deal_name != account.company {
                    p.muted.small { (account.deal_name) }
                }
            }
            (facts(&rows))
            (contacts(&account.contacts))
        }
    }
}

/// People at the customer, folded when they are many.
fn contacts(contacts: &[Contact]) -> Markup {
    html! {
        @match contacts.len() {
            0 => p.muted.small { "No contacts are linked to the deal." },
            1..=2 => (people(contacts)),
            more => details { summary { (more) " contacts" } (people(contacts)) },
        }
    }
}

fn people(contacts: &[Contact]) -> Markup {
    html! {
        ul.people {
            @for contact in contacts {
                li {
                    b { @if contact.name.is_empty() { "Name not in the CRM" } @else { (contact.name) } }
                    @for line in [&contact.title, &contact.email, &contact.phone] {
                        @if !line.is_empty() { span { (line) } }
                    }
                }
            }
        }
    }
}

/// HubSpot's own constants, `HOSPITAL_HEALTH_CARE`, as words; anything else as it stands.
pub fn readable(industry: &str) -> String {
    let constant = industry.contains(|c: char| c.is_ascii_uppercase())
        && industry.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    if !constant || industry.len() < 5 {
        return industry.to_owned();
    }
    let words = industry.replace('_', " ").to_lowercase();
    let mut letters = words.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().collect::<String>() + letters.as_str())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_become_words_and_words_stay() {
        assert_eq!(readable("HOSPITAL_HEALTH_CARE"), "Hospital health care");
        assert_eq!(readable("SaaS for banks"), "SaaS for banks");
        assert_eq!(readable("IT"), "IT");
    }
}
