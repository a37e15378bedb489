//! What somebody is told to do about a number. No answer is a green light: what a phone shows can be forged, so the advice is always
//! to hang up and dial.

use super::publish::Directory;
use walletline_core::directory::{Address, Answer, Finding, Likeness, Listed, Near, Use};
use walletline_core::kernel::language::Language;

/// The advice that goes with a finding. `wallet`: the one the person has, whose number is named where none else is.
pub(crate) fn advice(directory: &Directory, finding: &Finding, wallet: &str, language: Language) -> String {
    let call = directory.official(wallet).map(|listed| called(directory, &listed, language));
    match (finding.answer, &finding.official) {
        (Answer::Official, Some(listed)) => official(directory, listed, language),
        (Answer::Official | Answer::NotListed, _) => not_listed(finding, call.as_deref(), language),
        (Answer::ReportedFraud, _) => fraud(call.as_deref(), language),
        (Answer::DirectoryStale, _) => match language {
            Language::ZhCn => {
                "名录暂时无法核对，我们现在不能为任何号码作保。请使用钱包应用内或合同上的号码，稍后再查。".to_owned()
            }
            Language::En => {
                "The directory cannot be checked just now, so we cannot vouch for any number. Use the number inside the \
                             wallet's app or on your agreement, and check again later."
                    .to_owned()
            }
        },
    }
}

/// How something resembles a listed address, in words.
pub(crate) fn near_words(near: &Near, language: Language) -> String {
    let address = &near.listed.entry.address;
    match (language, near.likeness) {
        (Language::ZhCn, Likeness::LookAlike) => format!("看起来像官方的 {address}，但字符不同。"),
        (Language::ZhCn, Likeness::ExtraDigits) => format!("在官方的 {address} 前后多了数字或加号。"),
        (Language::ZhCn, Likeness::OneChange) => format!("与官方的 {address} 只差一个字符。"),
        (Language::ZhCn, Likeness::NameInside) => format!("借用了官方的 {address} 的名字。"),
        (Language::En, Likeness::LookAlike) => {
            format!("It looks like the official {address}, but is written with other characters.")
        }
        (Language::En, Likeness::ExtraDigits) => format!("It is the official {address} with digits or a plus added."),
        (Language::En, Likeness::OneChange) => format!("It is one character away from the official {address}."),
        (Language::En, Likeness::NameInside) => format!("It borrows the name of the official {address}."),
    }
}

/// A wallet's number as a sentence names it.
fn called(directory: &Directory, listed: &Listed, language: Language) -> String {
    let (wallet, number) = (directory.wallet_name(&listed.wallet, language), listed.entry.address.value());
    match language {
        Language::ZhCn => format!("{wallet}的官方热线是 {number}。"),
        Language::En => format!("The official hotline of {wallet} is {number}."),
    }
}

