//! 公共页面的中文文字。

use super::{Home, Shared, Words};

pub(super) const WORDS: Words = Words { shared: SHARED, home: HOME };

const SHARED: Shared = Shared {
    own_name: "中文",
    skip: "跳到正文",
    help: "帮助中心",
    choices: "语言与钱包",
    colours: "外观",
    themes: ["跟随设备", "浅色", "深色"],
    official_number: "官方热线：",
    all_numbers: "全部官方联系方式",
    check: "核对号码真伪",
    never_asks: "无论电话还是短信，我们绝不会索要您的密码或验证码。",
};

const HOME: Home = Home { title: "需要什么帮助？", call_us: "拨打官方热线" };
