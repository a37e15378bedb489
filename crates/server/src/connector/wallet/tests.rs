//! A wallet as the hotline sees it, over HTTP against the sandbox.

use super::*;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use walletline_core::help::Carried;
use walletline_core::identity::{Judged, Ladder, Signal};
use walletline_core::kernel::account_act::AccountAct;
use walletline_core::kernel::assurance::Level;
use walletline_gsma::sandbox::{Control, FaultOrder, Sandbox};

/// A sandbox of its own, and the wallet in front of it.
struct House {
    wallets: Wallets,
    control: Control,
    _server: JoinSet<()>,
}

impl House {
    async fn start() -> Self {
        Self::open(true).await
    }

    async fn open(extension: bool) -> Self {
        let clock = Clock::start();
        let sandbox = Sandbox::open(None, Arc::new(|| Clock::unmoved().0)).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let mut server = JoinSet::new();
        server.spawn(async move { axum::serve(listener, sandbox.router()).await.unwrap() });
        let api = |below: &str| config::WalletApi::at(format!("{base}/jinqiao{below}"));
        let wallet = config::Wallet {
            id: "jinqiao".to_owned(),
            name: BTreeMap::new(),
            gsma: Some(api("")),
            extension: extension.then(|| api("/extension/v1")),
            sim_swap: None,
            device_swap: None,
            wechat_pay: None,
            app_keys: Vec::new(),
            zone: TimeZone::UTC,
            numbers: Vec::new(),
            keep_recordings: walletline_core::cases::Keep::default(),
            regimes: Vec::new(),
            messages: config::Messages::default(),
        };
        let wallets = Wallets::connect(&[wallet], clock).unwrap();
        Self { wallets, control: Control::new(&base).unwrap(), _server: server }
    }

    fn wallet(&self) -> &Wallet {
        self.wallets.get("jinqiao").unwrap()
    }

    async fn sub_status(&self, msisdn: &str) -> String {
        let customers = self.control.customers().await.unwrap();
        customers.into_iter().find(|customer| customer.msisdn == msisdn).unwrap().sub_status
    }

    async fn effects(&self) -> usize {
        self.control.ledger().await.unwrap().len()
    }
}

fn number(text: &str) -> Pii<String> {
    Pii::new(text.to_owned())
}

const LI_NA: &str = "+8619000000001";
const ZHAO_LEI: &str = "+8619000000004";
const CHEN_JING: &str = "+8619000000005";
const NOBODY: &str = "+8619000009999";

#[tokio::test]
async fn the_holder_of_a_number_has_a_name_addresses_and_signals() {
    let house = House::start().await;
    let holder = house.wallet().holder(&number(LI_NA)).await.unwrap().unwrap();
    assert_eq!(holder.name.unwrap().expose(), "李女士");
    let addresses: Vec<_> = holder.addresses.iter().map(|(channel, to)| (*channel, to.expose().as_str())).collect();
    assert_eq!(addresses, [(Channel::Sms, LI_NA), (Channel::Mail, "li.na@example.com")]);
    assert_eq!(holder.signals.sim_changed_at, None);
    let swapped = house.wallet().holder(&number(ZHAO_LEI)).await.unwrap().unwrap();
    let found = Ladder::default().found(&swapped.signals, Clock::unmoved());
    assert_eq!(found.into_iter().collect::<Vec<_>>(), [Signal::SimSwap]);
    assert!(house.wallet().holder(&number(NOBODY)).await.unwrap().is_none());
}

#[tokio::test]
async fn a_transaction_is_found_by_its_customer_alone() {
    let house = House::start().await;
    for id in ["261101000014", "000014"] {
        assert!(matches!(house.wallet().transaction(&number(LI_NA), id).await, Ok(Looked::One(_))), "{id}");
    }
    // The last two are Wang Wei's.
    for id in ["261101000022", "999999", "261112000557", "000557"] {
        assert_eq!(house.wallet().transaction(&number(LI_NA), id).await, Ok(Looked::Nothing), "{id}");
    }
    assert_eq!(house.wallet().transaction(&number(NOBODY), "261101000014").await, Ok(Looked::Nothing));
}

#[tokio::test]
async fn of_two_that_end_the_same_none_is_taken_until_all_digits_say_which() {
    let house = House::start().await;
    let account = AccountRef::Msisdn(LI_NA.to_owned());
    let page = Page { limit: LISTED_MAX, offset: 0 };
    let mut transactions = house.wallet().client.transactions(&account, page).await.unwrap().transactions;
    let mut twin = transactions.iter().find(|known| known.transaction_reference.expose() == "261101000014").unwrap().clone();
    twin.transaction_reference = serde_json::from_str("\"251101000014\"").unwrap();
    transactions.push(twin);
    assert_eq!(listed(&transactions, "000014"), Looked::Several);
    for id in ["261101000014", "251101000014"] {
        assert!(matches!(listed(&transactions, id), Looked::One(seen) if seen.id == id), "{id}");
    }
    assert!(matches!(listed(&transactions, "000123"), Looked::One(_)), "another that ends by itself");
}

