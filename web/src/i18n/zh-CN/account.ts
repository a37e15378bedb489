// Acts on the customer's account, and what waits for a second person, in Chinese.

export const accountActs = {
  heading: "用户的账户",
  look: "查看设备和保护措施",
  notOffered: "此钱包不提供账户保护信息。",
  noDevices: "没有绑定的设备。",
  sessions: (n: number) => `${n} 个登录会话`,
  since: (at: string) => `${at} 起`,
  secondFactors: {
    active: "两步登录已开通",
    invited: "两步登录已邀请，尚未开通",
    blocked: "两步登录因多次错误被暂停",
    none: "没有两步登录",
  },
  nobodyNamed: "请先询问登记的手机号码。",
  names: {
    send_link: "发送设置密码的链接",
    unlock: "解锁（多次登录失败）",
    reset_password: "设置新密码",
    revoke_sessions: "让所有设备退出",
    secure_account: "冻结并让所有设备退出",
    enrol_factor: "开通两步登录",
    close_account: "注销账户",
    keep_open: "取消注销",
    unlock_fraud: "解除欺诈锁定",
  },
  needs: {
    A1: "需要手机号码",
    A2: "需要短信验证码核验",
    A3: "需要第二种核验方式",
  },
  effects: {
    send_link: "钱包自己页面的链接会发到登记的手机或邮箱，仅能用一次。无论有没有这个账户，结果都一样；每天三次。",
    unlock:
      "解除多次登录失败造成的锁定，所有设备退出登录，并通知所有登记的地址。其他原因的锁定，或已开通两步登录而未核验的，不会解除，会建立工单。",
    reset_password: "所有设备退出登录，钱包自己页面的链接发到登记的手机，由用户自己设置密码；绝不口头收取密码。",
    revoke_sessions: "所有会话结束，所有设备解除绑定，用户在自己的设备上重新登录。",
    secure_account: "账户冻结，所有会话结束，所有设备解除绑定。恢复需要两种核验方式。",
    enrol_factor: "钱包自己页面的链接发到登记的手机，用户在页面上开通两步登录。",
    close_account: "账户即刻不能使用，七天后注销，期间用户可以改变主意。余额须为零，没有进行中的交易和争议。",
    keep_open: "账户不再注销，可以继续使用。",
    unlock_fraud:
      "第二位客服确认后，欺诈锁定或冻结才会解除，所有设备退出登录。对方在自己的列表中可以看到，一天内有效。",
  },
  confirm: "现在办理",
  details: {
    awaiting_second: "还不能说已办理。须由第二位客服确认。",
    committed: "还不能说已办理。请来电者不要挂断。",
    sending: "还不能说已办理。请来电者不要挂断。",
    unknown: "还不能说已办理。系统会用同一编号继续尝试。",
    reconciling: "还不能说已办理。正在向钱包询问结果。",
    done: "已办理（如有此账户），会通知登记的地址。",
    declined: "没有任何变动，工单已建立。",
    given_up: "时限内没有回音，工单已建立，需要人工核实。",
  },
  declined: {
    not_supported: "此钱包不提供该操作。没有任何变动，工单已建立，由人工办理。",
    needs_more:
      "没有任何变动。需要第二种核验方式，或由第二位工作人员确认：账户因其他原因被锁，或已开通两步登录而未核验。工单已建立。",
    obstacles: "没有任何变动。余额须为零，没有进行中的交易和争议。工单已建立。",
  },
};

export const waitingActs = {
  heading: "等待第二人确认",
  askedBy: (number: string, at: string) => `${at} 由工号 ${number} 提出`,
  own: "这是您提出的，须由他人决定。",
  agree: "同意",
  disagree: "不同意",
};

/** What came of an act on a wallet, in a line of the record. */
export const actOutcomes: Record<string, string> = {
  awaiting_second: "等待第二位客服确认",
  agreed: "第二位客服已同意",
  done: "已执行",
  declined: "钱包拒绝",
  unknown: "尚未确认",
  not_supported: "此钱包不提供",
  needs_more: "需要更多核验，或第二位工作人员确认",
  obstacles: "账户有未了事项",
};
