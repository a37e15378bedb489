// Words of logging in with a second factor, and of the page for one's own log-in. Chinese is the source.

export const session = {
  heading: "第二重验证",
  byCode: "请输入身份验证器应用显示的 6 位数字。",
  byRecovery: "请输入一个恢复码。每个恢复码只能用一次。",
  code: "验证码",
  recoveryCode: "恢复码",
  useRecovery: "没有身份验证器？使用恢复码",
  useCode: "使用身份验证器",
  submit: "继续",
  busy: "正在验证…",
  logOut: "退出登录",
  lost: "两者都没有时，请联系管理员重置。",
  setUp: {
    heading: "设置第二重验证",
    required: "您的角色必须使用第二重验证，设置完成后才能继续。",
    scan: "用身份验证器应用扫描二维码：",
    qr: "供身份验证器扫描的二维码",
    typed: "无法扫描时，手动输入这个密钥：",
    first: "应用显示的 6 位数字",
    begin: "开始设置",
    submit: "启用",
  },
  recovery: {
    heading: "恢复码",
    text: "身份验证器丢失时，每个恢复码可以登录一次。它们只显示这一次，请抄写或打印，并与本机分开保存。",
    done: "我已保存",
  },
  page: {
    title: "登录安全",
    toDesk: "工作台",
    on: "已启用第二重验证",
    off: "未启用第二重验证：仅凭密码登录",
    replace: "更换身份验证器",
    renew: "重新生成恢复码",
    remove: "停用第二重验证",
    removed: "已停用第二重验证。",
    needed: "您的角色必须使用第二重验证，可以更换，不能停用。",
  },
  confirm: {
    heading: "请确认是您本人",
    why: "这项操作需要刚刚完成的身份确认，5 分钟内有效。",
    password: "密码",
    submit: "确认",
  },
};

export type SessionMessages = typeof session;
