import { describe, expect, it } from "vitest";
import * as enCases from "./en/cases.ts";
import * as enContacts from "./en/contacts.ts";
import * as enDirectory from "./en/directory.ts";
import * as enPhone from "./en/phone.ts";
import * as enProblems from "./en/problems.ts";
import * as enRefunds from "./en/refunds.ts";
import * as enStaff from "./en/staff.ts";
import * as enWalletApp from "./en/wallet-app.ts";
import * as enWords from "./en/words.ts";
import * as zhCases from "./zh-CN/cases.ts";
import * as zhContacts from "./zh-CN/contacts.ts";
import * as zhDirectory from "./zh-CN/directory.ts";
import * as zhPhone from "./zh-CN/phone.ts";
import * as zhProblems from "./zh-CN/problems.ts";
import * as zhRefunds from "./zh-CN/refunds.ts";
import * as zhStaff from "./zh-CN/staff.ts";
import * as zhWalletApp from "./zh-CN/wallet-app.ts";
import * as zhWords from "./zh-CN/words.ts";

const CATALOGUES: [string, object, object][] = [
  ["words", zhWords.words, enWords.words],
  ["problems", zhProblems.problems, enProblems.problems],
  ["staff", zhStaff.staff, enStaff.staff],
  ["phone", zhPhone.phone, enPhone.phone],
  ["directory", zhDirectory.directory, enDirectory.directory],
  ["cases", zhCases.cases, enCases.cases],
  ["wallet-app", zhWalletApp.walletApp, enWalletApp.walletApp],
  ["contacts", zhContacts.contacts, enContacts.contacts],
  ["refunds", zhRefunds.refunds, enRefunds.refunds],
];

/** Every leaf by its path; a function is called with stand-ins, so that what it ignores shows. */
function leaves(tree: object, path = ""): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] => {
    const at = `${path}/${key}`;
    if (typeof value === "string") return [[at, value]];
    if (typeof value === "function") return [[at, String(value("\u27e81\u27e9", "\u27e82\u27e9"))]];
    return leaves(value as object, at);
  });
}

/** The same in every language on purpose. */
const SAME = new Set(["/product", "/wrapUp/finishHint"]);

describe.each(CATALOGUES)("%s", (_name, zh, en) => {
  const chinese = new Map(leaves(zh));
  const english = new Map(leaves(en));

  it("has the same messages in both languages, none empty", () => {
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort());
    for (const text of [...chinese.values(), ...english.values()]) expect(text.trim()).not.toBe("");
  });

  it("is translated, and uses the same parameters", () => {
    const parameters = (text: string) => [...text.matchAll(/\u27e8\d\u27e9/g)].map(([found]) => found).sort();
    for (const [path, text] of chinese) {
      const other = english.get(path) ?? "";
      if (!SAME.has(path)) expect(other, path).not.toBe(text);
      expect(parameters(other), path).toEqual(parameters(text));
    }
  });

  it("keeps Chinese out of the English", () => {
    for (const [path, text] of english) expect(text, path).not.toMatch(/\p{Script=Han}/u);
  });
});
