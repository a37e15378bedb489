//! What the pages of the official directory say.

use walletline_core::directory::{Answer, Kind, Seen};
use walletline_core::kernel::language::Language;

/// The words of the official numbers, of a number to share, and of the check.
pub(in crate::web::site) struct DirectoryWords {
    pub(in crate::web::site) title: &'static str,
    pub(in crate::web::site) intro: &'static str,
    pub(in crate::web::site) stale: &'static str,
    pub(in crate::web::site) as_of: &'static str,
    pub(in crate::web::site) good_until: &'static str,
    pub(in crate::web::site) version: &'static str,
    pub(in crate::web::site) hours: &'static str,
    pub(in crate::web::site) languages: &'static str,
    pub(in crate::web::site) region: &'static str,
    pub(in crate::web::site) inbound_only: &'static str,
    pub(in crate::web::site) share: &'static str,
    pub(in crate::web::site) verify_title: &'static str,
    pub(in crate::web::site) verify: &'static str,
    pub(in crate::web::site) key: &'static str,
    pub(in crate::web::site) partners: &'static str,
    pub(in crate::web::site) snippet: &'static str,
    pub(in crate::web::site) clause: &'static str,
    pub(in crate::web::site) call: &'static str,
    pub(in crate::web::site) scan: &'static str,
    pub(in crate::web::site) post: &'static str,
    pub(in crate::web::site) vcard: &'static str,
    pub(in crate::web::site) check_title: &'static str,
    pub(in crate::web::site) check_intro: &'static str,
    pub(in crate::web::site) check_field: &'static str,
    pub(in crate::web::site) check_hint: &'static str,
    pub(in crate::web::site) check: &'static str,
    pub(in crate::web::site) you_asked: &'static str,
    pub(in crate::web::site) report_title: &'static str,
    pub(in crate::web::site) report_intro: &'static str,
    pub(in crate::web::site) seen_at: &'static str,
    pub(in crate::web::site) details: &'static str,
    pub(in crate::web::site) details_hint: &'static str,
    pub(in crate::web::site) report: &'static str,
    pub(in crate::web::site) report_taken: &'static str,
    pub(in crate::web::site) report_not_taken: &'static str,
    pub(in crate::web::site) nothing: &'static str,
    pub(in crate::web::site) never_asks: &'static str,
}

impl DirectoryWords {
    /// The words in a language.
    pub(in crate::web::site) const fn of(language: Language) -> &'static Self {
        match language {
            Language::ZhCn => &ZH_CN,
            Language::En => &EN,
        }
    }
}

/// The name of a kind of address.
pub(in crate::web::site) const fn kind(kind: Kind, language: Language) -> &'static str {
    match (language, kind) {
        (Language::ZhCn, Kind::Phone) => "电话",
        (Language::ZhCn, Kind::ShortCode) => "短号",
        (Language::ZhCn, Kind::SmsSender) => "短信发件人",
        (Language::ZhCn, Kind::App) => "应用",
        (Language::ZhCn, Kind::Web) => "网站",
        (Language::ZhCn, Kind::Mail) => "邮箱",
        (Language::ZhCn, Kind::Social) => "社交账号",
        (Language::En, Kind::Phone) => "Phone",
        (Language::En, Kind::ShortCode) => "Short code",
        (Language::En, Kind::SmsSender) => "Sender of text messages",
        (Language::En, Kind::App) => "App",
        (Language::En, Kind::Web) => "Web site",
        (Language::En, Kind::Mail) => "Mail",
        (Language::En, Kind::Social) => "Social account",
    }
}

/// An answer as a headline.
pub(in crate::web::site) const fn answer(answer: Answer, language: Language) -> &'static str {
    match (language, answer) {
        (Language::ZhCn, Answer::Official) => "在官方名录里，供您拨打或访问",
        (Language::ZhCn, Answer::NotListed) => "不在官方名录里",
        (Language::ZhCn, Answer::ReportedFraud) => "已确认是假冒",
        (Language::ZhCn, Answer::DirectoryStale) => "名录暂时无法核对",
        (Language::En, Answer::Official) => "Listed as official, for you to use",
        (Language::En, Answer::NotListed) => "Not in the official directory",
        (Language::En, Answer::ReportedFraud) => "Confirmed as a fake",
        (Language::En, Answer::DirectoryStale) => "The directory cannot be checked just now",
    }
}

/// Where a fake was met.
pub(in crate::web::site) const fn seen(seen: Seen, language: Language) -> &'static str {
    match (language, seen) {
        (Language::ZhCn, Seen::Call) => "来电",
        (Language::ZhCn, Seen::Sms) => "短信",
        (Language::ZhCn, Seen::Web) => "网页或搜索",
        (Language::ZhCn, Seen::Mail) => "邮件",
        (Language::ZhCn, Seen::Social) => "社交平台、聊天或论坛",
        (Language::ZhCn, Seen::Print) => "传单、海报或机器上",
        (Language::ZhCn, Seen::Other) => "其他地方",
        (Language::En, Seen::Call) => "A call",
        (Language::En, Seen::Sms) => "A text message",
        (Language::En, Seen::Web) => "A web page or a search",
        (Language::En, Seen::Mail) => "A mail",
        (Language::En, Seen::Social) => "A social platform, a chat, a forum",
        (Language::En, Seen::Print) => "Paper, a poster, a machine",
        (Language::En, Seen::Other) => "Elsewhere",
    }
}

/// The name of a language in a language.
pub(in crate::web::site) const fn language_name(named: Language, language: Language) -> &'static str {
    match (language, named) {
        (Language::ZhCn, Language::ZhCn) => "中文",
        (Language::ZhCn, Language::En) => "英语",
        (Language::En, Language::ZhCn) => "Chinese",
        (Language::En, Language::En) => "English",
    }
}

