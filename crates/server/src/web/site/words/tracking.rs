//! What the pages say that tell by a link how something stands, whatever it is.

use walletline_core::kernel::language::Language;

/// The words of every such page.
pub(in crate::web::site) struct TrackingWords {
    pub(in crate::web::site) reference: &'static str,
    pub(in crate::web::site) next: &'static str,
    pub(in crate::web::site) ended: &'static str,
    pub(in crate::web::site) not_ours: (&'static str, &'static str),
    pub(in crate::web::site) over: (&'static str, &'static str),
    /// Why the page cannot say it now.
    pub(in crate::web::site) away: &'static str,
}

impl TrackingWords {
    /// The words in a language.
    pub(in crate::web::site) const fn of(language: Language) -> &'static Self {
        match language {
            Language::ZhCn => &ZH_CN,
            Language::En => &EN,
        }
    }
}

const EN: TrackingWords = TrackingWords {
    reference: "Reference",
    next: "At the latest by",
    ended: "Ended",
    not_ours: (
        "This link cannot be read",
        "A part of it is missing, or was changed. Open the link in the newest message again, or call the official number.",
    ),
    over: (
        "This link has run out",
        "Links are good for 30 days. The newest message has a newer one; if you have none, call the official number with your reference.",
    ),
    away: "We cannot say it just now. Please open the link again in a few minutes.",
};

const ZH_CN: TrackingWords = TrackingWords {
    reference: "受理编号",
    next: "最晚时间",
    ended: "结束时间",
    not_ours: ("无法识别这个链接", "链接不完整，或者被改动过。请重新打开最新短信里的链接，或拨打官方热线。"),
    over: ("这个链接已经过期", "链接有效期为 30 天。最新的短信里有新的链接；如果没有，请凭受理编号拨打官方热线。"),
    away: "现在无法查询，请过几分钟再打开这个链接。",
};
