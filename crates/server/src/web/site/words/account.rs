//! What the pages say on which customers help themselves.

use crate::web::site::pages::account::act::Act;
use walletline_core::ivr::dialogue::{Moment, RefundHurdle, TransactionStanding};
use walletline_core::kernel::language::Language;

/// Names of things by the word that stands for them.
type Names = &'static [(&'static str, &'static str)];

/// The words of the pages.
pub(in crate::web::site) struct AccountWords {
    pub(in crate::web::site) title: &'static str,
    pub(in crate::web::site) lead: &'static str,
    pub(in crate::web::site) wallet: &'static str,
    pub(in crate::web::site) number: &'static str,
    pub(in crate::web::site) number_hint: &'static str,
    pub(in crate::web::site) wrong_number: &'static str,
    pub(in crate::web::site) send: &'static str,
    pub(in crate::web::site) kept: &'static str,
    pub(in crate::web::site) rather_call: &'static str,
    pub(in crate::web::site) code_title: &'static str,
    /// The same for every number.
    pub(in crate::web::site) code_lead: &'static str,
    pub(in crate::web::site) code: &'static str,
    pub(in crate::web::site) code_hint: &'static str,
    pub(in crate::web::site) check: &'static str,
    pub(in crate::web::site) wrong_code: &'static str,
    pub(in crate::web::site) another_lead: &'static str,
    pub(in crate::web::site) another: &'static str,
    pub(in crate::web::site) code_again: &'static str,
    pub(in crate::web::site) another_number: &'static str,
    pub(in crate::web::site) ended: &'static str,
    pub(in crate::web::site) left: &'static str,
    pub(in crate::web::site) over: (&'static str, &'static str),
    pub(in crate::web::site) person: (&'static str, &'static str),
    pub(in crate::web::site) unavailable: (&'static str, &'static str),
    pub(in crate::web::site) no_codes: (&'static str, &'static str),
    pub(in crate::web::site) again: &'static str,
    pub(in crate::web::site) way_back: &'static str,
    pub(in crate::web::site) menu_title: &'static str,
    pub(in crate::web::site) menu_lead: &'static str,
    pub(in crate::web::site) leave: &'static str,
    pub(in crate::web::site) find: &'static str,
    pub(in crate::web::site) find_button: &'static str,
    pub(in crate::web::site) transaction: &'static str,
    pub(in crate::web::site) transaction_hint: &'static str,
    pub(in crate::web::site) not_a_transaction: &'static str,
    pub(in crate::web::site) not_found: &'static str,
    pub(in crate::web::site) several: &'static str,
    pub(in crate::web::site) kind: &'static str,
    kinds: Names,
    pub(in crate::web::site) status: &'static str,
    statuses: Names,
    standings: Standings,
    pub(in crate::web::site) reference: &'static str,
    pub(in crate::web::site) followed: &'static str,
    pub(in crate::web::site) basis: &'static str,
    pub(in crate::web::site) no_basis: &'static str,
    pub(in crate::web::site) history: &'static str,
    pub(in crate::web::site) no_history: &'static str,
    events: Names,
    pub(in crate::web::site) watch: &'static str,
    pub(in crate::web::site) watch_lead: &'static str,
    pub(in crate::web::site) watch_button: &'static str,
    pub(in crate::web::site) watching: &'static str,
    pub(in crate::web::site) another_transaction: &'static str,
    pub(in crate::web::site) back_to_transaction: &'static str,
    pub(in crate::web::site) refund: RefundAsked,
    pub(in crate::web::site) acts: Acts,
}

/// What can be done to an account.
pub(in crate::web::site) struct Acts {
    pub(in crate::web::site) title: &'static str,
    pub(in crate::web::site) lead: &'static str,
    /// In the order of [`Act::ALL`].
    acts: [ActWords; Act::ALL.len()],
    pub(in crate::web::site) second: &'static str,
    pub(in crate::web::site) second_hint: &'static str,
    pub(in crate::web::site) confirm: &'static str,
    pub(in crate::web::site) done_title: &'static str,
    pub(in crate::web::site) not_done_title: &'static str,
    pub(in crate::web::site) not_yet_title: &'static str,
    pub(in crate::web::site) needs_more: &'static str,
    pub(in crate::web::site) unsupported: &'static str,
    pub(in crate::web::site) not_yet: &'static str,
    pub(in crate::web::site) look_again: &'static str,
}

