// What became of a message, in Chinese.

export const message = {
  heading: "短信：",
  states: {
    queued: "等待发送",
    sending: "正在发送",
    sent: "已发送",
    delivered: "已送达",
    failed: "未送达",
    expired: "未能及时送达",
  },
  channels: { sms: "短信", mail: "邮件" },
  about: {
    code: "验证码",
    codes_blocked: "通知：暂停发送验证码",
    frozen: "通知：账户已冻结",
    status: "交易状态",
    callback_noted: "回电已登记",
    case_opened: "已登记工单",
    credit: "临时入账",
  },
  reasons: {
    prefix_not_allowed: "该钱包不向此类号码发送",
    wallet_cap: "该钱包今日发送已达上限",
    cost_cap: "该钱包今日费用已用完",
    prefix_cap: "此类号码今日发送已达上限",
    range_cap: "此类号码今日发送已达上限",
    no_route: "没有可用的发送渠道",
    no_answer: "短信网关没有答复",
  },
};
