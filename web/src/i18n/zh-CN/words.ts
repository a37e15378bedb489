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
