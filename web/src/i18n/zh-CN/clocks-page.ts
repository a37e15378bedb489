// Words of the page that lists which clocks run. Chinese is the source.

export const clocksPage = {
  title: "时限",
  toDesk: "工作台",
  notYours: "本页供主管、投诉处理、合规和审计人员使用。",
  none: "没有这样的时限。",
  filter: "显示",
  filters: { all: "全部", running: "进行中", paused: "暂停", over: "已超期" },
  alerts: { half: "时间已过半", most: "时间已用去五分之四" },
  due: (at: string, zone: string) => `${at} 到期（${zone}）`,
  noDay: "目前没有期限",
  open: (reference: string) => `打开工单 ${reference}`,
};

export type ClocksPageMessages = typeof clocksPage;