/// One of them.
pub(in crate::web::site) struct ActWords {
    pub(in crate::web::site) name: &'static str,
    /// What it does.
    pub(in crate::web::site) does: &'static str,
    pub(in crate::web::site) done: &'static str,
}

impl Acts {
    /// The words for one.
    pub(in crate::web::site) const fn of(&self, act: Act) -> &ActWords {
        &self.acts[act as usize]
    }
}

/// How a transaction stands, and what the date beside it is.
struct Standings {
    completed: &'static str,
    on_time: (&'static str, &'static str),
    late: (&'static str, &'static str),
    overdue: &'static str,
    refund_due: (&'static str, &'static str),
    failed: &'static str,
    refunded: &'static str,
    unknown: &'static str,
}

/// Money back.
pub(in crate::web::site) struct RefundAsked {
    pub(in crate::web::site) title: &'static str,
    pub(in crate::web::site) lead: &'static str,
    pub(in crate::web::site) look: &'static str,
    pub(in crate::web::site) amount: &'static str,
    pub(in crate::web::site) offer: &'static str,
    pub(in crate::web::site) waiting: &'static str,
    pub(in crate::web::site) code: &'static str,
    pub(in crate::web::site) code_hint: &'static str,
    pub(in crate::web::site) code_missing: &'static str,
    pub(in crate::web::site) ask: &'static str,
    pub(in crate::web::site) taken: &'static str,
    pub(in crate::web::site) approved: &'static str,
    pub(in crate::web::site) waits: &'static str,
    pub(in crate::web::site) needs_factor: &'static str,
    /// Before and after the number of hours.
    within: (&'static str, &'static str),
    pub(in crate::web::site) follow: &'static str,
    pub(in crate::web::site) link_good_for: &'static str,
    asked_for: &'static str,
    not_the_payer: &'static str,
    not_completed: &'static str,
    reversed: &'static str,
    not_refundable: &'static str,
}

impl AccountWords {
    /// The words in a language.
    pub(in crate::web::site) const fn of(language: Language) -> &'static Self {
        match language {
            Language::ZhCn => &ZH_CN,
            Language::En => &EN,
        }
    }

    /// What a kind of transaction is called.
    pub(in crate::web::site) fn kind_of(&self, kind: &str) -> &'static str {
        named(self.kinds, kind)
    }

    /// How far the wallet says it is.
    pub(in crate::web::site) fn status_of(&self, status: &str) -> &'static str {
        named(self.statuses, status)
    }

    /// What was observed.
    pub(in crate::web::site) fn event(&self, what: &str) -> &'static str {
        named(self.events, what)
    }

    /// How it stands, and the date that matters with what it is.
    pub(in crate::web::site) fn standing(
        &self,
        standing: &TransactionStanding,
    ) -> (&'static str, Option<(&'static str, Moment)>) {
        let s = &self.standings;
        match standing {
            TransactionStanding::Completed => (s.completed, None),
            TransactionStanding::OnTime { by } => (s.on_time.0, Some((s.on_time.1, *by))),
            TransactionStanding::Late { by } => (s.late.0, Some((s.late.1, *by))),
            TransactionStanding::Overdue => (s.overdue, None),
            TransactionStanding::RefundDue { by } => (s.refund_due.0, Some((s.refund_due.1, *by))),
            TransactionStanding::Failed => (s.failed, None),
            TransactionStanding::Refunded => (s.refunded, None),
            TransactionStanding::Unknown => (s.unknown, None),
        }
    }
}

impl RefundAsked {
    /// Why nothing can be asked for, and the reference where it was before.
    pub(in crate::web::site) fn hurdle<'a>(&self, hurdle: &'a RefundHurdle) -> (&'static str, Option<&'a str>) {
        match hurdle {
            RefundHurdle::AskedFor { reference } => (self.asked_for, Some(reference)),
            RefundHurdle::NotThePayer => (self.not_the_payer, None),
            RefundHurdle::NotCompleted => (self.not_completed, None),
            RefundHurdle::Reversed => (self.reversed, None),
            RefundHurdle::NotRefundable => (self.not_refundable, None),
        }
    }

    /// Within how long, in whole hours.
    pub(in crate::web::site) fn within(&self, within_s: u64) -> String {
        format!("{}{}{}", self.within.0, within_s / 3_600, self.within.1)
    }
}

/// The last name stands for whatever is not listed.
fn named(names: Names, word: &str) -> &'static str {
    names.iter().find(|(known, _)| *known == word).or(names.last()).map_or("", |(_, name)| name)
}

