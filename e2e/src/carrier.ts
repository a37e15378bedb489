// A carrier that takes calls to one number outside, which calls of a wallet may be handed on to.

/** The only number that is listed, and that the carrier's rule allows. */
export const OUTSIDE_NUMBER = "+861088880000";

/** Who is reached there. */
export const BANK = { en: "Partner bank", "zh-CN": "合作银行" };

/** The configuration of both, for a carrier at this port. It calls from elsewhere: what comes from here is phones. */
export function listed(port: number): string {
  const trunk = `[[trunk]]\nid = "carrier"\nfrom = ["127.0.0.9"]\ntargets = ["127.0.0.1:${port}"]\nallow = ["${OUTSIDE_NUMBER}"]\nprobe_s = 0\n`;
  const name = `name = { "zh-CN" = "${BANK["zh-CN"]}", en = "${BANK.en}" }`;
  return `${trunk}[[transfer]]\nid = "bank"\nwallet = "jinqiao"\n${name}\nnumber = "${OUTSIDE_NUMBER}"\n`;
}
