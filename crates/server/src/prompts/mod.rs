//! Everything the hotline can say: texts and audio inside the program, and studio recordings of the operator that win over them.

mod wav;

use rust_embed::{Embed, EmbeddedFile};
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use walletline_core::ivr::flow::PromptId;
use walletline_core::ivr::prompt::{Book, Catalog, Part, Prompt};
use walletline_core::kernel::language::Language;
use walletline_voice::{ClipError, ClipId, ClipLibrary};

#[derive(Embed)]
#[folder = "../../prompts"]
struct Shipped;

/// The clip that waiting callers hear.
pub use crate::engine::MUSIC;

/// Texts and audio of every language.
pub struct Prompts {
    catalog: Catalog,
    own: PathBuf,
}

/// A text file of the prompts cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("prompts/{0}: {1}")]
pub struct PromptsError(String, String);

impl Prompts {
    /// The shipped prompts, with recordings under `data_dir/prompts/<language>/<clip>.wav` in place of the shipped audio.
    ///
    /// # Errors
    /// When a shipped text does not parse.
    pub fn load(data_dir: &Path) -> Result<Self, PromptsError> {
        let mut catalog = Catalog::default();
        for language in Language::ALL {
            let name = format!("{}.toml", language.tag());
            let file = Shipped::get(&name).ok_or_else(|| PromptsError(name.clone(), "is missing".to_owned()))?;
            let wrong = |error: &dyn std::fmt::Display| PromptsError(name.clone(), error.to_string());
            let text = std::str::from_utf8(&file.data).map_err(|error| wrong(&error))?;
            let book: Book = toml::from_str(text).map_err(|error| wrong(&error))?;
            catalog.languages.insert(language, book.prompts);
        }
        Ok(Self { catalog, own: data_dir.join("prompts") })
    }

    /// The texts.
    #[must_use]
    pub const fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// Every clip, ready to be played.
    ///
    /// # Errors
    /// [`ClipError`] naming the recording that cannot be played.
    pub fn clips(&self) -> Result<ClipLibrary, ClipError> {
        let names = Shipped::iter().filter(|name| name.ends_with(".wav"));
        let clips = names.filter_map(|name| {
            let clip = name.trim_start_matches("audio/").trim_end_matches(".wav");
            Some((ClipId::from(clip), self.recording(clip)?))
        });
        ClipLibrary::from_wav(clips)
    }

    /// The audio of a clip or a prompt, as WAV. Of a prompt with values only the fixed parts, one after the other.
    #[must_use]
    pub fn wav(&self, id: &str, language: Language) -> Option<Cow<'static, [u8]>> {
        if id == MUSIC {
            return self.recording(MUSIC);
        }
        let tag = language.tag();
        let prompt = self.catalog.languages.get(&language)?.get(&PromptId(id.to_owned()));
        let Some(Prompt::Parts(parts)) = prompt else { return self.recording(&format!("{tag}/{id}")) };
        let mut samples = Vec::new();
        for part in parts {
            if let Part::Clip { id, .. } = part {
                samples.extend_from_slice(wav::samples(&self.recording(&format!("{tag}/{id}"))?)?);
            }
        }
        Some(Cow::Owned(wav::file(&samples)))
    }

    /// A clip's recording: the operator's own, or the shipped one. Names with `..` lead nowhere.
    fn recording(&self, clip: &str) -> Option<Cow<'static, [u8]>> {
        if clip.split('/').any(|part| part.is_empty() || part.starts_with('.')) {
            return None;
        }
        match std::fs::read(self.own.join(format!("{clip}.wav"))) {
            Ok(own) => Some(Cow::Owned(own)),
            Err(_) => Shipped::get(&format!("audio/{clip}.wav")).map(|EmbeddedFile { data, .. }| data),
        }
    }
}