const EN: AccountWords = AccountWords {
    title: "Look it up yourself",
    lead: "See where one of your payments stands, be told when it moves, or ask for a refund. First show that it is you: we send a code to \
the registered phone.",
    wallet: "Your wallet",
    number: "Registered phone number",
    number_hint: "The number that your account is registered with.",
    wrong_number: "That is not a complete phone number. Please check it.",
    send: "Send the code",
    kept: "That you were here, and what you looked up, is on record as it is for a call. The number that you type is shown to nobody.",
    rather_call: "I would rather call",
    code_title: "Enter the code",
    code_lead: "If this number is registered, a six-digit code is on its way to it by text message. It is good for ten minutes.",
    code: "Code from the text message",
    code_hint: "Type it here, on this page, only. Nobody of the hotline ever asks you to read it out.",
    check: "Go on",
    wrong_code: "That did not verify you. Please check the code and enter it again.",
    another_lead: "No message after a minute?",
    another: "Send another code",
    code_again: "If this number is registered, another code is on its way. We send at most one a minute.",
    another_number: "Another number",
    ended: "Your visit has ended: nothing happened for 15 minutes, or it was finished. Please begin again.",
    left: "You have finished. Nobody who uses this browser after you sees anything of it.",
    over: (
        "A person goes on from here",
        "We could not verify you here. Please call the official number: the menu and our people can go on, and an emergency freeze works \
at any time with key 9.",
    ),
    person: ("A person has to do this", "We cannot do this on this page. Please call the official number."),
    unavailable: (
        "We cannot look it up just now",
        "The wallet or our own records do not answer. Please try again in a few minutes, or call the official number.",
    ),
    no_codes: (
        "This is not offered here yet",
        "No code can be sent for this wallet, so you cannot be verified on this page. Please call the official number.",
    ),
    again: "Back to the beginning",
    way_back: "You are here",
    menu_title: "You are verified",
    menu_lead: "This lasts for 15 minutes without use. Finish when you are done, above all where others use this device.",
    leave: "Finish",
    find: "Where is my payment?",
    find_button: "Look it up",
    transaction: "Transaction",
    transaction_hint: "Its number: all twelve digits, or the last six.",
    not_a_transaction: "That is not the number of a transaction: enter all twelve digits, or the last six.",
    not_found: "We cannot find such a transaction of yours. Please check the number.",
    several: "More than one of your transactions ends with these digits. Please enter all twelve.",
    kind: "Kind",
    kinds: &[
        ("wallet_to_wallet", "Wallet to wallet"),
        ("cross_border", "Cross-border"),
        ("merchant_payment", "Payment to a merchant"),
        ("bank_transfer", "Bank transfer"),
        ("refund", "Refund"),
        ("other", "Other"),
    ],
    status: "Your wallet says",
    statuses: &[
        ("pending", "On its way"),
        ("completed", "Completed"),
        ("refunded", "Refunded"),
        ("failed", "Failed"),
        ("unknown", "Not known yet"),
    ],
    standings: Standings {
        completed: "It has arrived.",
        on_time: ("It is on its way, and on time.", "Expected no later than"),
        late: ("It is on its way, but later than usual.", "If it has not arrived, we follow it up from"),
        overdue: "It is overdue. It should have arrived by now.",
        refund_due: ("It has failed.", "The money is due back by"),
        failed: "It has failed. A person can tell you what comes next.",
        refunded: "It has been refunded. The money went back to the account that paid.",
        unknown: "It is being processed. We cannot say yet when it will arrive.",
    },
    reference: "Reference",
    followed: "We have opened a case for you and follow it up. You also get its reference by text message.",
    basis: "The usual time rests on:",
    no_basis: "No usual time is known for it.",
    history: "So far",
    no_history: "Your wallet reports no steps.",
    events: &[
        ("created", "Ordered"),
        ("received", "Accepted"),
        ("pending", "On its way"),
        ("completed", "Completed"),
        ("failed", "Failed"),
        ("in_progress", "On its way"),
        ("settled", "Settled between the banks"),
        ("credited", "Credited to the receiver"),
        ("rejected", "Rejected"),
        ("cancelled_by_payer", "Cancelled by the payer"),
        ("wrong_account", "The account number is wrong"),
        ("closed_account", "The receiving account is closed"),
        ("blocked_account", "The receiving account takes no bookings"),
        ("wrong_name", "The name does not match, or details are missing"),
        ("wrong_bank", "The receiving bank was not found"),
        ("not_enough_money", "There was not enough money"),
        ("amount_outside_limits", "The amount is outside the limits"),
        ("wrong_currency", "The currency is wrong or not supported"),
        ("duplicate", "The same payment was there already"),
        ("not_supported", "The receiver does not take this kind of payment"),
        ("no_answer", "The other side did not answer in time"),
        ("past_cut_off", "Too late for the day"),
        ("returned_by_receiver", "Not taken, or sent back, by the receiver"),
        ("under_review", "Under review"),
        ("not_said", "The other side gave no reason"),
    ],
    watch: "Tell me when it moves",
    watch_lead: "We keep looking, and send you a message at your registered addresses when it moves. If it becomes overdue, we open a case by \
ourselves.",
    watch_button: "Tell me when it moves",
    watching: "We are watching it, and send you a message when it moves.",
    another_transaction: "Another transaction",
    back_to_transaction: "Back to the transaction",
    refund: RefundAsked {
        title: "Refund",
        lead: "See what of this payment can go back to the account that paid it.",
        look: "What can go back?",
        amount: "Can go back",
        offer: "All of it goes back to the account that paid, and nowhere else.",
        waiting: "It has been asked for, and still needs your one-time code.",
        code: "One-time code of your authenticator",
        code_hint: "The six digits that your code app shows now. Without it your request is noted all the same, and you can show it within 72 \
hours.",
        code_missing: "Please enter the six digits that your code app shows now.",
        ask: "Ask for the refund",
        taken: "Your refund request is noted",
        approved: "It is approved. The money goes back to the account that paid, and we tell you by text message when it is done.",
        waits: "A second person looks at it and decides. We tell you by text message.",
        needs_factor: "Before anything goes back, we need your one-time code: come back here, or call and choose refunds, and name the same \
transaction.",
        within: ("At most ", " hours."),
        follow: "Follow it",
        link_good_for: "Whoever has this link sees how the request stands, and nothing else. It is good for 30 days; you get it by text \
message as well.",
        asked_for: "It has been asked for already, and we are following it up. You get a text message at each step.",
        not_the_payer: "It was not paid from your account, so nothing can go back to you.",
        not_completed: "It is not complete, so there is nothing to refund yet. If it fails, the money comes back by itself.",
        reversed: "It has been refunded already.",
        not_refundable: "It is of a kind that is not refunded here. A person can tell you what you can do.",
    },
    acts: Acts {
        title: "Your account",
        lead: "Each page says first what happens and what is needed.",
        acts: [
            ActWords {
                name: "Unlock my account",
                does: "Your account will be unlocked, and every device logged out. Your password stays as it is.",
                done: "Your account is unlocked, and every device is logged out. A confirmation goes to your registered addresses.",
            },
            ActWords {
                name: "A new password",
                does: "We send a link to your registered phone, and you set a new password yourself, on the wallet's own page. Every device \
will be logged out.",
                done: "The link is on its way. It is good for thirty minutes and works once. Open it and set a new password yourself.",
            },
            ActWords {
                name: "Log out every device",
                does: "Every device will be logged out and removed, and you log in again on your own.",
                done: "Every device is logged out. A confirmation goes to your registered addresses.",
            },
            ActWords {
                name: "Somebody else is in my account",
                does: "Your account will be frozen at once: it cannot log in or pay. Every device will be logged out and removed. A person \
shows you the way back.",
                done: "Your account is frozen, and every device is logged out. A confirmation goes to your registered addresses. Please call \
for the way back.",
            },
            ActWords {
                name: "Emergency freeze",
                does: "The account of the number that you typed will be frozen: it cannot log in or pay. Payments that are done cannot be taken \
back.",
                done: "The wallet of this number, if there is one, is frozen. A confirmation goes to its registered addresses.",
            },
        ],
        second: "One-time code of your authenticator",
        second_hint: "If you use two-step log-in: the six digits that your code app shows now. If you do not, leave it empty.",
        confirm: "Do it now",
        done_title: "It is carried out",
        not_done_title: "This cannot be done here",
        not_yet_title: "It is not confirmed yet",
        needs_more: "Nothing was changed. It needs more proof that it is you, or a second member of our staff must agree. We have opened a case \
for you: please call and name the reference.",
        unsupported: "This wallet does not offer it automatically yet. We have opened a case, and a person takes care of it.",
        not_yet: "We keep trying, and tell your registered addresses what came of it. In a hurry, please call and name the reference.",
        look_again: "Look again",
    },
};

