// Words of showing a masked number, and of the page where such look-ups are seen. Chinese is the source.

export const lookUps = {
  show: "显示完整号码",
  heading: "为什么需要完整号码？",
  reason: "事由（4–200 字）",
  recorded: "查询会留痕，显示 30 秒。非进行中的联系须由主管或合规复查。",
  submit: "显示",
  hidesIn: (s: number) => `${s} 秒后隐藏`,
  title: "号码查询复查",
  toDesk: "工作台",
  notYours: "本页供主管和合规人员使用。",
  none: "没有待复查的查询。",
  by: (agent: string, at: string) => `工号 ${agent} · ${at}`,
  contact: "联系",
  seen: "已复查",
  seenOf: (agent: string, at: string) => `已复查工号 ${agent} 于 ${at} 的查询`,
};

export type LookUpMessages = typeof lookUps;
