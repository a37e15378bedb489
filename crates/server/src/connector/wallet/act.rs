//! Acts on an account at a wallet, under the key of the act: the same key brings the same answer, and the parts of an act have keys of
//! their own that follow from it. What an account does not allow is found out here, and said with a reason.

use super::{Unavailable, Wallet, outcome_of};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use walletline_core::help::Carried;
use walletline_core::kernel::{account_act::AccountAct, assurance::Level, pii::Pii, time::Wall};
use walletline_core::switchboard::live::{AccountView, DeviceView};
use walletline_core::wallet::{Decline, Outcome};
use walletline_gsma::extension::{Device, ExtensionClient, ExtensionError, LinkPurpose, SecondFactorKind, SecondFactorState};
use walletline_gsma::wire::{AccountStatus, SubStatus};
use walletline_gsma::{Accepted, AccountRef, Error, Reconciled};

/// Devices shown of an account: more than anybody uses.
const DEVICES_MAX: usize = 20;

/// An act that is carried out.
#[derive(Debug)]
pub struct Asked<'a> {
    /// What.
    pub act: AccountAct,
    /// On whose account.
    pub msisdn: &'a Pii<String>,
    /// What was shown for it.
    pub level: Level,
    /// Its key.
    pub key: &'a str,
    /// The key may have reached the wallet before.
    pub again: bool,
}

/// How an account stands, as far as acts on it differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Open,
    /// After failed log-ins.
    Locked,
    /// For a reason that is not the customer's to end: fraud, a freeze, being closed.
    Held,
    Closing,
}

/// Ends an act before its end: there is an outcome.
type Step<T> = Result<T, Outcome>;

impl Wallet {
    /// Carries out an act. A number without an account is done: there is nothing to do it to.
    pub async fn act(&self, asked: Asked<'_>) -> Carried {
        let carried = self.try_act(&asked).await.unwrap_or_else(Carried::from);
        self.breaker.note(!matches!(carried.outcome, Outcome::Unknown | Outcome::NotSent), self.clock.now().mono);
        carried
    }

    async fn try_act(&self, asked: &Asked<'_>) -> Step<Carried> {
        let account = AccountRef::Msisdn(asked.msisdn.expose().clone());
        let Some(extension) = &self.extension else { return Err(Outcome::Declined(Decline::NotSupported)) };
        if asked.act == AccountAct::SecureAccount {
            // The freeze first, by its own way of finding out what became of it: whatever else is slow, money stops.
            return match self.try_freeze(asked.msisdn, asked.key, asked.again).await {
                Outcome::Done => revoke(extension, &account, asked.key).await,
                outcome => Err(outcome),
            };
        }
        if asked.again && self.was_done(asked.key).await? {
            return Ok(Outcome::Done.into());
        }
        let Some(standing) = self.standing(&account).await? else { return Ok(Outcome::Done.into()) };
        let needs_more = Err(Outcome::Declined(Decline::NeedsMore));
        match asked.act {
            AccountAct::SendLink => {
                if standing == Standing::Held || standing == Standing::Closing {
                    return needs_more;
                }
                link(extension.password_link(&account, purpose(standing), asked.key).await)
            }
            AccountAct::Unlock | AccountAct::ResetPassword => {
                if standing == Standing::Held || standing == Standing::Closing {
                    return needs_more;
                }
                if asked.level < Level::A3 && has_second(extension, &account).await? {
                    return needs_more;
                }
                ended(extension.end_sessions(&account, &part(asked.key, "sessions")).await)?;
                if asked.act == AccountAct::ResetPassword {
                    return link(extension.password_link(&account, purpose(standing), asked.key).await);
                }
                if standing == Standing::Open {
                    return Ok(Outcome::Done.into());
                }
                self.set(&account, (AccountStatus::Available, SubStatus::None), asked.key).await
            }
            AccountAct::RevokeSessions | AccountAct::SecureAccount => revoke(extension, &account, asked.key).await,
            AccountAct::EnrolFactor => {
                if has_second(extension, &account).await? {
                    return needs_more;
                }
                link(extension.enrol_second_factor(&account, SecondFactorKind::Totp, asked.key).await)
            }
            AccountAct::CloseAccount => close(extension, &account, standing, asked.key).await,
            AccountAct::KeepOpen if standing == Standing::Closing => {
                ended(extension.keep_open(&account, asked.key).await)?;
                Ok(Outcome::Done.into())
            }
            AccountAct::KeepOpen => Ok(Outcome::Done.into()),
            AccountAct::UnlockFraud => match standing {
                Standing::Open => Ok(Outcome::Done.into()),
                Standing::Closing => needs_more,
                Standing::Locked | Standing::Held => {
                    ended(extension.end_sessions(&account, &part(asked.key, "sessions")).await)?;
                    self.set(&account, (AccountStatus::Available, SubStatus::None), asked.key).await
                }
            },
        }
    }

