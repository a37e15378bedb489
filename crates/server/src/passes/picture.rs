//! Screenshots as they arrive: told by their first bytes, and written anew without what they say beside the picture, such as where and
//! with what it was taken. Pixels are not decoded here; what is no whole picture is refused.

use walletline_core::pass::ImageKind;

/// Largest picture that is taken: a screenshot of a phone as PNG has less than one megabyte.
pub const PICTURE_BYTES_MAX: usize = 2 * 1_024 * 1_024;

/// Widest or highest picture that is taken, in pixels. No screen has more, and a browser must be able to show it.
const SIDE_MAX: u32 = 16_384;

/// A screenshot without its metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// What it is.
    pub kind: ImageKind,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Why a file is not taken as a screenshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPicture {
    /// Too large.
    #[error("the screenshot has more than 2 MB: crop it to the part that matters")]
    TooLarge,
    /// Another kind of file.
    #[error("the screenshot is no PNG, JPEG or WebP picture: send one of these")]
    UnknownKind,
    /// It begins like a picture and is none.
    #[error("the screenshot is damaged: take it again")]
    Damaged,
}

impl Picture {
    /// Reads a file as a screenshot.
    ///
    /// # Errors
    /// [`BadPicture`] says what is wrong with it.
    pub fn read(file: &[u8]) -> Result<Self, BadPicture> {
        if file.len() > PICTURE_BYTES_MAX {
            return Err(BadPicture::TooLarge);
        }
        let (kind, bytes) = match file {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', rest @ ..] => (ImageKind::Png, png(rest)),
            [0xFF, 0xD8, 0xFF, ..] => (ImageKind::Jpeg, jpeg(&file[2..])),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', rest @ ..] => (ImageKind::Webp, webp(rest)),
            _ => return Err(BadPicture::UnknownKind),
        };
        bytes.map(|bytes| Self { kind, bytes }).ok_or(BadPicture::Damaged)
    }
}

