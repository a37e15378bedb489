//! What the pages say on which cases are opened and followed.

use crate::cases::Stage;
use walletline_core::cases::CaseKind;
use walletline_core::kernel::language::Language;

/// The words of these pages.
pub(in crate::web::site) struct CaseWords {
    pub(in crate::web::site) complain: FormWords,
    pub(in crate::web::site) dispute: FormWords,
    pub(in crate::web::site) errors: Errors,
    pub(in crate::web::site) evidence: super::evidence::EvidenceWords,
    pub(in crate::web::site) what: &'static str,
    /// In the order of the page's choices.
    pub(in crate::web::site) disputes: [&'static str; 5],
    pub(in crate::web::site) about: &'static str,
    pub(in crate::web::site) about_wallet: &'static str,
    pub(in crate::web::site) about_hotline: &'static str,
    pub(in crate::web::site) agent: &'static str,
    pub(in crate::web::site) agent_hint: &'static str,
    pub(in crate::web::site) number: &'static str,
    pub(in crate::web::site) number_hint: &'static str,
    pub(in crate::web::site) transaction: &'static str,
    pub(in crate::web::site) transaction_hint: &'static str,
    pub(in crate::web::site) text_hint: &'static str,
    pub(in crate::web::site) optional: &'static str,
    pub(in crate::web::site) freeze: &'static str,
    pub(in crate::web::site) freeze_more: &'static str,
    pub(in crate::web::site) due: &'static str,
    pub(in crate::web::site) follow: &'static str,
    pub(in crate::web::site) follow_hint: &'static str,
    pub(in crate::web::site) then: &'static str,
    pub(in crate::web::site) steps: [&'static str; 3],
    /// Of the page that tells how a case stands.
    pub(in crate::web::site) title: &'static str,
    pub(in crate::web::site) kind: &'static str,
    pub(in crate::web::site) opened: &'static str,
    /// Nothing on the page is about an account.
    pub(in crate::web::site) shows: &'static str,
    working: &'static str,
    waits_for_customer: &'static str,
    closed: &'static str,
    kinds: Kinds,
}

/// The words of one form.
pub(in crate::web::site) struct FormWords {
    pub(in crate::web::site) title: &'static str,
    pub(in crate::web::site) lead: &'static str,
    pub(in crate::web::site) text: &'static str,
    pub(in crate::web::site) kept: &'static str,
    pub(in crate::web::site) send: &'static str,
    pub(in crate::web::site) done: &'static str,
}

/// Why there is no case.
pub(in crate::web::site) struct Errors {
    pub(in crate::web::site) nothing_sent: &'static str,
    pub(in crate::web::site) nothing_chosen: &'static str,
    pub(in crate::web::site) number_missing: &'static str,
    pub(in crate::web::site) not_a_number: &'static str,
    pub(in crate::web::site) not_a_transaction: &'static str,
    pub(in crate::web::site) text_missing: &'static str,
    pub(in crate::web::site) text_too_long: &'static str,
    pub(in crate::web::site) not_an_agent: &'static str,
    pub(in crate::web::site) too_many: &'static str,
    pub(in crate::web::site) too_large: &'static str,
    pub(in crate::web::site) unreadable: &'static str,
    pub(in crate::web::site) unavailable: &'static str,
}

/// What a case is about.
struct Kinds {
    freeze: &'static str,
    transaction: &'static str,
    refund: &'static str,
    callback: &'static str,
    complaint: &'static str,
    account: &'static str,
    unauthorised: &'static str,
    dispute: &'static str,
}

impl CaseWords {
    /// The words in a language.
    pub(in crate::web::site) const fn of(language: Language) -> &'static Self {
        match language {
            Language::ZhCn => &ZH_CN,
            Language::En => &EN,
        }
    }

    /// How far a case is.
    pub(in crate::web::site) const fn stage(&self, stage: Stage) -> &'static str {
        match stage {
            Stage::Working => self.working,
            Stage::WaitsForCustomer => self.waits_for_customer,
            Stage::Closed => self.closed,
        }
    }

