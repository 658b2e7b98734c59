//! Whose mails these are: the name before the address, and the sign over the words.

use handoff_domain::logo::Logo;
use handoff_domain::organization::Organization;

/// Height of a logo in mails, in pixels of the screen.
pub(crate) const LOGO_HEIGHT: u32 = 32;

/// Widest that a logo gets, in pixels of the screen.
const LOGO_MAX_WIDTH: u32 = 240;

/// What an organization's mails carry. The default is the product's own look.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Brand {
    /// Before the address that mails come from; empty for the deployment's own.
    pub sender: String,
    /// The sign over the words; `None` for the product's name.
    pub sign: Option<Sign>,
}

/// A logo as mails show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign {
    /// Where the image is.
    pub url: String,
    /// Whose it is, for those who do not see it.
    pub name: String,
    /// As it is drawn, in pixels of the screen.
    pub width: u32,
    /// As it is drawn.
    pub height: u32,
}

impl Brand {
    /// What this organization chose. `base_url` is the public origin.
    pub fn of(organization: &Organization, base_url: &str) -> Self {
        let sign = organization.logo.as_ref().map(|logo| Sign {
            url: format!("{}{}", base_url.trim_end_matches('/'), logo.path(&organization.id)),
            name: organization.name.clone(),
            width: width(logo),
            height: LOGO_HEIGHT.min(logo.height.max(1)),
        });
        Self { sender: organization.sender.clone(), sign }
    }
}

/// In the image's own proportion; no image is drawn larger than it is.
fn width(logo: &Logo) -> u32 {
    let height = LOGO_HEIGHT.min(logo.height.max(1));
    let width = u64::from(logo.width) * u64::from(height) / u64::from(logo.height.max(1));
    u32::try_from(width).unwrap_or(LOGO_MAX_WIDTH).clamp(1, LOGO_MAX_WIDTH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use handoff_domain::id::LogoId;
    use handoff_domain::logo::ImageFormat;

    #[test]
    fn a_logo_keeps_its_proportion_and_its_bounds() {
        let drawn = |width_px, height_px| {
            let id = LogoId::parse("a").unwrap();
            width(&Logo { id, format: ImageFormat::Png, width: width_px, height: height_px })
        };
        assert_eq!(
            [drawn(400, 200), drawn(64, 16), drawn(9000, 10), drawn(1, 4000), drawn(0, 0)],
            [64, 64, 240, 1, 1]
        );
    }
}
