// Words of cases that a customer waits for: what they report, until when it is due, what is credited meanwhile. Chinese is the source.

/** What was done in a case, for the timeline of a contact, and what came of it. */
export const caseActs = { provisional_credit: "临时入账", watch_transaction: "关注交易" };
export const caseOutcomes = { reversed: "已收回", kept: "归客户所有", started: "已开始" };

export const cases = {
  report: {
    open: "立案",
    heading: "客户反映什么？",
    explained: "工单号会出现在本次联系里。不要告诉客户是否有这笔支付。",
    transaction: "交易号（客户说出的）",
    hint: "十二位数字，可不填",
    about: {
      unauthorised: "不是本人支付",
      wrong_payee: "付错了人",
      wrong_amount: "金额不对",
      duplicate: "重复扣款",
      not_received: "一直没到账",
      complaint: "投诉",
    },
    done: "正在立案。",
  },
  grounds: "问题",
  evidence: {
    heading: "材料",
    none: "没有材料",
    add: "添加文件",
    taken: "PNG、JPEG 或 PDF，不超过 10 MB。",
    notTaken: "未接收：只收 PNG、JPEG 或 PDF，不超过 10 MB。",
    byCustomer: "客户提交",
    states: {
      clean: "已查毒，未发现问题",
      not_scanned: "未查毒：打开时请小心",
      waiting: "等待查毒",
      infected: "有病毒，已删除",
      erased: "已删除",
    },
  },
  statement: {
    heading: "表单内容",
    claimed: "只是客户自述，未经核实：不能据此透露任何账户信息。",
    number: "手机号码",
    transaction: "交易号",
    hotline: "投诉本热线",
    agent: (number: string) => `投诉客服 ${number}`,
  },
  credit: {
    heading: "临时入账",
    states: {
      proposed: "待复核",
      declined: "复核未通过",
      given: "已入账",
      reversal_proposed: "待收回",
      reversed: "已收回",
      final: "归客户所有",
    },
    amount: "金额",
    currency: "币种",
    people: (proposed: string, decided: string | null) =>
      decided === null ? `提出：${proposed}` : `提出：${proposed}，复核：${decided}`,
    byHand: "同意即表示已在钱包侧处理资金，热线本身不动资金。",
    acts: {
      propose: "提出",
      agree: "同意",
      decline: "不同意",
      propose_reversal: "提出收回",
      keep: "归客户所有",
    },
  },
  clocks: {
    heading: "时限",
    none: "此工单没有时限",
    phases: {
      running: "计时中",
      paused: "已暂停",
      over: "已逾期",
      met: "按时办结",
      met_late: "逾期办结",
      excepted: "适用例外",
    },
    lapsed: "已不能采用",
    unknown: (year: string) => `未知：日历缺 ${year} 年`,
    until: (at: string, zone: string) => `截止 ${at}（${zone}）`,
    used: (percent: string) => `已用 ${percent}`,
    started: (what: string, at: string) => `${what}：${at}`,
    source: "依据",
    marks: { S: "原文已核", s: "转述资料", K: "行业常识，待确认", D: "本项目默认" } as Record<string, string>,
    checked: (on: string) => `核对于 ${on}`,
    extended: (count: string) => `已延期 ${count} 次`,
    needs: {
      reason: "须有理由",
      holding_reply: "已发中间答复",
      approval: "主管或合规同意",
      provisional_credit: "已临时入账",
    },
    acts: {
      pause: "暂停",
      resume: "继续",
      extend: (term: string) => `延至 ${term}`,
      meet: "已办结",
      except: "适用例外",
    },
  },
  watch: {
    ask: "有变化时通知客户",
    begun: "交易有变化或立案时，会通知客户一次。",
  },
};

export type CaseMessages = typeof cases;
