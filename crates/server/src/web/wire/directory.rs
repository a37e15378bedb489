//! The directory on the wire: what strangers ask and are told, and what staff propose and decide.

use super::{Language, Time};
use crate::directory::{Checked, Directory, advice, near_words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use walletline_core::directory::{self as core, Address, Entry, Listing, ListingLine, Proposed, Suspect};
use walletline_core::kernel::calendar::Names;
use walletline_core::kernel::ids::StaffId;
use walletline_core::kernel::language::Language as CoreLanguage;

super::names::names! {
    /// What kind of address it is.
    AddressKind = core::Kind {
        Phone "phone", ShortCode "short_code", SmsSender "sms_sender", App "app", Web "web", Mail "mail", Social "social",
    }
    /// Whether a number is official.
    NumberAnswer = core::Answer {
        Official "official", NotListed "not_listed", ReportedFraud "reported_fraud", DirectoryStale "directory_stale",
    }
    /// How something resembles a listed address.
    Likeness = core::Likeness {
        LookAlike "look_alike", ExtraDigits "extra_digits", OneChange "one_change", NameInside "name_inside",
    }
    /// How a listing stands.
    ListingState = core::ListingState {
        Proposed "proposed", Published "published", ChangeProposed "change_proposed", Withdrawn "withdrawn",
    }
    /// A step in a listing's history.
    ListingStep = core::ListingStep {
        Proposed "proposed", WithdrawalProposed "withdrawal_proposed", Approved "approved", Declined "declined",
        Retracted "retracted",
    }
    /// Where a fake was met.
    Seen = core::Seen {
        Call "call", Sms "sms", Web "web", Mail "mail", Social "social", Print "print", Other "other",
    }
    /// How a reported fake stands.
    SuspectState = core::SuspectState { Open "open", Fraud "fraud", Dismissed "dismissed" }
}

/// A stranger's question.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NumberCheck {
    /// A number, an address, a sender or an account, as it was pasted; at most 300 characters.
    #[schema(example = "０７５５-9500 0000")]
    pub(crate) number: String,
    /// Where it was seen, in words. Not kept.
    #[serde(default)]
    #[expect(
        dead_code,
        reason = "the contract takes it; an answer depends on the number alone, and nothing of a question is kept"
    )]
    pub(crate) seen_at: Option<String>,
}

/// What a stranger is told.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct NumberStanding {
    /// The answer. `official` is for the customer to call: it says nothing of a call that shows the number.
    answer: NumberAnswer,
    /// What to do, in the language of `Accept-Language`.
    advice: String,
    /// The wallet it belongs to, by id, when it is official.
    #[schema(required = true)]
    wallet: Option<String>,
    /// The address as it is listed, when it is official.
    #[schema(required = true)]
    listed: Option<AddressText>,
    /// Listed addresses that it resembles and is not.
    near: Vec<NearMatch>,
}

/// A listed address that something resembles.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct NearMatch {
    /// The wallet, by id.
    wallet: String,
    /// The listed address.
    listed: AddressText,
    /// How it is resembled.
    likeness: Likeness,
    /// The same in words.
    words: String,
}

/// An address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddressText {
    /// What kind it is.
    pub(crate) kind: AddressKind,
    /// The address itself.
    #[schema(example = "+442079460801")]
    pub(crate) value: String,
    /// The platform, for a social account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) platform: Option<String>,
}

/// A stranger's report.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NumberReport {
    /// What is reported, as it was pasted; at most 300 characters.
    pub(crate) number: String,
    /// Where it was seen: one of the words of `Seen`, or anything else in words.
    #[serde(default)]
    pub(crate) seen_at: Option<String>,
    /// What happened; kept without numbers and mail addresses, at most 300 characters.
    #[serde(default)]
    pub(crate) details: Option<String>,
}

/// That a report was taken; the same for every report.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ReportTaken {
    /// Always true.
    pub(crate) received: bool,
}

/// A text in each language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BothLanguages {
    /// In Chinese.
    #[serde(rename = "zh-CN")]
    zh_cn: String,
    /// In English.
    en: String,
}

impl From<&Names> for BothLanguages {
    fn from(names: &Names) -> Self {
        let text = |language| names.get(&language).cloned().unwrap_or_default();
        Self { zh_cn: text(CoreLanguage::ZhCn), en: text(CoreLanguage::En) }
    }
}

