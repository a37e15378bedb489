// Words of the search for past contacts and their recordings. Source: Chinese.

export const contacts = {
  title: "历史联系",
  toDesk: "工作台",
  notYours: "此页面供主管、审计和合规人员使用。",
  search: "查找",
  from: "起始日期",
  to: "截止日期",
  agent: "坐席工号",
  line: "热线号码",
  service: "事项",
  anyService: "全部事项",
  recorded: "仅有录音的",
  held: "仅法务保全的",
  find: "查找",
  found: (count: string) => `找到 ${count} 条联系`,
  most: (count: string) => `只显示最近 ${count} 条，请缩小范围`,
  none: "没有符合条件的联系",
  failed: "没能取得联系记录",
  when: "时间",
  caller: "来电号码",
  agents: "坐席",
  recording: "录音",
  hasRecording: "有录音",
  onHold: "法务保全中",
  noRecording: "无",
  open: (caller: string, when: string) => `打开 ${when} ${caller} 的联系`,
  withheld: "号码隐藏",
  onRecord: "查找、查看和收听都会记录在案。",
};

export type ContactsMessages = typeof contacts;