fn official(directory: &Directory, listed: &Listed, language: Language) -> String {
    let (wallet, entry) = (directory.wallet_name(&listed.wallet, language), &listed.entry);
    let (label, inbound) = (entry.label.get(language), entry.inbound_only);
    match (language, &entry.address) {
        (Language::ZhCn, Address::Phone(_) | Address::ShortCode(_)) => {
            let never = if inbound { "我们从不用它打给您。" } else { "" };
            let number = entry.address.value();
            format!(
                "这是{wallet}的官方号码（{label}），供您拨打：{number}。来电显示可以伪造：如果是对方打来的，请挂断后自己拨打。{never}"
            )
        }
        (Language::En, Address::Phone(_) | Address::ShortCode(_)) => {
            let never = if inbound { " We never call you from it." } else { "" };
            let number = entry.address.value();
            format!(
                "This is an official number of {wallet} ({label}), for you to call: {number}. A call showing this number may be \
                 forged: if they called you, hang up and dial it yourself.{never}"
            )
        }
        (Language::ZhCn, Address::SmsSender(_)) => {
            format!("这是{wallet}发短信用的名称（{label}）。发件人可以伪造：不要点开链接，也不要把验证码告诉任何人。")
        }
        (Language::En, Address::SmsSender(_)) => format!(
            "{wallet} sends text messages under this name ({label}). A sender can be forged: open no link because of it, and tell \
             nobody a code."
        ),
        (Language::ZhCn, Address::App(_)) => format!("这是{wallet}的官方应用（{label}）。请只从手机自带的应用商店安装。"),
        (Language::En, Address::App(_)) => {
            format!("This is the official app of {wallet} ({label}). Install it from your phone's own app store alone.")
        }
        (Language::ZhCn, Address::Web(host)) => {
            format!("这是{wallet}的官方网站（{label}）。请自己输入地址，并确认以 https://{host} 开头。")
        }
        (Language::En, Address::Web(host)) => format!(
            "This is an official site of {wallet} ({label}). Type the address yourself, and see that it begins with https://{host}."
        ),
        (Language::ZhCn, Address::Mail(_)) => {
            format!("这是{wallet}的官方邮箱（{label}），供您写信。发件地址可以伪造：不要回复索要密码或验证码的邮件。")
        }
        (Language::En, Address::Mail(_)) => format!(
            "This is an official mail address of {wallet} ({label}), for you to write to. A sender can be forged: never answer a \
             mail that asks for a password or a code."
        ),
        (Language::ZhCn, Address::Social { platform, .. }) => {
            format!(
                "这是{wallet}在 {platform} 上的官方账号（{label}）。别的平台上的同名账号不一定是我们。客服不会在聊天里要验证码。"
            )
        }
        (Language::En, Address::Social { platform, .. }) => format!(
            "This is the official account of {wallet} on {platform} ({label}). The same name elsewhere may be somebody else. We \
             never ask for a code in a chat."
        ),
    }
}

fn not_listed(finding: &Finding, call: Option<&str>, language: Language) -> String {
    let known = finding.known.map(|known| match (language, known) {
        (Language::ZhCn, Use::Emergency) => "这是公共紧急电话，不是我们的号码。",
        (Language::ZhCn, Use::PublicService) => "这是公共服务号码，不是我们的号码。",
        (Language::ZhCn, Use::Carrier) => "这类号码属于电信运营商，不是我们的号码。",
        (Language::ZhCn, Use::Company) => "这类短号码属于企业，但不在我们的名录里。",
        (Language::ZhCn, Use::Messages) => "这类号码用于企业短信，但不在我们的名录里。",
        (Language::En, Use::Emergency) => "This is a public emergency number, and none of ours.",
        (Language::En, Use::PublicService) => "This is a number of a public service, and none of ours.",
        (Language::En, Use::Carrier) => "Such numbers belong to telephone companies; it is none of ours.",
        (Language::En, Use::Company) => "Such short codes belong to companies, but this one is not in our directory.",
        (Language::En, Use::Messages) => "Companies send text messages from such numbers, but this one is not in our directory.",
    });
    let near = finding.near.first().map(|near| near_words(near, language));
    let rest = match language {
        Language::ZhCn => "它不在名录里，请当作不是我们：不要回拨，不要付款，不要说出验证码。",
        Language::En => "It is not in our directory, so treat it as not ours: do not call back, do not pay, and tell no code.",
    };
    let words = [known, near.as_deref(), Some(rest), call];
    let joint = match language {
        Language::ZhCn => "",
        Language::En => " ",
    };
    words.into_iter().flatten().collect::<Vec<_>>().join(joint)
}

fn fraud(call: Option<&str>, language: Language) -> String {
    match language {
        Language::ZhCn => format!(
            "这是已确认的假冒号码或地址。不要拨打，不要付款，不要点开。如果已经说出密码或验证码，请马上拨打官方热线并按 9 冻结账户。{}",
            call.unwrap_or_default()
        ),
        Language::En => format!(
            "This is a confirmed fake. Do not call it, do not pay, do not open it. If you told it a password or a code, call the \
             official hotline at once and press 9 to freeze your account. {}",
            call.unwrap_or_default()
        )
        .trim_end()
        .to_owned(),
    }
}
