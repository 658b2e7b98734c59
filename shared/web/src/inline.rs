//! Forms that answer in place where a script runs, and are plain forms where none does. An attribute of the form says
//! what of the answer takes the place of what: `form hx-boost=(inline::PAGE) method="post" …`.

/// The whole of `<main>`, with everything that a person has open or typed elsewhere left as it is. For posts whose
/// answer, after its redirect, is the page that they stand on.
pub const PAGE: &str = "target:#main select:#main swap:outerMorph push:false";

/// The element `#results`. For forms that narrow a list; with `hx-replace-url="true"`, so that the list can be linked to.
pub const RESULTS: &str = "target:#results select:#results swap:outerMorph";

/// When a form that narrows a list is sent: while somebody types, after a pause.
pub const WHILE_TYPING: &str = "input delay:300ms, change, submit";

/// What the library is told on every signed-in page: no styles of its own, which our policy would refuse, and no use of
/// its history, which would keep pages that are to be kept nowhere.
pub(crate) const CONFIG: &str = r#"{"includeIndicatorCSS":false,"history":"reload"}"#;