    /// Whether an act of this key was carried out as a whole: a change of status is its last part. One that is under way is waited for.
    async fn was_done(&self, key: &str) -> Step<bool> {
        match self.client.reconcile(key).await {
            Ok(Reconciled::Done) => Ok(true),
            Ok(Reconciled::Pending(id)) => match self.poll(&id).await {
                Outcome::Done => Ok(true),
                outcome => Err(outcome),
            },
            Ok(Reconciled::Failed(_)) => Err(Outcome::Declined(Decline::ByRule)),
            Ok(Reconciled::NotReceived) => Ok(false),
            Err(error) => Err(outcome_of(&error)),
        }
    }

    async fn standing(&self, account: &AccountRef) -> Step<Option<Standing>> {
        match self.client.status(account).await {
            Ok(state) if state.status == AccountStatus::Available => Ok(Some(Standing::Open)),
            Ok(state) => Ok(Some(match state.sub_status {
                SubStatus::LockedFailedLogins => Standing::Locked,
                SubStatus::Closing => Standing::Closing,
                // Whatever a wallet holds an account for in a word we do not know is not ended by us.
                _ => Standing::Held,
            })),
            Err(Error::Refused(refused)) if refused.is_not_found() => Ok(None),
            // Nothing was changed yet: the same is tried again.
            Err(_) => Err(Outcome::NotSent),
        }
    }

    async fn set(&self, account: &AccountRef, to: (AccountStatus, SubStatus), key: &str) -> Step<Carried> {
        match self.client.set_status(account, to.0, to.1, key).await {
            Ok(Accepted::Done) => Ok(Outcome::Done.into()),
            Ok(Accepted::Pending(id)) => Ok(self.poll(&id).await.into()),
            Err(error) => Err(outcome_of(&error)),
        }
    }

    /// What protects an account: devices, sessions, the second factor. An account that is not there has none.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn protection(&self, msisdn: &Pii<String>, now: Wall) -> Result<AccountView, Unavailable> {
        let account = AccountRef::Msisdn(msisdn.expose().clone());
        let nothing =
            |is_offered| AccountView { is_offered, sessions: 0, devices: Vec::new(), second_factor: "none".to_owned(), at: now };
        let Some(extension) = &self.extension else { return Ok(nothing(false)) };
        let (sessions, devices) = (extension.sessions(&account).await, extension.devices(&account).await);
        let factors = extension.second_factors(&account).await;
        let (sessions, devices, factors) = match (sessions, devices, factors) {
            (Ok(sessions), Ok(devices), Ok(factors)) => (sessions.sessions, devices.devices, factors.second_factors),
            (Err(error), ..) | (_, Err(error), _) | (.., Err(error)) => {
                return match error {
                    ExtensionError::NotSupported => Ok(nothing(false)),
                    ExtensionError::Failed(Error::Refused(refused)) if refused.is_not_found() => Ok(nothing(true)),
                    ExtensionError::Failed(error) => {
                        tracing::warn!(%error, "a wallet did not say what protects an account");
                        Err(Unavailable)
                    }
                };
            }
        };
        let at = |text: &str| text.parse::<Timestamp>().ok().map(|at| Wall(at.as_microsecond()));
        let device =
            |device: Device| DeviceView { name: Pii::new(device.name.expose().to_owned()), bound_at: at(&device.bound_at) };
        Ok(AccountView {
            is_offered: true,
            sessions: sessions.len(),
            devices: devices.into_iter().take(DEVICES_MAX).map(device).collect(),
            second_factor: factors.first().map_or("none", |factor| factor.state.as_str()).to_owned(),
            at: now,
        })
    }
}

