// Words of the page on which an admin sees to staff. Chinese is the source.

import type { CertificateKind, Role } from "../../api/types.ts";

export const members = {
  title: "员工与资质",
  toDesk: "工作台",
  notYours: "本页供管理员、审计和合规人员使用。",
  user: "用户名",
  number: "工号",
  role: "角色",
  secondFactor: "第二重验证",
  enrolled: "已启用",
  notEnrolled: "未启用",
  reset: "重置",
  resetOf: (user: string) => `重置 ${user} 的第二重验证`,
  certificates: "资质证书",
  none: "没有证书",
  valid: (until: string) => `有效期至 ${until}`,
  over: (since: string) => `已于 ${since} 到期`,
  revoked: (at: string) => `已于 ${at} 吊销`,
  score: (score: number) => `${score} 分`,
  revoke: "吊销",
  revokeOf: (kind: string, user: string) => `吊销 ${user} 的${kind}证书`,
  grant: "授予证书",
  grantTo: (user: string) => `授予 ${user} 证书`,
  kind: "类别",
  points: "成绩（80–100 分）",
  expires: "到期日（最长 12 个月）",
  submit: "授予",
  done: "已记录。",
  roles: {
    agent: "坐席",
    checker: "复核员",
    handler: "投诉专员",
    supervisor: "主管",
    auditor: "审计",
    compliance: "合规",
    admin: "管理员",
  } satisfies Record<Role, string>,
  kinds: {
    privacy: "隐私保护",
    "social-engineering": "防社会工程",
    "identity-verification": "身份核验",
    "refund-maker": "退款经办",
    "refund-checker": "退款复核",
    complaints: "投诉处理",
  } satisfies Record<CertificateKind, string>,
};

export type MembersMessages = typeof members;
