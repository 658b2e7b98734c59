//! The looks: colours, type and the few rules that mail programs honour.
//!
//! Everything that matters is inline, for programs that drop style sheets. The sheet only adds dark colours and the
//! narrow screen. No image, no font and no rule comes from elsewhere, so nothing tells a stranger that a mail was read.

use std::fmt::Write as _;

const FONT: &str =
    "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

/// One look: its class, its inline style, and its colours in the dark.
pub(crate) struct Look {
    pub(crate) class: &'static str,
    inline: &'static str,
    dark: &'static str,
    has_font: bool,
}

impl Look {
    /// The value of a `style` attribute.
    pub(crate) fn style(&self) -> String {
        if self.has_font { format!("{FONT};{}", self.inline) } else { self.inline.to_owned() }
    }
}

macro_rules! looks {
    ($($name:ident = $class:literal, $font:literal, $inline:literal, $dark:literal;)*) => {
        $(pub(crate) const $name: Look =
            Look { class: $class, inline: $inline, dark: $dark, has_font: $font };)*
        const ALL: &[&Look] = &[$(&$name),*];
    };
}

looks! {
    PAGE = "pg", false, "margin:0;padding:0;background:#f3f1ec", "background:#14171a";
    CARD = "cd", false, "background:#ffffff;border:1px solid #e4e0d7;border-radius:12px;padding:36px 40px 28px",
        "background:#1d2125;border-color:#30363c";
    BRAND = "br", true, "font-size:14px;line-height:20px;font-weight:600;letter-spacing:.2px;color:#0f5c57;padding:0 4px 12px", "color:#7fd0c5";
    TITLE = "h1", true, "margin:0 0 18px;font-size:25px;line-height:32px;font-weight:600;color:#1d2a2a;letter-spacing:-.2px",
        "color:#f2efe8";
    HEADING = "h2", true, "margin:34px 0 12px;font-size:18px;line-height:25px;font-weight:600;color:#1d2a2a", "color:#f2efe8";
    TEXT = "tx", true, "margin:0 0 16px;font-size:16px;line-height:25px;color:#2f3838", "color:#dcd9d2";
    FINE = "fn", true, "margin:0 0 12px;font-size:14px;line-height:21px;color:#5f665f", "color:#a8ada6";
    ADDRESS = "ad", true, "margin:0 0 20px;font-size:12px;line-height:18px;color:#5f665f;word-break:break-all", "color:#a8ada6";
    LINK = "ln", false, "color:#0f5c57;text-decoration:underline", "color:#7fd0c5";
    BUTTON = "bt", false, "border-radius:8px;background:#0f5c57;mso-padding-alt:14px 30px", "background:#7fd0c5";
    BUTTON_LABEL = "bl", true,
        "display:inline-block;padding:14px 30px;font-size:16px;line-height:22px;font-weight:600;color:#ffffff;text-decoration:none",
        "color:#0b211f";
    FACT_NAME = "fk", true, "padding:7px 18px 7px 0;font-size:14px;line-height:21px;color:#5f665f;vertical-align:top;width:112px;border-bottom:1px solid #eeebe4",
        "color:#a8ada6;border-color:#2b3136";
    FACT = "fv", true, "padding:7px 0;font-size:15px;line-height:21px;color:#1d2a2a;vertical-align:top;border-bottom:1px solid #eeebe4;word-break:break-word",
        "color:#f2efe8;border-color:#2b3136";
    NOTE = "nt", true, "padding:18px 20px;background:#fbf5e4;border-left:4px solid #d9a826;border-radius:4px;font-size:16px;line-height:25px;color:#2f2a1c;word-break:break-word",
        "background:#2d281a;border-color:#c99a26;color:#efe8d6";
    NOTE_TITLE = "no", true, "margin:0 0 6px;font-size:14px;line-height:20px;font-weight:600;color:#7a5b08", "color:#e3bb55";
    POINT = "pt", true, "margin:0 0 10px;font-size:16px;line-height:24px;color:#2f3838;word-break:break-word", "color:#dcd9d2";
    REMARK = "rm", true, "font-size:14px;line-height:21px;color:#5f665f", "color:#a8ada6";
    QUESTION = "qu", true, "margin:26px 0 6px;font-size:16px;line-height:23px;font-weight:600;color:#1d2a2a", "color:#f2efe8";
    ANSWER = "an", true, "margin:0 0 6px;font-size:16px;line-height:25px;color:#2f3838;word-break:break-word", "color:#dcd9d2";
    QUOTE = "qt", true, "margin:8px 0 0;padding:2px 0 2px 14px;border-left:3px solid #cfd8d3;font-size:14px;line-height:21px;color:#4a524d;word-break:break-word",
        "border-color:#3c4a47;color:#bcc3bd";
    FOOTER = "ft", true, "padding:18px 4px 0;font-size:13px;line-height:20px;color:#6b6659", "color:#a19c90";
}

/// The style sheet: dark colours, for programs that ask for them and for Outlook's apps that mark them, and less
/// padding on narrow screens.
pub(crate) fn sheet() -> String {
    let (mut dark, mut outlook) = (String::new(), String::new());
    for look in ALL {
        let important = look.dark.replace(';', "!important;");
        // Writing to a String cannot fail.
        let _ = write!(dark, ".{}{{{important}!important}}", look.class);
        let _ = write!(outlook, "[data-ogsc] .{0},[data-ogsb] .{0}{{{important}!important}}", look.class);
    }
    format!(
        ":root{{color-scheme:light dark;supported-color-schemes:light dark}}\
         body{{-webkit-text-size-adjust:100%}}\
         @media (max-width:480px){{.cd{{padding:26px 20px 18px!important}}.fk{{width:84px!important;padding-right:12px!important}}.h1{{font-size:23px!important;line-height:30px!important}}}}\
         @media (prefers-color-scheme:dark){{{dark}}}{outlook}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_is_used_for_one_look() {
        let classes: std::collections::BTreeSet<_> = ALL.iter().map(|look| look.class).collect();
        assert_eq!(classes.len(), ALL.len());
    }
}
