//! The extension API: each part of it against its published file, a code that is good once, changes that happen once, and no word about
//! who has an account.

use crate::rig::{Rig, START_US, account, key};
use crate::spec::extension_operations;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use std::collections::BTreeSet;
use walletline_gsma::extension::{
    ApprovalAsked, ApprovalState, ClosingState, ExtensionClient, ExtensionError, LinkPurpose, Obstacle, SecondFactorKind,
    SecondFactorState, Verdict,
};
use walletline_gsma::sandbox::{CodeTyped, LinkUsed};
use walletline_gsma::wire::SubStatus;
use walletline_gsma::{Config, Error, Private};

/// The key behind Li Na's secret of the demo world, as bytes.
const KEY: &[u8] = b"Hello!\xDE\xAD\xBE\xEFHello!\xDE\xAD\xBE\xEF";

/// The code of a step, computed here by RFC 4226 and not by what is tested.
fn code(steps_from_start: i64) -> Private {
    let step = START_US / 30_000_000 + steps_from_start;
    let mut mac = <Hmac<Sha1> as KeyInit>::new_from_slice(KEY).unwrap();
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] & 15);
    let number = u32::from_be_bytes([hash[at] & 0x7f, hash[at + 1], hash[at + 2], hash[at + 3]]);
    Private::new(format!("{:06}", number % 1_000_000))
}

fn is_not_found(error: &ExtensionError) -> bool {
    matches!(error, ExtensionError::Failed(Error::Refused(refused)) if refused.is_not_found())
}

#[tokio::test]
async fn a_code_is_accepted_once_and_one_step_to_either_side() {
    let rig = Rig::in_memory().await;
    let li_na = account("W100001");
    let mut asked = 0;
    for (step, verdict) in [
        (-2, Verdict::Refused),
        (-1, Verdict::Accepted),
        (-1, Verdict::Refused),
        (1, Verdict::Accepted),
        (0, Verdict::Refused),
        (2, Verdict::Refused),
    ] {
        asked += 1;
        let said = rig.extension.verify_second_factor(&li_na, code(step), &key(asked)).await.unwrap();
        assert_eq!(said, verdict, "step {step}, asked as number {asked}");
    }
    rig.advance(60).await;
    assert_eq!(rig.extension.verify_second_factor(&li_na, code(2), &key(9)).await.unwrap(), Verdict::Accepted);
    assert_eq!(
        rig.extension.verify_second_factor(&li_na, code(2), &key(9)).await.unwrap(),
        Verdict::Accepted,
        "the same question is answered the same"
    );
    rig.assert_conforming();
}

#[tokio::test]
async fn five_refused_codes_block_even_the_right_one_for_a_while() {
    let rig = Rig::in_memory().await;
    let li_na = account("W100001");
    let wrong = || Private::new("000000");
    for number in 1..5 {
        assert_eq!(rig.extension.verify_second_factor(&li_na, wrong(), &key(number)).await.unwrap(), Verdict::Refused);
    }
    assert_eq!(rig.extension.verify_second_factor(&li_na, wrong(), &key(5)).await.unwrap(), Verdict::Blocked);
    assert_eq!(rig.extension.verify_second_factor(&li_na, code(0), &key(6)).await.unwrap(), Verdict::Blocked);
    let factors = rig.extension.second_factors(&li_na).await.unwrap().second_factors;
    assert_eq!(factors[0].state, SecondFactorState::Blocked);
    rig.advance(15 * 60).await;
    assert_eq!(rig.extension.verify_second_factor(&li_na, code(30), &key(7)).await.unwrap(), Verdict::Accepted);
    rig.assert_conforming();
}

