//! What Sales promised, with its words.

use crate::Reading;
use crate::evidence::{near_words, place};
use handoff_domain::finding::Promise;
use handoff_web::{Markup, html, text};

/// Who promised, when, and where it stands.
pub fn said(reading: &Reading<'_>, promise: &Promise) -> Markup {
    html! {
        p.promise__who {
            @match (&promise.by, promise.date) {
                (Some(by), Some(date)) => { (by) ", " time datetime=(date.to_string()) { (text::day_at(date, &reading.zone)) } }
                (Some(by), None) => (by),
                (None, Some(date)) => time datetime=(date.to_string()) { (text::day_at(date, &reading.zone)) },
                (None, None) => "Who said it is not recorded",
            }
        }
        div.promise__said {
            @for citation in &promise.citations {
                (near_words(citation)) (place(reading.drafts, citation, reading.path))
            }
        }
    }
}
