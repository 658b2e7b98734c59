//! An image that was sent in as the organization's logo.

use handoff_domain::id::LogoId;
use handoff_domain::limits::LOGO_MAX_BYTES;
use handoff_domain::logo::{ImageFormat, Logo, LogoImage};
use imagesize::ImageType;
use ring::digest::{SHA256, digest};

/// Largest side in pixels.
const SIDE_MAX: usize = 2000;

/// The image, or what to do about it. Its format is what it is, not what it is called.
pub(super) fn read(bytes: &[u8]) -> Result<LogoImage, &'static str> {
    if bytes.len() > LOGO_MAX_BYTES {
        return Err("The image is larger than 100 KB. Make it smaller: it is shown 32 pixels high.");
    }
    let format = match imagesize::image_type(bytes) {
        Ok(ImageType::Png) => ImageFormat::Png,
        Ok(ImageType::Jpeg) => ImageFormat::Jpeg,
        Ok(ImageType::Gif) => ImageFormat::Gif,
        _ => return Err("Choose a PNG, JPEG or GIF: other formats are not drawn by all mail programs."),
    };
    let size = imagesize::blob_size(bytes).ok().filter(|size| (1..=SIDE_MAX).contains(&size.width));
    let size = size.filter(|size| (1..=SIDE_MAX).contains(&size.height));
    let whole = |pixels: usize| u32::try_from(pixels).ok();
    let sides = size.and_then(|size| Some((whole(size.width)?, whole(size.height)?)));
    let Some((width, height)) = sides else {
        return Err(
            "The image cannot be read, or is larger than 2,000 pixels. Save it anew and choose it again.",
        );
    };
    let hash = data_encoding::HEXLOWER.encode(digest(&SHA256, bytes).as_ref());
    let id = LogoId::parse(hash).map_err(|_| "The image cannot be read. Choose another.")?;
    Ok(LogoImage { logo: Logo { id, format, width, height }, bytes: bytes.to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOT: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";

    #[test]
    fn an_image_is_known_by_what_it_is() {
        let image = read(DOT).unwrap();
        assert_eq!((image.logo.format, image.logo.width, image.logo.height), (ImageFormat::Gif, 1, 1));
        assert_eq!(image.logo.id.as_str().len(), 64);
        assert!(read(b"<svg xmlns='http://www.w3.org/2000/svg'/>").unwrap_err().contains("PNG"));
        assert!(read(b"").unwrap_err().contains("PNG"));
        assert!(read(&vec![0; LOGO_MAX_BYTES + 1]).unwrap_err().contains("100 KB"));
        let huge = [b"GIF89a".as_slice(), &[0xff, 0xff, 0xff, 0xff], &DOT[10..]].concat();
        assert!(read(&huge).unwrap_err().contains("2,000"));
    }
}
