//! Who is calling: what was shown, what it is worth, and what it opens. The ladder says what each act needs, a challenge is one
//! code sent out, a standing is what one contact has reached, and a permit is the only key to an act on a wallet.

mod challenge;
mod ladder;
mod permit;
mod standing;

pub use challenge::{
    Addressee, Challenge, ChallengeState, Checked, CodeHash, CodeLimits, NewCode, Sending, check_code, may_send_code, send_code,
    standing_code,
};
pub use ladder::{FreezeAccount, Guarded, ReadTransaction, Signals};
pub use permit::{NotPermitted, Permit, Redeemed};
pub use standing::{Claim, Standing};
