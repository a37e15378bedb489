//! What WeChat Pay's API v3 says and is told about refunds (pay.weixin.qq.com, "申请退款" and "查询单笔退款", read on 2026-11-28). Sums are whole
//! numbers of the smallest unit. Fields that nobody here needs are left out.

use serde::{Deserialize, Serialize};

/// A request for a refund.
#[derive(Debug, Serialize)]
pub(super) struct RefundRequest<'a> {
    /// The order that was paid, by the number its seller gave it.
    pub(super) out_trade_no: &'a str,
    /// The refund's own number: its key. Sent again it has no second effect.
    pub(super) out_refund_no: &'a str,
    /// Where its end is told; https alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) notify_url: Option<&'a str>,
    pub(super) amount: RequestAmount,
}

#[derive(Debug, Serialize)]
pub(super) struct RequestAmount {
    pub(super) refund: i64,
    /// What was paid in all: a refund that names another sum is refused.
    pub(super) total: i64,
    pub(super) currency: String,
}

/// A refund as WeChat Pay has it.
#[derive(Debug, Deserialize)]
pub(super) struct RefundState {
    pub(super) refund_id: String,
    pub(super) out_refund_no: String,
    pub(super) status: String,
    pub(super) amount: StateAmount,
}

#[derive(Debug, Deserialize)]
pub(super) struct StateAmount {
    pub(super) refund: i64,
}

/// An order, as far as a refund needs it.
#[derive(Debug, Deserialize)]
pub(super) struct Order {
    pub(super) amount: OrderAmount,
}

#[derive(Debug, Deserialize)]
pub(super) struct OrderAmount {
    pub(super) total: i64,
}

/// Why something is refused.
#[derive(Debug, Deserialize)]
pub(super) struct Refusal {
    pub(super) code: String,
}
