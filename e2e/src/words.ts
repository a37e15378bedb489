// The words on the screens, from the web's own sources: tests find what a reader would read, in both languages.

import { phone as phoneEn } from "../../web/src/i18n/en/phone.ts";
import { problems as problemsEn } from "../../web/src/i18n/en/problems.ts";
import { refunds as refundsEn } from "../../web/src/i18n/en/refunds.ts";
import { staff as staffEn } from "../../web/src/i18n/en/staff.ts";
import { walletApp as walletAppEn } from "../../web/src/i18n/en/wallet-app.ts";
import { words as wordsEn } from "../../web/src/i18n/en/words.ts";
import { phone as phoneZh } from "../../web/src/i18n/zh-CN/phone.ts";
import { problems as problemsZh } from "../../web/src/i18n/zh-CN/problems.ts";
import { refunds as refundsZh } from "../../web/src/i18n/zh-CN/refunds.ts";
import { staff as staffZh } from "../../web/src/i18n/zh-CN/staff.ts";
import { walletApp as walletAppZh } from "../../web/src/i18n/zh-CN/wallet-app.ts";
import { words as wordsZh } from "../../web/src/i18n/zh-CN/words.ts";

export type Language = "zh-CN" | "en";
export const LANGUAGES: Language[] = ["zh-CN", "en"];
export const WORDS = {
  "zh-CN": { ...wordsZh, problems: problemsZh, staff: staffZh, phone: phoneZh, walletApp: walletAppZh, refunds: refundsZh },
  en: { ...wordsEn, problems: problemsEn, staff: staffEn, phone: phoneEn, walletApp: walletAppEn, refunds: refundsEn },
};
