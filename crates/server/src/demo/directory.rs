//! The demo's directory: what its invented wallets list, and two fakes. Every address is invented, or lies in a range that is kept
//! free for inventions (RFC 2606, Ofcom's numbers for drama).

use crate::engine::Clock;
use walletline_core::directory::{
    Address, BadAddress, Clerk, Entry, Kind, Listing, ListingRefusal, Mark, Seen, Sighting, Suspect, Words,
};
use walletline_core::kernel::ids::IdSource;
use walletline_core::kernel::language::Language;
use walletline_core::kernel::time::Wall;
use walletline_store::{CommitError, ReadError, Store};

/// Why the directory could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum DirectorySeedError {
    /// The store could not be read.
    #[error("demo directory: {0}")]
    Read(#[from] ReadError),
    /// The store could not be written.
    #[error("demo directory: {0}")]
    Commit(#[from] CommitError),
    /// An entry is not sound.
    #[error("demo directory: {0}")]
    Entry(#[from] ListingRefusal),
    /// An address is none.
    #[error("demo directory: {0}")]
    Address(#[from] BadAddress),
    /// `admin` or `checker1` is missing.
    #[error("demo directory: the demo's staff are missing")]
    Nobody,
}

/// An entry: kind, value and platform, label, hours, region, inbound only.
type Row =
    (&'static str, Kind, &'static str, Option<&'static str>, [&'static str; 2], Option<[&'static str; 2]>, &'static str, bool);

// As in hours/jinqiao.toml and hours/harbor.toml.
const JINQIAO: Option<[&str; 2]> = Some([
    "冻结账户全天 24 小时；人工服务周一至周五 8:00–22:00，周末 9:00–21:00",
    "Freezing an account: day and night. People: Monday to Friday 8:00–22:00, weekends 9:00–21:00",
]);
const HARBOR: Option<[&str; 2]> = Some([
    "冻结账户全天 24 小时；人工服务周一至周五 8:00–20:00，周六 9:00–17:00",
    "Freezing an account: day and night. People: Monday to Friday 8:00–20:00, Saturday 9:00–17:00",
]);
const OFFICE: Option<[&str; 2]> = Some(["工作日 9:00–18:00", "Business days 9:00–18:00"]);

const ROWS: &[Row] = &[
    ("jinqiao", Kind::ShortCode, "8000", None, ["客服热线", "Customer hotline"], JINQIAO, "CN", true),
    ("jinqiao", Kind::ShortCode, "95000", None, ["全国短号", "Nationwide short code"], JINQIAO, "CN", false),
    ("jinqiao", Kind::Phone, "+8619000008000", None, ["境外来电", "Calls from abroad"], JINQIAO, "CN", true),
    (
        "jinqiao",
        Kind::SmsSender,
        "106900008000",
        None,
        ["验证码和通知短信", "Codes and notices by text message"],
        None,
        "CN",
        false,
    ),
    ("jinqiao", Kind::App, "com.jinqiao.wallet", None, ["手机应用", "Mobile app"], None, "CN", false),
    ("jinqiao", Kind::Web, "jinqiao.example", None, ["官方网站", "Official site"], None, "CN", false),
    ("jinqiao", Kind::Mail, "help@jinqiao.example", None, ["客服邮箱", "Customer service by mail"], OFFICE, "CN", false),
    ("jinqiao", Kind::Social, "jinqiao_wallet", Some("wechat"), ["微信公众号", "WeChat official account"], OFFICE, "CN", false),
    ("jinqiao", Kind::Social, "jinqiao_wallet", Some("weibo"), ["微博", "Weibo"], OFFICE, "CN", false),
    ("harbor", Kind::ShortCode, "8001", None, ["客服热线", "Customer hotline"], HARBOR, "GB", true),
    ("harbor", Kind::Phone, "+442079460801", None, ["境外来电", "Calls from abroad"], HARBOR, "GB", true),
    ("harbor", Kind::SmsSender, "HARBORPAY", None, ["验证码和通知短信", "Codes and notices by text message"], None, "GB", false),
    ("harbor", Kind::App, "example.harborpay.app", None, ["手机应用", "Mobile app"], None, "GB", false),
    ("harbor", Kind::Web, "harborpay.example", None, ["官方网站", "Official site"], None, "GB", false),
    ("harbor", Kind::Mail, "help@harborpay.example", None, ["客服邮箱", "Customer service by mail"], OFFICE, "GB", false),
    ("harbor", Kind::Social, "harborpay", Some("x"), ["X 账号", "Account on X"], OFFICE, "GB", false),
];

/// Fakes that a person confirmed, and one that waits.
const FAKES: &[(&str, Seen, &str, bool)] = &[
    ("phone:+8619000009999", Seen::Sms, "短信说账户异常，让回拨这个号码", true),
    ("web:jinqiao-kefu.example", Seen::Web, "搜索广告里的“官方客服”", true),
    ("digits:95001", Seen::Call, "自称客服，要求提供验证码", false),
];

/// Lists what is missing: proposed by `admin`, approved by `checker1`. What staff changed meanwhile is left alone.
pub(super) async fn seed(store: &Store, clock: &Clock, ids: &mut IdSource) -> Result<(), DirectorySeedError> {
    let (proposes, approves) = (clerk(store, "admin").await?, clerk(store, "checker1").await?);
    let now = clock.wall();
    // One behind the other: what is listed comes in the order it was proposed, and the first number of a wallet is the one to call.
    for (place, row) in (1..).zip(ROWS.iter().rev()) {
        let (entry, now) = (entry(row)?, Wall(now.0 - place * 1_000));
        if store.listing_of(row.0, &entry.address).await?.is_some() {
            continue;
        }
        let note = "demo".to_owned();
        let proposed = Listing::propose_new(ids.next(now), row.0.to_owned(), entry, note, proposes, false, now)?;
        let approved = proposed.listing.approve(1, approves, false, now)?;
        store.commit(proposed.commit.and(approved.commit)).await?;
    }
    for (mark, seen, detail, confirmed) in FAKES {
        seed_fake(store, ids, Mark::kept((*mark).to_owned()), Sighting::new(now, *seen, detail), *confirmed, approves, now)
            .await?;
    }
    Ok(())
}

async fn seed_fake(
    store: &Store,
    ids: &mut IdSource,
    mark: Mark,
    sighting: Sighting,
    confirmed: bool,
    by: Clerk,
    now: Wall,
) -> Result<(), DirectorySeedError> {
    if store.suspect_of(&mark).await?.is_some() {
        return Ok(());
    }
    let (suspect, mut commit) = Suspect::reported(ids.next(now), mark, sighting);
    if let Some((_, decided)) = confirmed.then(|| suspect.confirm(1, by, false, now).ok()).flatten() {
        commit = commit.and(decided);
    }
    store.commit(commit).await?;
    Ok(())
}

async fn clerk(store: &Store, user: &str) -> Result<Clerk, DirectorySeedError> {
    let (_, staff) = store.staff_by_user(user).await?.ok_or(DirectorySeedError::Nobody)?;
    Ok(Clerk { id: staff.id, role: staff.role })
}

fn entry((_, kind, value, platform, label, hours, region, inbound_only): &Row) -> Result<Entry, BadAddress> {
    let words = |[zh_cn, en]: &[&str; 2]| Words { zh_cn: (*zh_cn).to_owned(), en: (*en).to_owned() };
    Ok(Entry {
        address: Address::new(*kind, value, *platform)?,
        label: words(label),
        hours: hours.as_ref().map(words),
        languages: Language::ALL.to_vec(),
        region: (*region).to_owned(),
        inbound_only: *inbound_only,
    })
}
