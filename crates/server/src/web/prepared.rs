//! What a visitor sends to prepare a call, as a form or as JSON: read field by field, each bounded, and made into a call pass. It repeats
//! nothing of it in a log.

use super::State;
use super::error::Problem;
use super::extract::Body;
use super::multipart::{broken, bytes, line_breaks, text, unreadable};
use super::wire::NewCallPass;
use crate::passes::{BadPicture, MakeError, PICTURE_BYTES_MAX, Picture, Shown};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;
use walletline_core::kernel::{language::Language, pii::Pii};
use walletline_core::pass::{Asked, NotMade, Topic};

/// A whole form: the largest picture, the longest texts at four bytes a character, and what stands between them.
pub(super) const FORM_BYTES_MAX: usize = PICTURE_BYTES_MAX + 64 * 1_024;

/// Fields of a form. Ours has seven.
const FIELDS_MAX: usize = 16;

/// What a visitor sends.
#[derive(Debug, Default)]
pub(super) struct Prepared {
    pub(super) topic: Option<Topic>,
    pub(super) wallet: Option<String>,
    pub(super) language: Option<Language>,
    pub(super) transaction: String,
    pub(super) description: String,
    pub(super) error_text: String,
    pub(super) picture: Option<Picture>,
    /// What is wrong with the file that was sent as a screenshot.
    pub(super) bad_picture: Option<BadPicture>,
}

/// Why nothing was made of it.
#[derive(Debug)]
pub(super) enum Refused {
    /// It says nothing of what the call is about, or nothing that is known.
    NoTopic,
    /// There is no such wallet.
    NoWallet,
    /// The file is no screenshot.
    Picture(BadPicture),
    /// What was written cannot be a pass.
    Pass(NotMade),
    /// No more screenshots fit.
    NoRoom,
    /// A part of the program does not answer.
    Unavailable,
}

impl FromRequest<State> for Prepared {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &State) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if kind.starts_with("multipart/form-data") {
            let form = Multipart::from_request(request, state).await.map_err(|_| unreadable())?;
            return Self::read(form).await;
        }
        let Body(sent) = Body::<NewCallPass>::from_request(request, state).await?;
        Ok(Self {
            topic: Some(sent.topic.into()),
            wallet: sent.wallet,
            language: sent.language.map(Into::into),
            transaction: sent.transaction,
            description: sent.description,
            error_text: sent.error_text,
            picture: None,
            bad_picture: None,
        })
    }
}

impl Prepared {
    async fn read(mut form: Multipart) -> Result<Self, Problem> {
        let mut sent = Self::default();
        for _ in 0..FIELDS_MAX {
            let Some(field) = form.next_field().await.map_err(|error| broken(error.status()))? else { return Ok(sent) };
            let name = field.name().unwrap_or_default().to_owned();
            match name.as_str() {
                "topic" => sent.topic = Topic::named(&text(field).await?),
                "wallet" => sent.wallet = Some(text(field).await?).filter(|wallet| !wallet.is_empty()),
                "language" => sent.language = Language::from_tag(&text(field).await?),
                "transaction" => sent.transaction = text(field).await?,
                "description" => sent.description = text(field).await?,
                "error_text" => sent.error_text = text(field).await?,
                "screenshot" => match bytes(field, FORM_BYTES_MAX).await? {
                    // A form without a file sends an empty one.
                    file if file.is_empty() => {}
                    file => match Picture::read(&file) {
                        Ok(picture) => sent.picture = Some(picture),
                        Err(bad) => sent.bad_picture = Some(bad),
                    },
                },
                _ => return Err(unreadable()),
            }
        }
        Err(unreadable())
    }

    /// Makes a pass of it.
    pub(super) async fn make(&self, state: &State) -> Result<Shown, Refused> {
        let topic = self.topic.ok_or(Refused::NoTopic)?;
        let wallets = &state.config.wallets;
        let wallet = match &self.wallet {
            Some(id) => wallets.iter().find(|wallet| wallet.id == *id),
            None => wallets.first(),
        };
        let wallet = wallet.ok_or(Refused::NoWallet)?.id.clone();
        if let Some(bad) = self.bad_picture {
            return Err(Refused::Picture(bad));
        }
        let passes = state.passes.as_ref().ok_or(Refused::Unavailable)?;
        let first = state.config.lines.iter().find(|line| line.wallet == wallet).and_then(|line| line.languages.first());
        let asked = Asked {
            language: self.language.or(first.copied()).unwrap_or(Language::En),
            wallet,
            topic,
            transaction: Pii::new(self.transaction.clone()),
            description: Pii::new(line_breaks(&self.description)),
            error_text: Pii::new(line_breaks(&self.error_text)),
            screenshot: None,
        };
        passes.make(asked, self.picture.clone()).await.map_err(|error| match error {
            MakeError::Refused(why) => Refused::Pass(why),
            MakeError::NoRoom => Refused::NoRoom,
            MakeError::Unavailable => Refused::Unavailable,
        })
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NoTopic => Self::invalid_input("`topic` names nothing that a call can be about: see /api/openapi.json"),
            Refused::NoWallet => Self::invalid_input("there is no wallet of this id"),
            Refused::Picture(bad) => Self::invalid_input(bad.to_string()),
            Refused::Pass(NotMade::TooMany) | Refused::NoRoom | Refused::Unavailable => Self::unavailable(),
            Refused::Pass(why @ (NotMade::DescriptionTooLong | NotMade::ErrorTextTooLong | NotMade::NotATransaction)) => {
                Self::invalid_input(why.to_string())
            }
        }
    }
}