#[tokio::test]
async fn who_has_no_second_factor_or_no_account_is_refused_alike() {
    let rig = Rig::in_memory().await;
    for (number, id) in [(1, "W100003"), (2, "W999999"), (3, "W100005")] {
        let said = rig.extension.verify_second_factor(&account(id), code(0), &key(number)).await.unwrap();
        assert_eq!(said, Verdict::Refused, "{id}");
    }
    assert!(is_not_found(&rig.extension.second_factors(&account("W999999")).await.unwrap_err()));
    let harbor = ExtensionClient::new(&Config::new(rig.listening.url("/harbor/extension/v1"))).unwrap();
    assert!(is_not_found(&harbor.sessions(&account("W100004")).await.unwrap_err()), "a customer of the other brand");
    rig.assert_conforming();
}

#[tokio::test]
async fn every_operation_of_the_published_file_is_there_and_keeps_to_it() {
    let rig = Rig::in_memory().await;
    let (li_na, amy) = (account("W100001"), account("W100003"));
    enrol_and_revoke(&rig).await;
    let sessions = rig.extension.sessions(&li_na).await.unwrap().sessions;
    rig.extension.end_session(&li_na, &sessions[0].session_id, &key(10)).await.unwrap();
    rig.extension.end_sessions(&li_na, &key(11)).await.unwrap();
    rig.extension.end_sessions(&li_na, &key(11)).await.unwrap();
    assert!(rig.extension.sessions(&li_na).await.unwrap().sessions.is_empty());
    let devices = rig.extension.devices(&amy).await.unwrap().devices;
    rig.extension.unbind_device(&amy, &devices[0].device_id, &key(12)).await.unwrap();
    assert!(rig.extension.sessions(&amy).await.unwrap().sessions.is_empty(), "its sessions went with it");
    assert!(is_not_found(&rig.extension.unbind_device(&amy, &devices[0].device_id, &key(13)).await.unwrap_err()));
    rig.extension.verify_second_factor(&li_na, code(0), &key(14)).await.unwrap();
    let closing = rig.extension.closing(&li_na).await.unwrap();
    assert_eq!((closing.state, closing.obstacles.first()), (ClosingState::None, Some(&Obstacle::Balance)));
    assert!(matches!(rig.extension.close(&li_na, &key(15)).await, Err(ExtensionError::Failed(Error::Refused(_)))));
    assert!(is_not_found(&rig.extension.keep_open(&li_na, &key(16)).await.unwrap_err()));
    let asked = ApprovalAsked {
        code: Private::new("42"),
        agent: "1024".to_owned(),
        operation: "refund".to_owned(),
        amount: Some("128.00".to_owned()),
        currency: Some("CNY".to_owned()),
        payee: None,
    };
    let approval = rig.extension.ask_approval(&li_na, &asked, &key(17)).await.unwrap();
    rig.control.type_code(&approval.approval_id, &CodeTyped { code: "41".to_owned() }).await.unwrap();
    assert_eq!(rig.extension.approval(&li_na, &approval.approval_id).await.unwrap().state, ApprovalState::Pending);
    let open = rig.control.approvals().await.unwrap();
    assert_eq!((open[0].number.as_str(), open[0].amount.as_deref()), (approval.approval_id.as_str(), Some("128.00")));
    rig.control.type_code(&approval.approval_id, &CodeTyped { code: "42".to_owned() }).await.unwrap();
    let approved = rig.extension.approval(&li_na, &approval.approval_id).await.unwrap();
    assert_eq!((approved.state, approved.bound_at), (ApprovalState::Approved, None), "her sessions were ended above");
    assert!(rig.control.approvals().await.unwrap().is_empty());
    let typed = CodeTyped { code: "42".to_owned() };
    assert!(rig.control.type_code(&approval.approval_id, &typed).await.is_err(), "a code is typed once");
    let zhao_lei = account("W100004");
    for (key_of, wrong) in [(20, true), (21, false)] {
        let asked = rig.extension.ask_approval(&zhao_lei, &asked, &key(key_of)).await.unwrap().approval_id;
        if wrong {
            for _ in 0..3 {
                rig.control.type_code(&asked, &CodeTyped { code: "41".to_owned() }).await.unwrap();
            }
            assert!(rig.control.type_code(&asked, &typed).await.is_err(), "three wrong ones refuse it");
        } else {
            rig.control.refuse(&asked).await.unwrap();
        }
        assert_eq!(rig.extension.approval(&zhao_lei, &asked).await.unwrap().state, ApprovalState::Refused);
    }
    let late = rig.extension.ask_approval(&zhao_lei, &asked, &key(22)).await.unwrap().approval_id;
    rig.advance(2 * 60).await;
    assert!(rig.control.type_code(&late, &typed).await.is_err());
    assert_eq!(rig.extension.approval(&zhao_lei, &late).await.unwrap().state, ApprovalState::Expired);
    assert!(is_not_found(&rig.extension.approval(&amy, &approval.approval_id).await.unwrap_err()), "another customer's");
    unlock(&rig).await;
    rig.assert_conforming();
    assert_eq!(rig.extended(), extension_operations().into_iter().collect::<BTreeSet<_>>());
    let ledger: Vec<_> = rig.control.ledger().await.unwrap().into_iter().map(|entry| entry.operation).collect();
    assert_eq!(ledger, ["second_factor_revoked", "sessions_ended", "sessions_ended", "device_unbound"]);
}

