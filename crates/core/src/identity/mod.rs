//! Who is calling: what was shown, what it is worth, and what it opens. The ladder says what each act needs, a challenge is one
//! code sent out or keyed, a standing is what one contact has reached, and a permit is the only key to an act on a wallet.

mod acts;
mod app_transfer;
mod challenge;
mod ladder;
mod permit;
mod second_factor;
mod standing;

pub use acts::{FreezeAccount, Guarded, ReadTransaction, RequestRefund};
pub use app_transfer::{AppJudged, AskedApp, Linked, ask_app, judge_app};
pub use challenge::{
    Addressee, Challenge, ChallengeState, Checked, CodeHash, CodeLimits, NewCode, Sending, check_code, may_send_code, send_code,
    standing_code,
};
pub use ladder::{ActRule, FactorRule, Ladder, Means, Protected, Signal, SignalRule, Signals};
pub use permit::{AccountPermit, NotPermitted, OnAccount, Permit, Redeemed, RedeemedAct};
pub use second_factor::{Judged, KeyedSecond, judge_second};
pub use standing::{Approved, Claim, Proof, Standing};