/// A text to post about a number.
pub(in crate::web::site) fn post(language: Language, wallet: &str, label: &str, number: &str, page: &str) -> String {
    match language {
        Language::ZhCn => format!(
            "【{wallet}】{label}：{number}。请认准官方号码，核对真伪：{page} 。我们绝不会索要密码，也不会让您念出或发送验证码；接到自称客服的来电，请挂断后自己拨打。"
        ),
        Language::En => format!(
            "{wallet}, {label}: {number}. Check that it is really ours: {page} . We never ask for your password, and never for a code to be read out or sent. If somebody \
             calls and says they are us, hang up and dial the number yourself."
        ),
    }
}

/// A clause for a user agreement. `numbers`: what can be dialled today; `page`: where the directory is.
pub(in crate::web::site) fn clause(language: Language, wallet: &str, numbers: &str, page: &str) -> String {
    match language {
        Language::ZhCn => format!(
            "{wallet}的官方联系方式以 {page} 公布并经数字签名的名录为准；本协议订立时，官方客服号码为 {numbers}。名录以外的号码、网站、\
             短信发件人和社交账号均不代表{wallet}。{wallet}不会在电话、短信、邮件或聊天中索要您的密码，也不会让您念出或发送验证码。名录变更以公布为准，\
             您可随时在该页面核对。"
        ),
        Language::En => format!(
            "The official contacts of {wallet} are those of the digitally signed directory at {page}; when this agreement was made, \
             its customer service could be called at {numbers}. No number, site, sender of messages or social account outside that \
             directory speaks for {wallet}. By phone, message, mail or chat {wallet} never asks for your password, and never for a code \
             to be read out or sent. Changes take effect when they are published there, where you can check them at any time."
        ),
    }
}

const ZH_CN: DirectoryWords = DirectoryWords {
    title: "官方联系方式",
    intro: "只有下面这些号码、网站和账号是我们的。其他自称是我们的，都请当作假冒。",
    stale: "签名的名录已过期或暂时读不到，我们现在不能为任何号码作保。请使用应用内的号码，稍后再来。",
    as_of: "更新于",
    good_until: "有效至",
    version: "版本",
    hours: "服务时间",
    languages: "语言",
    region: "地区",
    inbound_only: "只接听，从不用它打给您",
    share: "分享这个号码",
    verify_title: "怎样核对这份名录",
    verify: "名录带有数字签名。技术人员可以用下面的命令核对；签名密钥的编号应当与您以前看到的一致。",
    key: "密钥编号",
    partners: "合作网站与用户协议",
    snippet: "放在网页底部的代码",
    clause: "用户协议条款",
    call: "拨打",
    scan: "扫码打开本页，核对号码",
    post: "可以发到社交平台和论坛的文字",
    vcard: "存入通讯录（vCard）",
    check_title: "这个号码是官方的吗？",
    check_intro: "粘贴电话号码、短信发件人、网址、邮箱或社交账号。我们不保存您查了什么。",
    check_field: "号码、网址或账号",
    check_hint: "电话号码、短号、短信发件人、网址、邮箱或账号名，原样粘贴即可。",
    check: "核对",
    you_asked: "您查的是",
    report_title: "举报假冒",
    report_intro: "会有专人查看，确认后我们会提醒所有来查的人。我们不记录是谁举报的。",
    seen_at: "在哪里看到的？",
    details: "发生了什么？（可不填）",
    details_hint: "请不要写密码、验证码或别人的姓名。",
    report: "提交举报",
    report_taken: "谢谢，举报已收到，会有专人查看。",
    report_not_taken: "举报没有保存成功，请稍后再试。",
    nothing: "请填写要核对的号码、网址或账号，最多 300 个字。",
    never_asks: "来电显示可以伪造。接到自称我们的电话，请挂断，再拨打官方号码。",
};

const EN: DirectoryWords = DirectoryWords {
    title: "Official contacts",
    intro: "Only these numbers, sites and accounts are ours. Treat anything else that says it is us as a fake.",
    stale: "The signed directory has run out or cannot be read, so we cannot vouch for any number just now. Use the number inside \
            the app, and come back later.",
    as_of: "As of",
    good_until: "good until",
    version: "version",
    hours: "Hours",
    languages: "Languages",
    region: "Region",
    inbound_only: "Takes calls only: we never call you from it",
    share: "Share this number",
    verify_title: "How to check this directory",
    verify: "The directory carries a digital signature. This command checks it; the id of its key should be the one you saw before.",
    key: "Key id",
    partners: "For partner sites and agreements",
    snippet: "For the foot of a web page",
    clause: "Clause for a user agreement",
    call: "Call",
    scan: "Scan to open this page and check the number",
    post: "Text to post on social media and in forums",
    vcard: "Save to contacts (vCard)",
    check_title: "Is this number official?",
    check_intro: "Paste a phone number, the sender of a message, a web or mail address, or a social account. We do not keep what you \
                  ask.",
    check_field: "Number, address or account",
    check_hint: "A phone or short number, the sender of a message, a web or mail address, an account name: just as you saw it.",
    check: "Check",
    you_asked: "You asked about",
    report_title: "Report a fake",
    report_intro: "A person will look at it; once it is confirmed, everybody who asks is warned. We do not record who reports.",
    seen_at: "Where did you see it?",
    details: "What happened? (optional)",
    details_hint: "Please leave out passwords, codes and other people's names.",
    report: "Report it",
    report_taken: "Thank you. The report has arrived, and a person will look at it.",
    report_not_taken: "The report could not be kept. Please try again later.",
    nothing: "Say which number, address or account it is about, in at most 300 characters.",
    never_asks: "What a phone shows can be forged. If somebody calls and says they are us, hang up and dial the official number.",
};
