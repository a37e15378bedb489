//! Everything the live hotline does to the world: one match, one call per arm.

use super::browser::Browsers;
use super::inbox::DialRefused;
use super::phones::Phones;
use super::translate::{refusal, to_voice};
use crate::recordings::Recordings;
use std::sync::Arc;
use tokio::sync::{broadcast, mpsc};
use walletline_core::ivr::prompt::{Phrase, Sound};
use walletline_core::kernel::ids::LegId;
use walletline_core::switchboard::command::{Command, Reject};
use walletline_core::switchboard::event::{Event, LegEnd, LegStats};
use walletline_core::switchboard::help::{Helped, Order};
use walletline_core::switchboard::live::LiveEvent;
use walletline_voice::{self as voice, Voice};

/// Where effects go.
pub(super) struct World {
    pub(super) voice: Voice,
    pub(super) live: broadcast::Sender<Arc<LiveEvent>>,
    pub(super) browsers: Browsers,
    pub(super) phones: Phones,
    pub(super) help: mpsc::Sender<Order>,
    /// None without a master key: then no line records.
    pub(super) recordings: Option<Recordings>,
}

/// The name of the music in the clip library.
pub const MUSIC: &str = "music";

/// SIP: a phone's request to hand its call on is taken.
const TRANSFER_TAKEN: u16 = 202;

/// SIP: its call was handed on.
const TRANSFER_DONE: u16 = 200;

impl World {
    /// Carries out one effect. What cannot be carried out comes back as the event the switchboard hears of it.
    pub(super) fn carry_out(&mut self, command: Command) -> Option<Event> {
        match command {
            Command::Answer { leg } => self.answer(leg),
            Command::Reject { leg, reason } => self.reject(leg, reason),
            Command::Play { leg, playback, phrase } => self.play(leg, playback, &phrase),
            Command::PlayMusic { leg, playback } => self.music(leg, playback),
            Command::Stop { leg } => self.voice.execute(voice::Command::Stop { leg: to_voice(leg) }),
            Command::DialPhone { leg, agent, shown } => {
                let Some(user) = self.phones.user_of(agent) else {
                    let detail = "no phone of that name".to_owned();
                    return Some(Event::LegEnded { leg, cause: LegEnd::Rejected, detail, stats: LegStats::default() });
                };
                let dial = voice::Command::Dial {
                    leg: to_voice(leg),
                    to: voice::DialTarget::Phone { user: user.to_owned(), from_number: shown, from_name: String::new() },
                };
                self.voice.execute(dial);
            }
            Command::DialOutside { leg, number, trunk, shown } => {
                let to = voice::DialTarget::Trunk { trunk, number, caller_id: shown };
                self.voice.execute(voice::Command::Dial { leg: to_voice(leg), to });
            }
            Command::Bridge { a, b } => self.voice.execute(voice::Command::Bridge { a: to_voice(a), b: to_voice(b) }),
            Command::Unbridge { a, b } => self.voice.execute(voice::Command::Unbridge { a: to_voice(a), b: to_voice(b) }),
            Command::Mix { leg, hears } => {
                let hears = hears.into_iter().map(|leg| voice::Source { leg: to_voice(leg), gain: 100 }).collect();
                self.voice.execute(voice::Command::Mix { leg: to_voice(leg), hears });
            }
            Command::AnswerRefer { leg, refused } => {
                let status = refused.map_or(TRANSFER_TAKEN, |why| refusal(why).status());
                self.voice.execute(voice::Command::AnswerRefer { leg: to_voice(leg), status });
            }
            Command::ReportRefer { leg, failed } => {
                let status = failed.map_or(TRANSFER_DONE, |why| refusal(why).status());
                self.voice.execute(voice::Command::ReportRefer { leg: to_voice(leg), status });
            }
            Command::SendDigits { leg, digits } => {
                self.voice.execute(voice::Command::SendDigits { leg: to_voice(leg), digits });
            }
            Command::Record(order) => {
                if let Some(recordings) = &self.recordings {
                    recordings.begin(*order);
                }
            }
            Command::MaskRecording { recording, on } => {
                if let Some(recordings) = &self.recordings {
                    recordings.mask(recording, on);
                }
            }
            Command::Secure { leg, on } => self.voice.execute(voice::Command::Secure { leg: to_voice(leg), on }),
            Command::DiscardRecording { recording } => {
                if let Some(recordings) = &self.recordings {
                    recordings.discard(recording);
                }
            }
            Command::Hangup { leg } => self.voice.execute(voice::Command::Hangup { leg: to_voice(leg) }),
            Command::Help(order) => {
                let (contact, number) = (order.contact, order.number);
                if self.help.try_send(*order).is_err() {
                    tracing::warn!("a caller's question is not put: too many wait");
                    return Some(Event::Helped { contact, number, help: Box::new(Helped::Unavailable) });
                }
            }
            Command::Publish(event) => {
                if self.live.receiver_count() > 0 {
                    let _the_last_one_left = self.live.send(Arc::from(event));
                }
            }
        }
        None
    }

    fn answer(&mut self, leg: LegId) {
        let command = match self.browsers.take_offer(leg) {
            Some(sdp) => voice::Command::ConnectBrowser { leg: to_voice(leg), sdp },
            None => voice::Command::Answer { leg: to_voice(leg) },
        };
        self.voice.execute(command);
    }

    fn reject(&mut self, leg: LegId, reason: Reject) {
        let browser = match reason {
            Reject::UnknownLine => DialRefused::UnknownLine,
            Reject::LineBusy => DialRefused::Busy,
            // All but the first are for phones alone.
            Reject::Overloaded
            | Reject::Forbidden
            | Reject::Unavailable
            | Reject::Declined
            | Reject::NoSuchCall
            | Reject::CalledOff => DialRefused::Overloaded,
        };
        if !self.browsers.refuse(leg, browser) {
            self.voice.execute(voice::Command::Reject { leg: to_voice(leg), reason: refusal(reason) });
        }
    }

    fn play(&self, leg: LegId, playback: u64, phrase: &Phrase) {
        let tag = phrase.language.tag();
        let items = phrase.sounds.iter().map(|sound| match sound {
            Sound::Clip(name) => voice::PlayItem::Clip(voice::ClipId::from(format!("{tag}/{name}").as_str())),
            Sound::Pause(ms) => voice::PlayItem::Pause(*ms),
        });
        let items = items.collect();
        let playback = voice::PlaybackId(playback);
        self.voice.execute(voice::Command::Play { leg: to_voice(leg), playback, items, repeat: false });
    }

    fn music(&self, leg: LegId, playback: u64) {
        let items = vec![voice::PlayItem::Clip(voice::ClipId::from(MUSIC))];
        let playback = voice::PlaybackId(playback);
        self.voice.execute(voice::Command::Play { leg: to_voice(leg), playback, items, repeat: true });
    }
}
