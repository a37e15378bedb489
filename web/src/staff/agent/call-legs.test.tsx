import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { chooseLanguage } from "../../i18n/language.ts";
import { CallLegs } from "./call-legs.tsx";
import { protectionOf } from "./protection.ts";

beforeEach(() => chooseLanguage("en"));
afterEach(cleanup);

describe("a leg's protection", () => {
  it("has a name that people know, and an unknown suite keeps its own", () => {
    expect(protectionOf("none")).toBeNull();
    expect(protectionOf("dtls_srtp")).toBe("DTLS-SRTP");
    expect(protectionOf("srtp_sdes:AEAD_AES_256_GCM")).toBe("SRTP AES-256-GCM");
    expect(protectionOf("srtp_sdes:AES_CM_128_HMAC_SHA1_32")).toBe("SRTP AES-128");
    expect(protectionOf("srtp_sdes:ARIA_128_CTR")).toBe("ARIA_128_CTR");
  });
});

describe("the legs of a call", () => {
  it("say in words what protects each side and how it sounds", () => {
    render(
      <CallLegs
        agent="st_1"
        legs={[
          { outside: false, encryption: "none", quality: "poor" },
          { agent: "st_1", outside: false, encryption: "dtls_srtp" },
        ]}
      />,
    );
    const [caller, own] = screen.getAllByRole("listitem").map((item) => item.textContent);
    expect(caller).toBe("CallerNot encryptedPoor sound");
    expect(own).toBe("YouEncrypted · DTLS-SRTP");
  });

  it("are told in Chinese as well, and another agent is not called you", () => {
    chooseLanguage("zh-CN");
    render(
      <CallLegs
        agent="st_1"
        legs={[{ agent: "st_2", outside: false, encryption: "srtp_sdes:AEAD_AES_128_GCM", quality: "good" }]}
      />,
    );
    expect(screen.getByRole("listitem").textContent).toBe("客服已加密 · SRTP AES-128-GCM音质良好");
  });

  it("are nothing before the call is connected", () => {
    const { container } = render(<CallLegs agent="st_1" legs={[]} />);
    expect(container.innerHTML).toBe("");
  });
});