#[tokio::test]
async fn a_freeze_has_one_effect_however_often_it_is_asked_for() {
    let house = House::start().await;
    let key = "6f2f3a36-5b5b-4d0f-9a39-0c6a4f6f6a01";
    for again in [false, true, true] {
        assert_eq!(house.wallet().freeze(&number(LI_NA), key, again).await, Outcome::Done);
    }
    assert_eq!((house.sub_status(LI_NA).await.as_str(), house.effects().await), ("frozen_by_hotline", 1));
}

#[tokio::test]
async fn a_freeze_that_was_done_in_silence_is_found_by_its_key() {
    let house = House::start().await;
    let fault = FaultOrder { operation: "freeze".to_owned(), fault: "timeout_after".to_owned(), count: 1 };
    house.control.fault(&fault).await.unwrap();
    let key = "6f2f3a36-5b5b-4d0f-9a39-0c6a4f6f6a02";
    assert_eq!(house.wallet().freeze(&number(LI_NA), key, false).await, Outcome::Unknown);
    assert_eq!(house.wallet().freeze(&number(LI_NA), key, true).await, Outcome::Done);
    assert_eq!(house.effects().await, 1);
}

#[tokio::test]
async fn a_stricter_lock_stays_and_a_number_without_an_account_has_nothing_to_freeze() {
    let house = House::start().await;
    let freeze = async |to: &str, key: &str| house.wallet().freeze(&number(to), key, false).await;
    assert_eq!(freeze(CHEN_JING, "6f2f3a36-5b5b-4d0f-9a39-0c6a4f6f6a03").await, Outcome::Done);
    assert_eq!(house.sub_status(CHEN_JING).await, "fraud_lock");
    assert_eq!(freeze(NOBODY, "6f2f3a36-5b5b-4d0f-9a39-0c6a4f6f6a04").await, Outcome::Done);
    assert_eq!(house.effects().await, 0);
}

#[tokio::test]
async fn a_code_of_the_second_factor_is_judged_by_the_wallet_alone() {
    const KEY: &str = "0197a1b2-0000-7000-8000-000000000001";
    let house = House::start().await;
    let wrong = number("000000");
    for msisdn in [LI_NA, NOBODY] {
        assert_eq!(house.wallet().judge_second(&number(msisdn), &wrong, &uuid(msisdn)).await, Ok(Judged::Refused), "{msisdn}");
    }
    for fault in ["fail", "down", "garbage"] {
        let order = FaultOrder { operation: "second_factor".to_owned(), fault: fault.to_owned(), count: 1 };
        house.control.fault(&order).await.unwrap();
        let judged = house.wallet().judge_second(&number(LI_NA), &wrong, KEY).await;
        assert_eq!(judged, Err(NoJudgement::Unavailable), "{fault}");
    }
    let without = House::open(false).await;
    assert_eq!(without.wallet().judge_second(&number(LI_NA), &wrong, KEY).await, Err(NoJudgement::NotSupported));
}

/// A key of its own for each number.
fn uuid(msisdn: &str) -> String {
    format!("0197a1b2-0000-7000-8000-0000000{}", &msisdn[msisdn.len() - 5..])
}

const WANG_WEI: &str = "+8619000000002";
const AMY_CARTER: &str = "+447700900003";

/// Asks for an act under a key that ends like this.
async fn act(house: &House, act: AccountAct, msisdn: &str, level: Level, tail: u8, again: bool) -> Carried {
    let (msisdn, key) = (number(msisdn), format!("6f2f3a36-5b5b-4d0f-9a39-0c6a4f6f7{tail:03}"));
    house.wallet().act(ActAsked { act, msisdn: &msisdn, level, key: &key, again }).await
}

const fn declined(why: Decline) -> Outcome {
    Outcome::Declined(why)
}

#[tokio::test]
async fn a_lock_after_failed_log_ins_ends_once_however_often_it_is_asked_for() {
    let house = House::start().await;
    for again in [false, true, true] {
        assert_eq!(act(&house, AccountAct::Unlock, WANG_WEI, Level::A2, 1, again).await, Outcome::Done.into());
    }
    assert_eq!(house.sub_status(WANG_WEI).await, "none");
    let unlocked = house.control.ledger().await.unwrap().into_iter().filter(|effect| effect.operation == "unlock").count();
    assert_eq!(unlocked, 1);
    // Who got back in lately shows nothing by the phone (domain: a recent recovery).
    let holder = house.wallet().holder(&number(WANG_WEI)).await.unwrap().unwrap();
    let found = Ladder::default().found(&holder.signals, Clock::unmoved());
    assert_eq!(found.into_iter().collect::<Vec<_>>(), [Signal::RecentRecovery]);
    assert_eq!(act(&house, AccountAct::Unlock, NOBODY, Level::A2, 2, false).await, Outcome::Done.into(), "nobody has it");
}

