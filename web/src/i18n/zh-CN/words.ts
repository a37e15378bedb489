// Words both builds share. Chinese is the source: its shape is the type every other language must fill.

export const words = {
  product: "Walletline",
  language: "语言",
  theme: "外观",
  themes: { system: "跟随系统", light: "浅色", dark: "深色" },
  services: {
    account: "账号管理",
    transactions: "交易支持",
    security: "安全",
    refunds: "退款与投诉",
    features: "功能咨询",
    freeze: "紧急冻结",
  },
  generalQueue: "综合",
  problems: {
    "not-logged-in": "登录已失效，请重新登录。",
    "wrong-credentials": "用户名或密码不正确。",
    forbidden: "您的账号没有这项权限。",
    "not-found": "没有找到。",
    "offer-over": "这通来电已转给其他人，或对方已挂断。",
    "not-your-contact": "这通电话不在您这里。",
    busy: "现在无法操作：您正在处理另一通电话。",
    "answer-on-phone": "您的 SIP 话机正在振铃，请在话机上接听。",
    "not-an-agent": "此账号不接听电话。",
    "invalid-input": "填写的内容不符合要求。",
    "too-many-requests": "尝试次数过多，请稍后再试。",
    conflict: "内容刚刚被改动过，请再试一次。",
    unavailable: "服务暂时不可用，请稍后再试。",
    "missing-header": "请求被拒绝，请刷新页面。",
    unreachable: "连接不上服务器，请检查网络。",
  },
  microphone: {
    unknown: "麦克风状态未知",
    granted: "麦克风可用",
    prompt: "麦克风尚未授权",
    denied: "麦克风被浏览器禁止",
    missing: "没有找到麦克风",
    unsupported: "此浏览器或此网址不能使用麦克风",
  },
  mute: "静音",
  unmute: "取消静音",
  hangUp: "挂断",
  close: "关闭",
  retry: "重试",
};

export type Words = typeof words;