    /// What a case is about.
    pub(in crate::web::site) const fn kind_of(&self, kind: CaseKind) -> &'static str {
        let kinds = &self.kinds;
        match kind {
            CaseKind::Freeze => kinds.freeze,
            CaseKind::TransactionOverdue => kinds.transaction,
            CaseKind::RefundDue | CaseKind::Refund => kinds.refund,
            CaseKind::Callback => kinds.callback,
            CaseKind::Complaint => kinds.complaint,
            CaseKind::Account => kinds.account,
            CaseKind::Unauthorised => kinds.unauthorised,
            CaseKind::Dispute => kinds.dispute,
        }
    }
}

const EN: CaseWords = CaseWords {
    complain: FormWords {
        title: "Make a complaint",
        lead: "About the wallet, or about this hotline. You need not show who you are. A complaint about the hotline never reaches the agent \
               it names, nor whoever leads them.",
        text: "What happened, and what do you want to be done?",
        kept: "Only whoever handles complaints reads it. Passwords, codes and numbers of cards and persons are taken out before anything is kept.",
        send: "Send the complaint",
        done: "We have your complaint",
    },
    dispute: FormWords {
        title: "Something is wrong with a payment",
        lead: "Tell us, and it is a case at once: you need not show who you are, and nothing about an account is shown here.",
        text: "What else should we know?",
        kept: "Only whoever works on the case reads it. Passwords, codes and numbers of cards and persons are taken out before anything is kept.",
        send: "Open the case",
        done: "We have opened a case",
    },
    evidence: super::evidence::EN,
    errors: Errors {
        nothing_sent: "Nothing was sent yet.",
        nothing_chosen: "Please choose what went wrong.",
        number_missing: "Please give the phone number that is registered with your wallet.",
        not_a_number: "This cannot be a phone number of this wallet's customers: please check it.",
        not_a_transaction: "This is no transaction number: please give its twelve digits, or leave it out.",
        text_missing: "Please say what happened.",
        text_too_long: "The text has more than 4,000 characters: please shorten it.",
        not_an_agent: "An agent's number has digits only: please give it as you heard it, or leave it out.",
        too_many: "Too many reports name this number today: please call the official number.",
        too_large: "What was sent is too large: please shorten it.",
        unreadable: "What was sent cannot be read: please fill in the form again.",
        unavailable: "It cannot be taken just now: please send it again in a moment, or call the official number.",
    },
    what: "What went wrong?",
    disputes: [
        "I did not make this payment",
        "It went to the wrong person",
        "The amount is wrong",
        "I was charged twice",
        "It never arrived",
    ],
    about: "What is it about?",
    about_wallet: "The wallet",
    about_hotline: "This hotline",
    agent: "The agent's number",
    agent_hint: "Of a complaint about the hotline: the number that was announced, if you noted it.",
    number: "Phone number registered with the wallet",
    number_hint: "What becomes of it is sent to what is registered with your wallet, never to what is written here.",
    transaction: "Transaction number",
    transaction_hint: "Twelve digits, in the app under the payment.",
    text_hint: "Up to 4,000 characters. No passwords, no codes.",
    optional: "optional",
    freeze: "Can somebody else use your account? Call now and press 9: it is frozen at once, day and night.",
    freeze_more: "What a freeze does",
    due: "You have an answer by",
    follow: "See how it stands",
    follow_hint: "Keep this link: it opens without a log-in for 30 days. Each message about the case brings a new one.",
    then: "What happens now",
    steps: [
        "A person looks at it. If something is missing, we ask you.",
        "We never ask for your password, your PIN or a code, and we never call to ask for money.",
        "If you call, give the reference: whoever answers finds your case by it.",
    ],
    title: "How your case stands",
    kind: "About",
    opened: "Opened",
    shows: "This page shows no sum, no account and no name. Who you are is never asked here.",
    working: "We have your case and work on it. You need not do anything.",
    waits_for_customer: "We need something from you before we can go on. Please call the official number with your reference.",
    closed: "This case is closed. If you do not agree with the answer, call the official number with your reference.",
    kinds: Kinds {
        freeze: "An emergency freeze",
        transaction: "A payment that is overdue",
        refund: "A refund",
        callback: "A call back",
        complaint: "A complaint",
        account: "Access to an account",
        unauthorised: "A payment you did not make",
        dispute: "A payment that went wrong",
    },
};