const ZH_CN: AccountWords = AccountWords {
    title: "自助查询与办理",
    lead: "查询一笔付款的进度、在有变化时收到通知，或申请退款。请先核验身份：我们会向注册手机发送验证码。",
    wallet: "您的钱包",
    number: "注册手机号码",
    number_hint: "您账户注册时使用的号码。",
    wrong_number: "这不是完整的手机号码，请核对。",
    send: "发送验证码",
    kept: "您的访问和查询会像来电一样留下记录。您输入的号码不会显示给任何人。",
    rather_call: "改为拨打热线",
    code_title: "输入验证码",
    code_lead: "如果这个号码已经注册，我们已向它发送六位数的短信验证码，十分钟内有效。",
    code: "短信验证码",
    code_hint: "只在本页面输入。热线人员绝不会让您念出验证码。",
    check: "继续",
    wrong_code: "核验没有通过，请核对后重新输入。",
    another_lead: "一分钟后仍未收到短信？",
    another: "重新发送验证码",
    code_again: "如果这个号码已经注册，新的验证码正在发送。每分钟最多发送一条。",
    another_number: "换一个号码",
    ended: "本次访问已经结束：15 分钟内没有操作，或者已经退出。请重新开始。",
    left: "您已退出。之后使用这个浏览器的人看不到您查询的内容。",
    over: (
        "请由人工继续办理",
        "我们无法在这里核验您的身份。请拨打官方热线，由菜单或客服人员继续办理；随时按 9 可以紧急冻结账户。",
    ),
    person: ("需要人工办理", "这件事无法在本页面办理，请拨打官方热线。"),
    unavailable: ("暂时无法查询", "钱包或我们的系统没有回应。请过几分钟再试，或拨打官方热线。"),
    no_codes: ("这里暂时不提供此服务", "目前无法为这个钱包发送验证码，因此不能在本页面核验身份。请拨打官方热线。"),
    again: "回到开头",
    way_back: "当前位置",
    menu_title: "您已通过核验",
    menu_lead: "15 分钟内没有操作会自动退出。办完后请退出，尤其是在他人也会使用的设备上。",
    leave: "退出",
    find: "我的付款到哪里了？",
    find_button: "查询",
    transaction: "交易",
    transaction_hint: "交易编号：完整的十二位数字，或最后六位。",
    not_a_transaction: "这不是交易编号：请输入完整的十二位数字，或最后六位。",
    not_found: "我们没有找到您的这笔交易，请核对编号。",
    several: "您有不止一笔交易以这几位数字结尾，请输入完整的十二位编号。",
    kind: "类型",
    kinds: &[
        ("wallet_to_wallet", "钱包转账"),
        ("cross_border", "跨境汇款"),
        ("merchant_payment", "商户付款"),
        ("bank_transfer", "银行转账"),
        ("refund", "退款"),
        ("other", "其他"),
    ],
    status: "钱包显示",
    statuses: &[
        ("pending", "处理中"),
        ("completed", "已完成"),
        ("refunded", "已退款"),
        ("failed", "失败"),
        ("unknown", "暂不明确"),
    ],
    standings: Standings {
        completed: "已经到账。",
        on_time: ("正在途中，进度正常。", "最晚预计时间"),
        late: ("正在途中，比通常慢。", "届时仍未到账，我们将从此时起跟进"),
        overdue: "已经超时，本应到账。",
        refund_due: ("交易失败。", "款项最晚退回日期"),
        failed: "交易失败。客服人员可以告诉您下一步怎么办。",
        refunded: "已经退款，款项退回了原付款账户。",
        unknown: "正在处理，暂时无法确定何时到账。",
    },
    reference: "受理编号",
    followed: "我们已为您立案跟进，受理编号也会以短信发送。",
    basis: "通常时间的依据：",
    no_basis: "没有可依据的通常时间。",
    history: "进展",
    no_history: "钱包没有给出进展。",
    events: &[
        ("created", "已下单"),
        ("received", "已受理"),
        ("pending", "处理中"),
        ("completed", "已完成"),
        ("failed", "失败"),
        ("in_progress", "在途中"),
        ("settled", "银行间已清算"),
        ("credited", "已入收款账户"),
        ("rejected", "被拒绝"),
        ("cancelled_by_payer", "付款方取消"),
        ("wrong_account", "收款账号有误"),
        ("closed_account", "收款账户已销户"),
        ("blocked_account", "收款账户不能入账"),
        ("wrong_name", "户名与账户不符或信息不全"),
        ("wrong_bank", "找不到收款银行"),
        ("not_enough_money", "余额不足"),
        ("amount_outside_limits", "金额超出限额"),
        ("wrong_currency", "币种不符或不支持"),
        ("duplicate", "重复的付款"),
        ("not_supported", "收款方不支持此类付款"),
        ("no_answer", "对方机构没有及时回应"),
        ("past_cut_off", "已过当日截止时间"),
        ("returned_by_receiver", "收款方未接收或退回"),
        ("under_review", "正在审核"),
        ("not_said", "对方未说明原因"),
    ],
    watch: "有变化时通知我",
    watch_lead: "我们会持续查询，一有变化就向您登记的联系方式发送消息。如果超时，我们会自动立案。",
    watch_button: "有变化时通知我",
    watching: "正在为您关注这笔交易，一有变化就通知您。",
    another_transaction: "查询另一笔交易",
    back_to_transaction: "返回这笔交易",
    refund: RefundAsked {
        title: "退款",
        lead: "查看这笔付款可以退回原付款账户的金额。",
        look: "可以退多少？",
        amount: "可退金额",
        offer: "全额退回原付款账户，不会退到其他地方。",
        waiting: "已经申请过，还需要您的动态口令。",
        code: "动态口令",
        code_hint: "动态口令应用现在显示的六位数字。不填也会受理您的申请，可在 72 小时内补充验证。",
        code_missing: "请输入动态口令应用现在显示的六位数字。",
        ask: "申请退款",
        taken: "退款申请已受理",
        approved: "申请已批准，款项将退回原付款账户，完成后会以短信通知您。",
        waits: "另一位工作人员会复核并决定，结果会以短信通知您。",
        needs_factor: "退款以前还需要您的动态口令：请回到本页面，或拨打热线选择退款，并输入同一笔交易。",
        within: ("最长 ", " 小时。"),
        follow: "查看进度",
        link_good_for: "持有这个链接的人只能看到申请的进度。链接有效期为 30 天，也会以短信发送给您。",
        asked_for: "已经申请过，我们正在跟进，每一步都会以短信通知您。",
        not_the_payer: "这笔交易不是从您的账户付出的，不能退给您。",
        not_completed: "这笔交易尚未完成，暂时没有可退的款项。如果失败，款项会自动退回。",
        reversed: "这笔交易已经退过款。",
        not_refundable: "这类交易不在这里退款。客服人员可以告诉您怎么办。",
    },
    acts: Acts {
        title: "您的账户",
        lead: "每个页面都会先说明会发生什么、需要什么。",
        acts: [
            ActWords {
                name: "解锁账户",
                does: "账户将被解锁，所有设备都会退出登录，密码不变。",
                done: "账户已经解锁，所有设备已经退出登录。确认通知会发到您登记的联系方式。",
            },
            ActWords {
                name: "重设密码",
                does: "我们会把链接发到您登记的手机，新密码由您自己在钱包的页面上设置，所有设备都会退出登录。",
                done: "链接已经发出，三十分钟内有效，只能用一次。请打开链接，自己设置新密码。",
            },
            ActWords {
                name: "退出所有设备",
                does: "所有设备都会退出登录，并且解除绑定。您需要在自己的设备上重新登录。",
                done: "所有设备已经退出登录。确认通知会发到您登记的联系方式。",
            },
            ActWords {
                name: "账户被盗",
                does: "账户会马上冻结，不能登录，也不能付款，所有设备都会退出登录，并且解除绑定。之后由客服人员协助您恢复。",
                done: "账户已经冻结，所有设备已经退出登录。确认通知会发到您登记的联系方式。请拨打热线办理恢复。",
            },
            ActWords {
                name: "紧急冻结",
                does: "您输入的号码的账户将被冻结，不能登录，也不能付款。已经完成的付款无法追回。",
                done: "这个号码的钱包，如果存在，已经冻结。确认通知会发到它登记的联系方式。",
            },
        ],
        second: "动态口令",
        second_hint: "如果您开通了两步登录，请输入动态口令应用现在显示的六位数字。没有开通就不用填写。",
        confirm: "现在办理",
        done_title: "已经办理",
        not_done_title: "这里无法办理",
        not_yet_title: "还没有得到确认",
        needs_more: "账户没有变动。需要更多的身份证明，或者由另一位工作人员确认。我们已经为您登记，请凭受理编号致电。",
        unsupported: "这个钱包还不支持自动办理。我们已经为您登记，由工作人员处理。",
        not_yet: "我们会继续尝试，结果会发到您登记的联系方式。如有急事，请凭受理编号致电。",
        look_again: "再看一次",
    },
};
