//! What the page says that tells how a refund stands.

use walletline_core::kernel::language::Language;
use walletline_core::money::State;

/// The words of the page.
pub(in crate::web::site) struct RefundWords {
    pub(in crate::web::site) title: &'static str,
    /// Nothing on the page is about an account.
    pub(in crate::web::site) shows: &'static str,
    needs_factor: &'static str,
    waits: &'static str,
    approved: &'static str,
    at_wallet: &'static str,
    unclear: &'static str,
    done: &'static str,
    rejected: &'static str,
    declined: &'static str,
    expired: &'static str,
    failed: &'static str,
}

impl RefundWords {
    /// The words in a language.
    pub(in crate::web::site) const fn of(language: Language) -> &'static Self {
        match language {
            Language::ZhCn => &ZH_CN,
            Language::En => &EN,
        }
    }

    /// How far it has come.
    pub(in crate::web::site) const fn state(&self, state: State, needs_factor: bool) -> &'static str {
        match state {
            State::AwaitingApproval if needs_factor => self.needs_factor,
            State::Draft | State::Requested | State::EligibilityChecked | State::AwaitingApproval => self.waits,
            State::Approved | State::Submitting => self.approved,
            State::Submitted | State::Pending => self.at_wallet,
            State::ActionNeeded | State::Unknown => self.unclear,
            State::Succeeded => self.done,
            State::Rejected => self.rejected,
            State::Declined => self.declined,
            State::Expired => self.expired,
            State::Failed | State::Cancelled => self.failed,
        }
    }
}

const EN: RefundWords = RefundWords {
    title: "How your refund stands",
    shows: "This page shows no sum, no account and no name. Who you are is never asked here.",
    needs_factor: "We have your request. Before anything goes back we need your second factor: call the official number, choose refunds, and \
name the same transaction.",
    waits: "We have your request. A second person looks at it and decides; we send you a message then.",
    approved: "It is approved, and about to be sent to your wallet.",
    at_wallet: "Your wallet is working on it. The money goes back to the account that paid; we send you a message when it is done.",
    unclear: "Your wallet has not confirmed it yet. We keep asking, and people look into it. You need not do anything.",
    done: "It is done: the money went back to the account that paid.",
    rejected: "The transaction does not allow a refund. Nothing went back. Call the official number if you have a question.",
    declined: "It was declined. Nothing went back. Call the official number if you disagree.",
    expired: "Nobody could decide in time, and it has ended. Nothing went back. You can ask for it again.",
    failed: "It could not be carried out. No money has moved. A person follows it up, and you can call with your reference.",
};

const ZH_CN: RefundWords = RefundWords {
    title: "退款进度",
    shows: "本页不显示金额、账户和姓名，也不会询问您的身份。",
    needs_factor: "我们已收到您的申请。退款以前还需要您的第二重验证：请拨打官方热线，选择退款，并输入同一笔交易。",
    waits: "我们已收到您的申请，正由另一位工作人员复核。有结果后会通知您。",
    approved: "申请已批准，即将发往钱包。",
    at_wallet: "钱包正在处理。款项会退回原付款账户，完成后会通知您。",
    unclear: "钱包尚未确认。我们会继续查询，并由人工核实，您无需做任何事。",
    done: "已经完成：款项退回了原付款账户。",
    rejected: "这笔交易不能退款，没有款项退回。如有疑问，请拨打官方热线。",
    declined: "申请未获批准，没有款项退回。如有异议，请拨打官方热线。",
    expired: "未能在期限内完成复核，申请已结束，没有款项退回。您可以重新申请。",
    failed: "退款未能完成，没有资金变动。我们会人工跟进，您也可以凭受理编号来电。",
};