/// A second factor is set up, and not only offered.
async fn has_second(extension: &ExtensionClient, account: &AccountRef) -> Step<bool> {
    let factors = asked(extension.second_factors(account).await)?;
    Ok(factors.second_factors.iter().any(|factor| factor.state != SecondFactorState::Invited))
}

/// Ends every session, and unbinds every device.
async fn revoke(extension: &ExtensionClient, account: &AccountRef, key: &str) -> Step<Carried> {
    let devices = asked(extension.devices(account).await)?;
    ended(extension.end_sessions(account, &part(key, "sessions")).await)?;
    for device in devices.devices {
        let unbound = extension.unbind_device(account, &device.device_id, &part(key, &device.device_id)).await;
        ended(unbound)?;
    }
    Ok(Outcome::Done.into())
}

async fn close(extension: &ExtensionClient, account: &AccountRef, standing: Standing, key: &str) -> Step<Carried> {
    match standing {
        Standing::Closing => return Ok(Outcome::Done.into()),
        Standing::Held => return Err(Outcome::Declined(Decline::NeedsMore)),
        Standing::Open | Standing::Locked => {}
    }
    if !asked(extension.closing(account).await)?.obstacles.is_empty() {
        return Err(Outcome::Declined(Decline::Obstacles));
    }
    ended(extension.close(account, key).await.map(|_| ()))?;
    Ok(Outcome::Done.into())
}

const fn purpose(standing: Standing) -> LinkPurpose {
    match standing {
        Standing::Locked => LinkPurpose::Unlock,
        Standing::Open | Standing::Held | Standing::Closing => LinkPurpose::Reset,
    }
}

/// The key of a part of an act: the same part has the same key however often the act is taken up.
fn part(key: &str, name: &str) -> String {
    let mut bytes: [u8; 32] = Sha256::digest(format!("{key} {name}")).into();
    // A UUID of version 8: made in a way of our own (RFC 9562).
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex: String = bytes[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// What a question was answered. Nothing was changed by it.
fn asked<T>(answer: Result<T, ExtensionError>) -> Step<T> {
    answer.map_err(|error| match error {
        ExtensionError::NotSupported => Outcome::Declined(Decline::NotSupported),
        // No account: there is nothing to do it to.
        ExtensionError::Failed(Error::Refused(refused)) if refused.is_not_found() => Outcome::Done,
        ExtensionError::Failed(_) => Outcome::NotSent,
    })
}

/// What came of a change. What is not there any more is ended.
fn ended(answer: Result<(), ExtensionError>) -> Step<()> {
    match answer {
        Ok(()) => Ok(()),
        Err(ExtensionError::NotSupported) => Err(Outcome::Declined(Decline::NotSupported)),
        Err(ExtensionError::Failed(error)) => match outcome_of(&error) {
            Outcome::Done => Ok(()),
            outcome => Err(outcome),
        },
    }
}

fn link(answer: Result<walletline_gsma::extension::Link, ExtensionError>) -> Step<Carried> {
    match answer {
        Ok(link) => Ok(Carried { outcome: Outcome::Done, link: Some(Pii::new(link.url.expose().to_owned())) }),
        Err(error) => {
            ended(Err(error))?;
            Ok(Outcome::Done.into())
        }
    }
}