#[tokio::test]
async fn an_unlock_that_was_done_in_silence_is_found_by_its_key() {
    let house = House::start().await;
    let fault = FaultOrder { operation: "freeze".to_owned(), fault: "timeout_after".to_owned(), count: 1 };
    house.control.fault(&fault).await.unwrap();
    assert_eq!(act(&house, AccountAct::Unlock, WANG_WEI, Level::A2, 3, false).await.outcome, Outcome::Unknown);
    assert_eq!(act(&house, AccountAct::Unlock, WANG_WEI, Level::A2, 3, true).await.outcome, Outcome::Done);
    assert_eq!(house.sub_status(WANG_WEI).await, "none");
}

#[tokio::test]
async fn one_factor_does_not_give_back_an_account_with_a_second_and_no_factor_ends_another_lock() {
    let house = House::start().await;
    for recovery in [AccountAct::Unlock, AccountAct::ResetPassword] {
        let one = act(&house, recovery, LI_NA, Level::A2, 4, false).await;
        assert_eq!(one, declined(Decline::NeedsMore).into(), "{recovery:?}");
        let two = act(&house, recovery, LI_NA, Level::A3, 5 + recovery as u8, false).await;
        assert_eq!(two.outcome, Outcome::Done, "{recovery:?}");
        let fraud = act(&house, recovery, CHEN_JING, Level::A3, 10, false).await;
        assert_eq!(fraud, declined(Decline::NeedsMore).into(), "{recovery:?}");
    }
    assert_eq!(house.sub_status(CHEN_JING).await, "fraud_lock");
}

#[tokio::test]
async fn a_link_is_the_same_under_its_key_and_there_is_none_for_nobody() {
    let house = House::start().await;
    let first = act(&house, AccountAct::SendLink, AMY_CARTER, Level::A1, 20, false).await;
    assert!(first.link.is_some());
    assert_eq!(act(&house, AccountAct::SendLink, AMY_CARTER, Level::A1, 20, true).await, first);
    assert_eq!(act(&house, AccountAct::SendLink, NOBODY, Level::A1, 21, false).await, Outcome::Done.into());
    let locked = act(&house, AccountAct::ResetPassword, WANG_WEI, Level::A2, 22, false).await;
    assert!(locked.link.unwrap().expose().contains("/unlock/"), "a new password also ends the lock");
}

#[tokio::test]
async fn an_account_in_other_hands_is_frozen_and_nothing_of_it_stays_logged_in() {
    let house = House::start().await;
    assert_eq!(act(&house, AccountAct::SecureAccount, AMY_CARTER, Level::A2, 30, false).await, Outcome::Done.into());
    assert_eq!(house.sub_status(AMY_CARTER).await, "frozen_by_hotline");
    let account = AccountRef::Msisdn(AMY_CARTER.to_owned());
    let extension = house.wallet().extension.as_ref().unwrap();
    assert!(extension.sessions(&account).await.unwrap().sessions.is_empty());
    assert!(extension.devices(&account).await.unwrap().devices.is_empty());
    let again = act(&house, AccountAct::Unlock, AMY_CARTER, Level::A3, 31, false).await;
    assert_eq!(again, declined(Decline::NeedsMore).into(), "a freeze is not ended by an unlock");
}

#[tokio::test]
async fn an_account_with_money_in_it_is_not_closed_and_a_wallet_without_the_extension_says_so() {
    let house = House::start().await;
    let close = act(&house, AccountAct::CloseAccount, LI_NA, Level::A3, 40, false).await;
    assert_eq!(close, declined(Decline::Obstacles).into());
    assert_eq!(act(&house, AccountAct::EnrolFactor, LI_NA, Level::A3, 41, false).await, declined(Decline::NeedsMore).into());
    assert!(act(&house, AccountAct::EnrolFactor, AMY_CARTER, Level::A3, 42, false).await.link.is_some());
    let without = House::open(false).await;
    for each in AccountAct::ALL {
        assert_eq!(act(&without, each, WANG_WEI, Level::A3, 43, false).await, declined(Decline::NotSupported).into(), "{each:?}");
    }
    assert_eq!(without.sub_status(WANG_WEI).await, "locked_failed_logins");
}
