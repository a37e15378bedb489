//! 来电准备页的中文文字。

use super::{Done, Errors, Prepare, TopicWords};

const fn topic(name: &'static str, have: &'static [&'static str]) -> TopicWords {
    TopicWords { name, have }
}

const PHONE: &str = "钱包绑定号码所在的手机";
const TRANSACTION: &str = "交易编号：十二位数字，在应用内该笔付款的详情里；后六位也可以";
const WHEN: &str = "日期和时间、金额、收款方";
const SCREEN: &str = "应用显示的原文，或一张截图";

pub(in crate::web::site::words) const PREPARE: Prepare = Prepare {
    title: "准备来电",
    lead: "先把事情写下来，您会得到一个六位数的来电码。热线询问语言时输入它，就不用再听菜单，也不用从头再讲一遍。",
    choose: "您要咨询什么？",
    services: ["账户", "交易", "安全", "退款与投诉", "功能"],
    topics: [
        topic("注册账户", &["想要注册的手机号码", "身份证件", SCREEN]),
        topic("登录问题", &[PHONE, SCREEN, "使用的设备和应用版本"]),
        topic("账户被锁或忘记密码", &[PHONE, "最近一次登录的时间", SCREEN]),
        topic("账户被盗", &[PHONE, "最先发现的异常和时间", "不是您本人的付款"]),
        topic("注销账户", &[PHONE, "余额为零，或余额的去向", "尚未完成的退款"]),
        topic("一笔交易的进度", &[PHONE, TRANSACTION, WHEN]),
        topic("不是本人的付款", &[PHONE, TRANSACTION, "应用内“已登录设备”列表"]),
        topic("金额或收款方有误、重复付款", &[PHONE, TRANSACTION, WHEN]),
        topic("两步登录", &[PHONE, "装有验证器应用的设备", SCREEN]),
        topic("账户保护", &[PHONE, "应用内“已登录设备”列表"]),
        topic("可疑的来电、号码或信息", &["对方的号码或地址", "对方要求您做什么", SCREEN]),
        topic("退款", &[PHONE, TRANSACTION, "商家的答复"]),
        topic("投诉", &["事情的经过，按先后顺序", TRANSACTION, "希望如何解决"]),
        topic("对本热线的投诉", &["通话的日期和时间", "客服工号（如有记录）"]),
        topic("建议", &["希望怎样改进，为什么"]),
        topic("新功能", &["使用的应用版本"]),
        topic("功能使用", &["想要完成的操作", SCREEN]),
    ],
    another: "换一个主题",
    have_ready: "请备好",
    never: "不要告诉任何人，包括我们",
    never_tell: ["登录密码和支付密码", "短信或验证器里的验证码", "完整的银行卡号"],
    form: "写下来",
    form_lead: "以下各项均为选填。电话接通后，客服会看到这些内容。",
    optional: "选填",
    transaction: "交易编号",
    transaction_hint: "十二位数字，或后六位。",
    description: "发生了什么？",
    description_hint: "不超过 1000 字。请不要写密码和验证码。",
    error_text: "应用显示了什么？",
    error_text_hint: "可以粘贴到这里，不超过 2000 字。",
    screenshot: "截图",
    screenshot_hint: "PNG、JPEG 或 WebP，不超过 2 MB。文件里的位置和设备信息会被去除。",
    kept: "保存 24 小时后删除，只有接听您来电的客服能看到。密码、验证码、银行卡号和个人号码会在保存前去除。",
    make: "获取来电码",
    wrong: "还没有生成来电码。",
    errors: Errors {
        description_too_long: "描述超过 1000 字，请缩短。",
        error_text_too_long: "文字超过 2000 字，请只保留提示的部分。",
        not_a_transaction: "这不是交易编号，请填写十二位数字，或后六位。",
        picture_too_large: "截图超过 2 MB，请裁剪到有用的部分。",
        picture_unknown: "这个文件不是 PNG、JPEG 或 WebP 图片，请另选一个。",
        picture_damaged: "图片已损坏，请重新截图。",
        no_room: "暂时不能再接收截图，请不带截图提交。",
        unreadable: "提交的内容无法读取，请重新填写。",
        unavailable: "暂时无法生成来电码。您可以直接来电，或稍后再试。",
    },
    done: Done {
        title: "您的来电码",
        code: "来电码",
        valid: "有效期至",
        time: "%-m月%-d日 %H:%M",
        how: "怎样使用",
        steps: [
            "拨打热线，或从本页呼叫。",
            "听到询问语言时，直接输入这六位数字，不用按其他键。",
            "如果通话中断，请再次来电并重新输入。",
        ],
        call: "带着来电码从本页呼叫",
        removed: "保存之前，我们从您写的内容里去除了：",
        secrets: ["密码", "验证码", "银行卡号（只留后四位）", "身份证号", "手机号码（只留首尾）", "邮箱地址（只留首尾）"],
        proves_nothing: "来电码不能证明您的身份，我们仍可能需要核验。",
    },
};
