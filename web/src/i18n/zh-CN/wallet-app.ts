// The words of the wallet's app on the demo phone. Chinese is the source.

export const walletApp = {
  heading: "钱包应用",
  ask: "是你们在和我通话吗？",
  close: "收起",
  asking: "正在核实…",
  talking: {
    agent: (agent: string, since: string) => `我们正在与您通话：工号 ${agent}，始于 ${since}`,
    nobody: (since: string) => `您正在我们的热线上，始于 ${since}，目前没有人工接听`,
    outside: (since: string) => `我们已把您的电话转给外部单位，始于 ${since}`,
    about: (service: string) => `关于：${service}`,
    line: (number: string) => `热线：${number}`,
    compare: "请与电话里报的工号核对；不一致就挂断。我们从不在电话里索要验证码或密码。",
  },
  calling_back: {
    title: (agent: string) => `工号 ${agent} 正在给您回电`,
    advice: "请核对工号。口令或工号不对就挂断。",
    nobody: "您没有申请过回电？请挂断，自己拨打官方热线。",
  },
  callback: {
    booked: (reference: string) => `已登记回电，受理编号 ${reference}`,
    phrase: "我们来电时先说这两个词：",
    noPhrase: "口令已过期。请挂断自称是我们的来电，重新登记。",
  },
  unconfirmed: {
    title: "有人正以您的号码与我们通话，但尚未核实是您本人",
    advice: "如果是您自己拨打的官方热线，请继续并按提示核实身份；如果是对方打给您的，请挂断。",
  },
  not_talking: {
    title: "我们没有在与您通话：请挂断",
    advice: "自称是我们的来电不是我们。请挂断后自己拨打官方热线。",
  },
  offline: {
    title: "离线：最好不要接听",
    advice: "现在无法核实。请挂断，稍后自己拨打官方热线。",
  },
  checked: (at: string) => `核实于 ${at}`,
};

export type WalletAppMessages = typeof walletApp;
