//! The stylesheet, the scripts and the icon: inside the program, under names that change with their content.

use axum::Router;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::{StatusCode, header};
use ring::digest;
use std::sync::LazyLock;

/// One file that browsers may keep for ever.
#[derive(Debug)]
pub struct Asset {
    name: String,
    content_type: &'static str,
    body: &'static str,
}

impl Asset {
    fn new(stem: &str, extension: &str, content_type: &'static str, body: &'static str) -> Self {
        let hash = digest::digest(&digest::SHA256, body.as_bytes());
        let hash = data_encoding::HEXLOWER.encode(&hash.as_ref()[..8]);
        Self { name: format!("{stem}.{hash}.{extension}"), content_type, body }
    }

    /// Its path on our own origin.
    pub fn url(&self) -> String {
        format!("/assets/{}", self.name)
    }
}

static STYLESHEET: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("handoff", "css", "text/css; charset=utf-8", include_str!("../assets/handoff.css"))
});
static FORM_SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("form", "js", "text/javascript; charset=utf-8", include_str!("../assets/form.js"))
});
static CONSOLE_SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("console", "js", "text/javascript; charset=utf-8", include_str!("../assets/console.js"))
});
static HTMX: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("htmx", "js", "text/javascript; charset=utf-8", include_str!("../assets/vendor/htmx.min.js"))
});
static SORTABLE: LazyLock<Asset> = LazyLock::new(|| {
    let script = include_str!("../assets/vendor/sortable.min.js");
    Asset::new("sortable", "js", "text/javascript; charset=utf-8", script)
});
static ICON: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("icon", "svg", "image/svg+xml; charset=utf-8", include_str!("../assets/icon.svg"))
});

/// The one stylesheet of all pages.
pub fn stylesheet() -> &'static Asset {
    &STYLESHEET
}

/// The script of the AE's form.
pub fn form_script() -> &'static Asset {
    &FORM_SCRIPT
}

/// What makes signed-in pages quicker.
pub fn console_script() -> &'static Asset {
    &CONSOLE_SCRIPT
}

/// htmx: forms that answer in place; see [`crate::inline`].
pub fn htmx() -> &'static Asset {
    &HTMX
}

/// Sortable: lists that are put in order by drag, marked with `data-sortable`.
pub fn sortable() -> &'static Asset {
    &SORTABLE
}

/// The icon of all pages.
pub fn icon() -> &'static Asset {
    &ICON
}

/// `GET /assets/{name}`: 200 and immutable, or 404.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{name}", get(serve))
}

async fn serve(Path(name): Path<String>) -> Response {
    let all = [stylesheet(), form_script(), console_script(), htmx(), sortable(), icon()];
    let Some(asset) = all.into_iter().find(|asset| asset.name == name) else {
        return crate::error_page::ErrorPage::new(StatusCode::NOT_FOUND).respond(false);
    };
    let headers = [
        (header::CONTENT_TYPE, asset.content_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'"),
    ];
    (headers, asset.body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_carry_the_hash_of_the_content() {
        let one = Asset::new("a", "css", "text/css", "x");
        assert_ne!(one.url(), Asset::new("a", "css", "text/css", "y").url());
        assert_eq!(one.url(), Asset::new("a", "css", "text/css", "x").url());
        assert_eq!(one.url().len(), "/assets/a..css".len() + 16);
    }
}