/// An entry of the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DirectoryEntry {
    address: AddressText,
    /// What it is for.
    label: BothLanguages,
    /// When somebody answers, in words.
    #[schema(required = true)]
    hours: Option<BothLanguages>,
    /// Languages spoken there.
    languages: Vec<Language>,
    /// The country it is for, in two capital letters.
    #[schema(example = "CN")]
    region: String,
    /// It only takes calls and messages: what comes from it is a fake.
    inbound_only: bool,
}

/// The directory as staff see it.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct DirectoryView {
    /// What was last signed.
    #[schema(required = true)]
    pub(crate) edition: Option<EditionView>,
    /// Every address that was ever proposed.
    pub(crate) listings: Vec<ListingView>,
    /// Wallets that may be named, by id.
    pub(crate) wallets: Vec<String>,
}

/// What was last signed.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct EditionView {
    version: i64,
    issued_at: Time,
    expires_at: Time,
    /// The id of the key it is signed with: what partners compare.
    key: String,
    /// How many entries it has.
    entries: usize,
}

/// An address and how it stands.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct ListingView {
    /// Identifier.
    id: String,
    /// The wallet, by id.
    wallet: String,
    address: AddressText,
    state: ListingState,
    /// What is published of it.
    #[schema(required = true)]
    published: Option<DirectoryEntry>,
    /// What waits for a second person.
    #[schema(required = true)]
    proposal: Option<ProposalView>,
    changed_at: Time,
}

/// What waits for a second person.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct ProposalView {
    /// What would be published; none for a withdrawal.
    #[schema(required = true)]
    entry: Option<DirectoryEntry>,
    /// The number of who proposed it.
    by: String,
    at: Time,
    note: String,
}

/// A proposal.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListingProposal {
    /// The wallet, by id.
    pub(crate) wallet: String,
    /// What is to be published; left out to withdraw `withdraw`.
    #[serde(default)]
    pub(crate) entry: Option<DirectoryEntry>,
    /// The address of which nothing is to be published any more.
    #[serde(default)]
    pub(crate) withdraw: Option<AddressText>,
    /// Why; for the second person and the history.
    #[serde(default)]
    pub(crate) note: String,
}

/// A second person's word.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListingDecision {
    /// Approve it, or decline it.
    pub(crate) approve: bool,
    /// Why; for the history of what is declined.
    #[serde(default)]
    pub(crate) note: String,
}

/// A line of a listing's history.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct ListingLineView {
    at: Time,
    /// The number of who did it.
    by: String,
    step: ListingStep,
    /// The entry it was about.
    #[schema(required = true)]
    entry: Option<DirectoryEntry>,
    note: String,
}

/// Something reported as a fake.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct SuspectView {
    /// Identifier.
    id: String,
    /// What is reported.
    value: String,
    state: SuspectState,
    /// How often.
    reports: u32,
    /// Where it was seen, newest last.
    sightings: Vec<SightingView>,
    first_at: Time,
    last_at: Time,
    /// The number of who decided.
    #[schema(required = true)]
    decided_by: Option<String>,
}

/// One report.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct SightingView {
    at: Time,
    seen: Seen,
    #[schema(required = true)]
    detail: Option<String>,
}

/// A person's finding about a report.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SuspectDecision {
    /// It is a fake: everybody who asks is warned. False: nothing was found.
    pub(crate) fraud: bool,
}

impl NumberStanding {
    /// What a stranger is told. `wallet`: whose hotline the advice names.
    pub(crate) fn new(directory: &Directory, checked: &Checked, wallet: &str, language: CoreLanguage) -> Self {
        let finding = &checked.finding;
        let near = finding.near.iter().map(|near| NearMatch {
            wallet: near.listed.wallet.clone(),
            listed: (&near.listed.entry.address).into(),
            likeness: near.likeness.into(),
            words: near_words(near, language),
        });
        Self {
            answer: finding.answer.into(),
            advice: advice(directory, finding, wallet, language),
            wallet: finding.official.as_ref().map(|listed| listed.wallet.clone()),
            listed: finding.official.as_ref().map(|listed| (&listed.entry.address).into()),
            near: near.collect(),
        }
    }
}

