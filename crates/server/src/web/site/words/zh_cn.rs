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
    never_asks: "我们绝不会索要您的密码，也绝不会让您念出或发送验证码。",
};

const HOME: Home = Home { title: "需要什么帮助？", call_us: "拨打官方热线" };
