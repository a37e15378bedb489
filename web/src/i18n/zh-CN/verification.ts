// Verifying a customer at the desk, in Chinese.

import { message } from "./message.ts";

export const verification = {
  verify: "核验身份",
  heading: "核验客户身份",
  factor: "核验方式",
  smsCode: "向注册手机发送短信验证码",
  second: "第二重验证，在短信验证码之后",
  secondMissing: "第二重验证：该钱包不支持查询",
  askSecond: "请客户输入第二重验证码",
  secondExplained: "客户在电话上输入动态口令。在此期间您听不到客户的声音，录音也是静音。",
  whose: "发给哪个号码",
  calling: "来电号码",
  other: "客户报的其他号码",
  number: "注册手机号码",
  explained: "客户用自己的电话按键输入验证码。在此期间您听不到任何声音，录音也是静音。",
  send: "发送验证码",
  another: "重新发送",
  end: "回到客户",
  unheard: "在此期间没有人听得到客户，录音为静音。",
  limited: "没有发送短信：验证码发送或错误次数过多。客户不会得知。",
  triesLeft: (left: number) => `还可以试 ${left} 次`,
  message,
  states: {
    sending: "正在请求验证码",
    sent: "号码如已注册，则已发送，请客户输入",
    keying: "客户正在输入验证码",
    checking: "正在核对",
    wrong: "不正确，客户可以重新输入",
    verified: "已通过短信验证码核验",
    failed: "未通过：错误次数过多",
    given_up: "未通过：客户已返回通话",
    expired: "未通过：验证码已过期",
    ended: "未通过：输入已结束",
    not_a_number: "未发送：号码不完整",
    unavailable: "未通过：钱包没有答复",
  },
  secondStates: {
    sent: "已请客户输入，客户可以输入动态口令",
    verified: "已通过第二重验证",
  } as Record<string, string>,
  outcomes: {
    started: "已请求",
    verified: "正确",
    failed: "错误次数过多",
    given_up: "客户已返回",
    expired: "已过期",
    ended: "已结束",
    not_a_number: "不是电话号码",
    unavailable: "没有答复",
  },
};

export const pressure = {
  suspect: "疑似受人指使",
  heading: "来电者是否受人指使？",
  explained:
    "记录之后，来电者在本次通话中出示的任何凭据都不再有效：不透露账户信息，也不做任何变更。此操作不能撤销，来电者不会听到任何提示。紧急冻结仍可进行。",
  note: "是，记录下来",
};