impl NumberReport {
    /// Where it was met, and what else was said about that.
    pub(crate) fn seen(&self) -> (core::Seen, String) {
        let said = self.seen_at.as_deref().unwrap_or_default().trim();
        let seen = core::Seen::ALL.into_iter().find(|seen| seen.name() == said);
        let details = self.details.as_deref().unwrap_or_default();
        match seen {
            Some(seen) => (seen, details.to_owned()),
            None => (core::Seen::Other, format!("{said} {details}")),
        }
    }
}

impl From<&Address> for AddressText {
    fn from(address: &Address) -> Self {
        Self { kind: address.kind().into(), value: address.value().to_owned(), platform: address.platform().map(str::to_owned) }
    }
}

impl TryFrom<&AddressText> for Address {
    type Error = core::BadAddress;

    fn try_from(text: &AddressText) -> Result<Self, core::BadAddress> {
        Self::new(text.kind.into(), &text.value, text.platform.as_deref())
    }
}

impl From<&core::Words> for BothLanguages {
    fn from(words: &core::Words) -> Self {
        Self { zh_cn: words.zh_cn.clone(), en: words.en.clone() }
    }
}

impl From<BothLanguages> for core::Words {
    fn from(words: BothLanguages) -> Self {
        Self { zh_cn: words.zh_cn.trim().to_owned(), en: words.en.trim().to_owned() }
    }
}

impl From<&Entry> for DirectoryEntry {
    fn from(entry: &Entry) -> Self {
        Self {
            address: (&entry.address).into(),
            label: (&entry.label).into(),
            hours: entry.hours.as_ref().map(Into::into),
            languages: entry.languages.iter().map(|language| (*language).into()).collect(),
            region: entry.region.clone(),
            inbound_only: entry.inbound_only,
        }
    }
}

impl TryFrom<DirectoryEntry> for Entry {
    type Error = core::BadAddress;

    fn try_from(entry: DirectoryEntry) -> Result<Self, core::BadAddress> {
        Ok(Self {
            address: (&entry.address).try_into()?,
            label: entry.label.into(),
            hours: entry.hours.map(Into::into),
            languages: entry.languages.into_iter().map(Into::into).collect(),
            region: entry.region,
            inbound_only: entry.inbound_only,
        })
    }
}

impl From<&core::Edition> for EditionView {
    fn from(edition: &core::Edition) -> Self {
        Self {
            version: edition.version,
            issued_at: edition.issued_at.into(),
            expires_at: edition.expires_at.into(),
            key: edition.key.clone(),
            entries: edition.listed.len(),
        }
    }
}

impl ListingView {
    /// A listing, people by their numbers.
    pub(crate) fn new(listing: &Listing, number_of: &impl Fn(StaffId) -> String) -> Self {
        let proposal = listing.proposal.as_ref().map(|proposal| ProposalView {
            entry: match &proposal.what {
                Proposed::Publish { entry } => Some((&**entry).into()),
                Proposed::Withdraw => None,
            },
            by: number_of(proposal.by),
            at: proposal.at.into(),
            note: proposal.note.clone(),
        });
        Self {
            id: listing.id.to_string(),
            wallet: listing.wallet.clone(),
            address: (&listing.address).into(),
            state: listing.state().into(),
            published: listing.published.as_ref().map(Into::into),
            proposal,
            changed_at: listing.changed_at.into(),
        }
    }
}

impl ListingLineView {
    /// A line of history.
    pub(crate) fn new(line: &ListingLine, number_of: &impl Fn(StaffId) -> String) -> Self {
        Self {
            at: line.at.into(),
            by: number_of(line.by),
            step: line.step.into(),
            entry: line.entry.as_ref().map(Into::into),
            note: line.note.clone(),
        }
    }
}

impl SuspectView {
    /// A suspect, people by their numbers.
    pub(crate) fn new(suspect: &Suspect, number_of: &impl Fn(StaffId) -> String) -> Self {
        let sightings = suspect.sightings.iter().map(|sighting| SightingView {
            at: sighting.at.into(),
            seen: sighting.seen.into(),
            detail: sighting.detail.as_ref().map(|detail| detail.expose().clone()),
        });
        Self {
            id: suspect.id.to_string(),
            value: suspect.mark.expose().value().to_owned(),
            state: suspect.state.into(),
            reports: suspect.reports,
            sightings: sightings.collect(),
            first_at: suspect.first_at.into(),
            last_at: suspect.last_at.into(),
            decided_by: suspect.decided_by.map(number_of),
        }
    }
}
