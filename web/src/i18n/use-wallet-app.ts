// The words of the wallet's app in the reader's language.

import { walletApp as en } from "./en/wallet-app.ts";
import { useLanguage } from "./language.ts";
import { type WalletAppMessages, walletApp as zhCN } from "./zh-CN/wallet-app.ts";

export function useWalletApp(): WalletAppMessages {
  return useLanguage() === "en" ? en : zhCN;
}
