//! The organization's logo: what is told of it everywhere, and the image itself.

use crate::id::{LogoId, OrganizationId};
use serde::{Deserialize, Serialize};

/// Formats that every mail program draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImageFormat {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// GIF.
    Gif,
}

impl ImageFormat {
    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
        }
    }
}

/// A logo without its image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logo {
    /// Follows from the image: another image has another id, so that it may be kept by browsers for ever.
    pub id: LogoId,
    /// How it is encoded.
    pub format: ImageFormat,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

impl Logo {
    /// The path of the image on our own origin.
    pub fn path(&self, organization: &OrganizationId) -> String {
        format!("/logos/{organization}/{}", self.id)
    }
}

/// A logo as it was sent in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoImage {
    /// What is told of it.
    pub logo: Logo,
    /// The file.
    pub bytes: Vec<u8>,
}
