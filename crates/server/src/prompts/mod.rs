//! Everything the hotline can say: texts and audio inside the program, and studio recordings of the operator that win over them.

mod wav;

use crate::config::Config;
use rust_embed::{Embed, EmbeddedFile};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::PathBuf;
use walletline_core::ivr::flow::PromptId;
use walletline_core::ivr::prompt::{Book, Catalog, Part, Prompt};
use walletline_core::kernel::language::Language;
use walletline_voice::{ClipError, ClipId, ClipLibrary};

#[derive(Embed)]
#[folder = "../../prompts"]
struct Shipped;

/// The clip that waiting callers hear.
pub use crate::engine::MUSIC;

/// Said for a wallet that has no greeting of its own.
const GREETING: &str = "welcome";

/// Texts and audio of every language.
pub struct Prompts {
    catalog: Catalog,
    /// The operator's own texts and recordings.
    own: PathBuf,
}

/// A prompt that cannot be said.
#[derive(Debug, thiserror::Error)]
pub enum PromptsError {
    /// A text file cannot be read.
    #[error("prompts {0}: {1}")]
    Book(String, String),
    /// A text has no recording.
    #[error("prompts: `{clip}` has a text and no recording: add {path}, 8 kHz mono 16-bit WAV")]
    Unrecorded {
        /// The clip, with its language.
        clip: String,
        /// Where the recording is looked for.
        path: String,
    },
    /// A recording cannot be played.
    #[error("prompts: {0}")]
    Audio(#[from] ClipError),
}

impl Prompts {
    /// The shipped prompts, and over them what the operator keeps in `<data.dir>/prompts`: texts in `<language>.toml`,
    /// recordings in `<language>/<clip>.wav`. A wallet without a greeting of its own gets the general one.
    ///
    /// # Errors
    /// When a text file does not parse.
    pub fn load(config: &Config) -> Result<Self, PromptsError> {
        let own = config.data.dir.join("prompts");
        let mut catalog = Catalog::default();
        for language in Language::ALL {
            let name = format!("{}.toml", language.tag());
            let shipped = Shipped::get(&name).map(|file| file.data).unwrap_or_default();
            let mut prompts = book(&name, &String::from_utf8_lossy(&shipped))?.prompts;
            let path = own.join(&name);
            if let Ok(text) = std::fs::read_to_string(&path) {
                prompts.extend(book(&path.display().to_string(), &text)?.prompts);
            }
            if let Some(Prompt::Text(text)) = prompts.get(&PromptId(GREETING.to_owned())).cloned() {
                for wallet in &config.wallets {
                    let general = Prompt::Parts(vec![Part::Clip { id: GREETING.to_owned(), text: text.clone() }]);
                    prompts.entry(PromptId(format!("{GREETING}.{}", wallet.id))).or_insert(general);
                }
            }
            catalog.languages.insert(language, prompts);
        }
        Ok(Self { catalog, own })
    }

    /// The texts.
    #[must_use]
    pub const fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// Every clip, ready to be played.
    ///
    /// # Errors
    /// [`PromptsError`] naming the text that has no recording, or the recording that cannot be played.
    pub fn clips(&self) -> Result<ClipLibrary, PromptsError> {
        let shipped = Shipped::iter().filter_map(|name| name.strip_prefix("audio/")?.strip_suffix(".wav").map(str::to_owned));
        let mut names: BTreeSet<String> = shipped.collect();
        for (language, prompts) in &self.catalog.languages {
            let clips = prompts.iter().flat_map(|(id, prompt)| clips_of(id, prompt));
            names.extend(clips.map(|clip| format!("{}/{clip}", language.tag())));
        }
        let mut wavs = Vec::new();
        for clip in names {
            let Some(wav) = self.recording(&clip) else {
                let path = self.own.join(format!("{clip}.wav")).display().to_string();
                return Err(PromptsError::Unrecorded { clip, path });
            };
            wavs.push((ClipId::from(clip.as_str()), wav));
        }
        Ok(ClipLibrary::from_wav(wavs)?)
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

/// The clips a prompt is made of, the values of its slots left out.
fn clips_of<'a>(id: &'a PromptId, prompt: &'a Prompt) -> Vec<&'a str> {
    match prompt {
        Prompt::Text(_) => vec![&id.0],
        Prompt::Parts(parts) => parts
            .iter()
            .filter_map(|part| match part {
                Part::Clip { id, .. } => Some(id.as_str()),
                Part::Slot(_) => None,
            })
            .collect(),
    }
}

fn book(name: &str, text: &str) -> Result<Book, PromptsError> {
    toml::from_str(text).map_err(|error| PromptsError::Book(name.to_owned(), error.message().to_owned()))
}
