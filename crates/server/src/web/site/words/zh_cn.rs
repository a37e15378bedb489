//! 公共页面的中文文字。

use super::{Article, Call, CallSays, Home, Offline, Search, Shared, Words, prepare};

pub(super) const WORDS: Words = Words {
    shared: SHARED,
    home: HOME,
    call: CALL,
    article: ARTICLE,
    search: SEARCH,
    offline: OFFLINE,
    prepare: prepare::zh_cn::PREPARE,
};

const SHARED: Shared = Shared {
    own_name: "中文",
    skip: "跳到正文",
    help: "帮助中心",
    menu: "页面",
    home: "帮助",
    call: "网页通话",
    way_back: "当前位置",
    choices: "语言与钱包",
    colours: "外观",
    themes: ["跟随设备", "浅色", "深色"],
    official_number: "官方热线：",
    never_asks: "我们绝不会索要您的密码，也绝不会让您念出或发送验证码。",
    copy: "复制",
    copied: "已复制",
    search: "搜索",
    search_hint: "例如：账户被锁定",
};

const HOME: Home = Home {
    title: "需要什么帮助？",
    call_us: "官方热线",
    only_number: "这是唯一的热线号码，请存好。用其他号码打给您的，都不是我们。",
    dial: "立即拨打",
    freeze_any_time: "通话中随时按下，即可冻结账户，全天有效。",
    tasks_heading: "遇到了什么问题？",
    tasks: [
        ("账户被锁定", "自己解锁，或查明原因"),
        ("钱还没到账", "通常多久到账，电话查进度"),
        ("紧急冻结账户", "立即停止一切操作：按 9"),
        ("退款与投诉", "怎么办理，要多久"),
        ("可疑来电或号码", "怎么辨别，现在该怎么做"),
        ("来电前的准备", "备好资料，免听菜单"),
        ("网页通话", "不用电话也能打"),
    ],
    articles_heading: "全部解答",
    topics: ["账户", "交易", "安全", "退款与投诉", "热线与新功能"],
};

const ARTICLE: Article = Article {
    official_numbers: "官方号码",
    on_the_phone: "电话按键：",
    language_first: "选语言",
    review_due: "本页已到复核日期，内容可能过时。重要事项请向热线确认。",
    checked_on: "核对日期",
    version: "第几版：",
    related: "接着看",
    still_open: "还没有解决？",
    still_open_text: "请拨打官方热线，并准备好注册手机。",
    missing: "没有这个页面",
    missing_text: "页面可能已改名或下线。请搜索一下，或打电话给我们。",
};

const SEARCH: Search = Search {
    title: "搜索",
    ask: "用您自己的话说说遇到了什么。",
    nothing: "没有找到相关内容。",
    nothing_text: "请换个说法或少写几个字，例如“退款”“被锁”。也可以直接打电话，人工客服知道的比这里更多。",
    found: ("找到 ", " 篇"),
};

const OFFLINE: Offline = Offline {
    title: "当前没有网络",
    text: "打开本页需要网络，拨打热线不需要。任何电话都可以打：",
    freeze: "紧急情况请拨打热线并按 9：任何时候都可以冻结账户，不需要上网。",
    retry: "重试",
};

const CALL: Call = Call {
    title: "网页通话",
    lead: "直接在本页与热线通话，菜单和接听人员与电话拨打完全相同，不产生话费。",
    no_line: "该钱包尚未开通热线。",
    needs_script: "网页通话需要浏览器支持脚本。如不支持，请用电话拨打下面的号码。",
    unsupported: "此浏览器无法在网页中通话，请用电话拨打下面的号码。",
    elsewhere: "本浏览器的另一个标签页或窗口正在通话。请回到那里继续，或先挂断。",
    call_heading: "立即通话",
    call_text: "浏览器会询问是否允许本页使用麦克风，请选择“允许”。",
    call_now: "呼叫热线",
    facts: [
        "只有在通话或测试时才会使用麦克风。",
        "通话时可以继续浏览帮助页面。",
        "网页通话不显示您的手机号，需要时我们会请您按键输入。",
    ],
    by_phone: "也可以打电话",
    by_phone_text: "任何电话都可以拨打，不需要上网：",
    keys_heading: "通话中的按键",
    keys: [("9", "随时紧急冻结账户"), ("0", "转人工"), ("*", "重听"), ("#", "返回上一级")],
    test_heading: "先测试一下",
    test_text: "对方能听到您吗？您能听到对方吗？测试内容不会发送，也不会保存。",
    test_microphone: "测试麦克风",
    test_stop: "停止测试",
    test_echo: "录 3 秒并回放",
    test_tone: "播放测试音",
    test_quiet: "请说句话。如果音量条不动，请在浏览器中换一个麦克风，或检查是否静音。",
    test_heard: "能听到您的声音，麦克风正常。",
    test_recording: "正在录音，请说话……",
    test_playing: "对方听到的就是这样。",
    test_tone_playing: "现在应该能听到提示音。如果听不到，请调高音量。",
    denied: "麦克风被浏览器阻止。请在地址栏旁的网站设置中允许本页使用麦克风后重试，或用电话拨打。",
    missing: "找不到麦克风，或麦克风正被其他程序占用。请接好麦克风或关闭该程序后重试，或用电话拨打。",
    sheet: "您的通话",
    says: CallSays {
        microphone: "正在打开麦克风……",
        calling: "正在呼叫……",
        talking: "通话中",
        silent: "暂时没有声音，正在恢复……",
        unreachable: "页面打不开，通话不受影响。",
        hung_up: "通话已结束。",
        busy: "线路忙，请几分钟后再试。",
        overloaded: "所有线路都忙，请几分钟后再试。",
        too_many: "您所在网络的通话过多，请稍等一分钟，或用电话拨打。",
        failed: "通话无法保持，您的网络可能不允许网页通话，请用电话拨打。",
        lost: "与服务器的连接已断开。请检查网络后重新呼叫，或用电话拨打。",
    },
    mute: "静音",
    unmute: "取消静音",
    keypad: "拨号键盘",
    pressed: "已按：",
    hang_up: "挂断",
    after: "如果问题还没有解决，请再次呼叫，或拨打",
    call_again: "再次呼叫",
    close: "关闭",
};