const ZH_CN: CaseWords = CaseWords {
    complain: FormWords {
        title: "提交投诉",
        lead: "可以投诉钱包，也可以投诉本热线，无需证明身份。对热线的投诉绝不会交到被投诉的客服及其主管手中。",
        text: "发生了什么？您希望怎样处理？",
        kept: "只有投诉处理人员会看到。密码、验证码、卡号和证件号码在保存前会被删去。",
        send: "提交投诉",
        done: "我们已收到您的投诉",
    },
    dispute: FormWords {
        title: "对一笔付款有异议",
        lead: "提交后立即立案，无需证明身份；这里也不会显示任何账户信息。",
        text: "还有什么要告诉我们？",
        kept: "只有办理这件事的人会看到。密码、验证码、卡号和证件号码在保存前会被删去。",
        send: "提交",
        done: "已经为您立案",
    },
    evidence: super::evidence::ZH_CN,
    errors: Errors {
        nothing_sent: "还没有提交。",
        nothing_chosen: "请选择是哪一种问题。",
        number_missing: "请填写钱包注册的手机号码。",
        not_a_number: "这不像是本钱包用户的手机号码，请核对。",
        not_a_transaction: "这不是交易编号：请填写 12 位数字，或者留空。",
        text_missing: "请写明发生了什么。",
        text_too_long: "内容超过 4000 字，请缩短。",
        not_an_agent: "客服工号只有数字：请按您听到的填写，或者留空。",
        too_many: "今天涉及这个号码的申报太多，请拨打官方热线。",
        too_large: "提交的内容太大，请缩短。",
        unreadable: "无法读取提交的内容，请重新填写。",
        unavailable: "现在无法受理，请稍后再提交，或拨打官方热线。",
    },
    what: "出了什么问题？",
    disputes: ["这笔付款不是我做的", "付给了别人", "金额不对", "扣了两次", "对方没有收到"],
    about: "投诉什么？",
    about_wallet: "钱包",
    about_hotline: "本热线",
    agent: "客服工号",
    agent_hint: "投诉热线时：接通时播报的工号，如果您记下了。",
    number: "钱包注册的手机号码",
    number_hint: "处理结果只发到钱包登记的联系方式，不会发到这里填写的号码。",
    transaction: "交易编号",
    transaction_hint: "12 位数字，在应用的付款详情里。",
    text_hint: "最多 4000 字。请勿填写密码和验证码。",
    optional: "可不填",
    freeze: "账户可能被他人使用？请立即拨打热线并按 9，随时可以冻结账户。",
    freeze_more: "冻结会怎样",
    due: "最晚答复时间",
    follow: "查看进度",
    follow_hint: "请保存这个链接：30 天内无需登录即可打开。以后每条消息都会带有新的链接。",
    then: "接下来",
    steps: [
        "由人工核实。如果缺少材料，我们会联系您。",
        "我们绝不会索要密码、支付密码或验证码，也绝不会来电要求转账。",
        "来电时请报受理编号，客服凭编号就能找到这件事。",
    ],
    title: "受理进度",
    kind: "事项",
    opened: "立案时间",
    shows: "本页不显示金额、账户和姓名，也不会询问您的身份。",
    working: "我们已立案，正在处理，您无需做任何事。",
    waits_for_customer: "需要您补充一些内容才能继续。请凭受理编号拨打官方热线。",
    closed: "这件事已经办结。如果不同意结果，请凭受理编号拨打官方热线。",
    kinds: Kinds {
        freeze: "紧急冻结",
        transaction: "付款逾期未到",
        refund: "退款",
        callback: "回电",
        complaint: "投诉",
        account: "账户使用",
        unauthorised: "不是本人做的付款",
        dispute: "有异议的付款",
    },
};