async fn enrol_and_revoke(rig: &Rig) {
    let amy = account("W100003");
    let link = rig.extension.enrol_second_factor(&amy, SecondFactorKind::Totp, &key(1)).await.unwrap();
    let number = link.url.expose().rsplit('/').next().unwrap().to_owned();
    let state = || async { rig.extension.second_factors(&amy).await.unwrap().second_factors[0].state.clone() };
    assert_eq!(state().await, SecondFactorState::Invited);
    let used = LinkUsed { totp_secret: Some("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".to_owned()) };
    rig.control.use_link(&number, &used).await.unwrap();
    assert_eq!(state().await, SecondFactorState::Active);
    assert!(rig.control.use_link(&number, &used).await.is_err(), "a link is used once");
    rig.extension.revoke_second_factor(&amy, &SecondFactorKind::Totp, &key(2)).await.unwrap();
    assert!(rig.extension.second_factors(&amy).await.unwrap().second_factors.is_empty());
}

async fn unlock(rig: &Rig) {
    let wang_wei = account("W100002");
    let link = rig.extension.password_link(&wang_wei, LinkPurpose::Unlock, &key(18)).await.unwrap();
    assert_eq!(link, rig.extension.password_link(&wang_wei, LinkPurpose::Unlock, &key(18)).await.unwrap(), "one key, one link");
    let number = link.url.expose().rsplit('/').next().unwrap();
    rig.control.use_link(number, &LinkUsed::default()).await.unwrap();
    assert_eq!(rig.jinqiao.status(&wang_wei).await.unwrap().sub_status, SubStatus::None);
    let late = rig.extension.password_link(&wang_wei, LinkPurpose::Reset, &key(19)).await.unwrap();
    rig.advance(30 * 60).await;
    assert!(rig.control.use_link(late.url.expose().rsplit('/').next().unwrap(), &LinkUsed::default()).await.is_err());
}

#[tokio::test]
async fn a_key_that_is_used_for_something_else_is_refused_and_a_lost_answer_is_given_again() {
    let rig = Rig::in_memory().await;
    let li_na = account("W100001");
    rig.fault("second_factor", "fail_after").await;
    assert!(rig.extension.verify_second_factor(&li_na, code(0), &key(1)).await.is_err());
    let said = rig.extension.verify_second_factor(&li_na, code(0), &key(1)).await.unwrap();
    assert_eq!(said, Verdict::Accepted, "the code was taken, and its answer lost");
    assert!(rig.extension.end_sessions(&li_na, &key(1)).await.is_err());
    assert_eq!(rig.extension.sessions(&li_na).await.unwrap().sessions.len(), 1);
    rig.assert_conforming();
}