/// The parts of a PNG that make the picture (PNG, third edition, chapter 11): everything else may say anything.
fn png(mut rest: &[u8]) -> Option<Vec<u8>> {
    const KEPT: [&[u8; 4]; 9] = [b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT"];
    let mut out = vec![0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n'];
    let mut has_header = false;
    loop {
        let length = usize::try_from(u32::from_be_bytes(rest.get(..4)?.try_into().ok()?)).ok()?;
        let name: &[u8; 4] = rest.get(4..8)?.try_into().ok()?;
        let chunk = rest.get(..length.checked_add(12)?)?;
        if !has_header {
            has_header = name == b"IHDR" && length == 13 && is_shown(&chunk[8..12], &chunk[12..16]);
            if !has_header {
                return None;
            }
        }
        if KEPT.contains(&name) {
            out.extend_from_slice(chunk);
        }
        if name == b"IEND" {
            return Some(out);
        }
        rest = &rest[chunk.len()..];
    }
}

fn is_shown(width: &[u8], height: &[u8]) -> bool {
    let side = |bytes: &[u8]| bytes.try_into().map(u32::from_be_bytes).unwrap_or(0);
    [width, height].into_iter().all(|bytes| (1..=SIDE_MAX).contains(&side(bytes)))
}

/// A JPEG without application segments and comments (ITU-T T.81, annex B). Adobe's, which tells how colours are stored, stays.
fn jpeg(mut rest: &[u8]) -> Option<Vec<u8>> {
    const START_OF_SCAN: u8 = 0xDA;
    const END: u8 = 0xD9;
    let mut out = vec![0xFF, 0xD8];
    let mut has_frame = false;
    loop {
        let [0xFF, marker, ..] = *rest else { return None };
        match marker {
            0xFF => {
                rest = &rest[1..];
                continue;
            }
            END => {
                out.extend_from_slice(&[0xFF, END]);
                return has_frame.then_some(out);
            }
            _ => {}
        }
        let length = usize::from(u16::from_be_bytes(rest.get(2..4)?.try_into().ok()?));
        let segment = rest.get(..length.checked_add(2)?).filter(|_| length >= 2)?;
        let adobe = marker == 0xEE && segment.get(4..9) == Some(b"Adobe");
        // C4, C8 and CC are tables and reserved; the others of this row open a frame.
        has_frame |= matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC);
        if adobe || !matches!(marker, 0xE0..=0xEF | 0xFE) {
            out.extend_from_slice(segment);
        }
        rest = &rest[segment.len()..];
        if marker == START_OF_SCAN {
            let end = scan_end(rest)?;
            out.extend_from_slice(&rest[..end]);
            rest = &rest[end..];
        }
    }
}

/// Where the data of a scan ends: at the next marker that is neither a stuffed byte nor a restart.
fn scan_end(data: &[u8]) -> Option<usize> {
    data.windows(2).position(|pair| pair[0] == 0xFF && !matches!(pair[1], 0x00 | 0xD0..=0xD7 | 0xFF))
}

/// The still picture of a WebP (RFC 9649): its pixels and its transparency.
fn webp(mut rest: &[u8]) -> Option<Vec<u8>> {
    const ALPHA: u8 = 0x10;
    let mut body = b"WEBP".to_vec();
    let mut has_pixels = false;
    while !rest.is_empty() {
        let name = rest.get(..4)?;
        let length = usize::try_from(u32::from_le_bytes(rest.get(4..8)?.try_into().ok()?)).ok()?;
        let whole = length.checked_add(8)?.checked_add(length % 2)?;
        let chunk = rest.get(..whole)?;
        match name {
            b"VP8 " | b"VP8L" | b"ALPH" => {
                has_pixels |= name != b"ALPH";
                body.extend_from_slice(chunk);
            }
            b"VP8X" if length == 10 => {
                let mut chunk = chunk.to_vec();
                chunk[8] &= ALPHA;
                body.extend_from_slice(&chunk);
            }
            // Moving pictures are no screenshots.
            b"ANIM" | b"ANMF" => return None,
            _ => {}
        }
        rest = &rest[whole..];
    }
    let size = u32::try_from(body.len()).ok()?;
    has_pixels.then(|| [b"RIFF", &size.to_le_bytes()[..], &body].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
        let length = u32::try_from(data.len()).unwrap();
        [&length.to_be_bytes()[..], name, data, &[9, 9, 9, 9]].concat()
    }

    fn header() -> Vec<u8> {
        chunk(b"IHDR", &[0, 0, 4, 0, 0, 0, 8, 0, 8, 2, 0, 0, 0])
    }

    fn png_of(chunks: &[Vec<u8>]) -> Vec<u8> {
        [b"\x89PNG\r\n\x1A\n".to_vec(), chunks.concat()].concat()
    }

    fn riff(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
        let length = u32::try_from(data.len()).unwrap();
        let pad: &[u8] = if data.len() % 2 == 1 { &[0] } else { &[] };
        [name, &length.to_le_bytes()[..], data, pad].concat()
    }

    fn webp_of(chunks: &[Vec<u8>]) -> Vec<u8> {
        let body = [b"WEBP".to_vec(), chunks.concat()].concat();
        [b"RIFF".to_vec(), u32::try_from(body.len()).unwrap().to_le_bytes().to_vec(), body].concat()
    }

    const FRAME: &[u8] = &[0xFF, 0xC0, 0, 4, 8, 0];
    const SCAN: &[u8] = &[0xFF, 0xDA, 0, 2, 1, 0xFF, 0, 2, 0xFF, 0xD0, 3];
    const SECRET: &[u8] = b"31.2304N 121.4737E";

    #[test]
    fn a_png_keeps_its_pixels_and_loses_what_it_says() {
        let (data, end) = (chunk(b"IDAT", &[1, 2, 3]), chunk(b"IEND", &[]));
        let told =
            png_of(&[header(), chunk(b"tEXt", SECRET), chunk(b"eXIf", SECRET), data.clone(), end.clone(), SECRET.to_vec()]);
        let bytes = png_of(&[header(), data, end]);
        assert_eq!(Picture::read(&told), Ok(Picture { kind: ImageKind::Png, bytes }));
    }

    #[test]
    fn a_jpeg_keeps_its_frame_and_scans_and_loses_its_segments() {
        let app = |marker: u8| [&[0xFF, marker, 0, u8::try_from(SECRET.len()).unwrap() + 2], SECRET].concat();
        let told = [&[0xFF, 0xD8][..], &app(0xE1), &app(0xFE), FRAME, SCAN, FRAME, SCAN, &[0xFF, 0xD9], SECRET].concat();
        let bytes = [&[0xFF, 0xD8][..], FRAME, SCAN, FRAME, SCAN, &[0xFF, 0xD9]].concat();
        assert_eq!(Picture::read(&told), Ok(Picture { kind: ImageKind::Jpeg, bytes }));
    }

    #[test]
    fn a_webp_keeps_its_pixels_and_loses_its_metadata() {
        let extended = |flags: u8| riff(b"VP8X", &[flags, 0, 0, 0, 3, 0, 0, 3, 0, 0]);
        let told = webp_of(&[extended(0x3C), riff(b"ICCP", SECRET), riff(b"VP8L", &[1, 2, 3]), riff(b"EXIF", SECRET)]);
        let bytes = webp_of(&[extended(0x10), riff(b"VP8L", &[1, 2, 3])]);
        assert_eq!(Picture::read(&told), Ok(Picture { kind: ImageKind::Webp, bytes }));
        let moving = webp_of(&[extended(0x02), riff(b"ANIM", &[0; 6]), riff(b"VP8L", &[1])]);
        assert_eq!(Picture::read(&moving), Err(BadPicture::Damaged));
    }

    #[test]
    fn what_is_no_picture_is_refused_wherever_it_breaks() {
        for file in [&b""[..], b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"MZ"] {
            assert_eq!(Picture::read(file), Err(BadPicture::UnknownKind));
        }
        let huge = chunk(b"IHDR", &[0, 1, 0, 0, 0, 0, 8, 0, 8, 2, 0, 0, 0]);
        assert_eq!(Picture::read(&png_of(&[huge, chunk(b"IEND", &[])])), Err(BadPicture::Damaged));
        assert_eq!(Picture::read(&vec![0xFF; PICTURE_BYTES_MAX + 1]), Err(BadPicture::TooLarge));
        let whole = [
            png_of(&[header(), chunk(b"IDAT", &[1]), chunk(b"IEND", &[])]),
            [&[0xFF, 0xD8][..], FRAME, SCAN, &[0xFF, 0xD9]].concat(),
            webp_of(&[riff(b"VP8 ", &[1, 2])]),
        ];
        for file in whole {
            assert!(Picture::read(&file).is_ok());
            for end in 0..file.len() {
                assert!(Picture::read(&file[..end]).is_err(), "{end} of {file:?}");
            }
        }
    }
}
