import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { beginPage, onPage } from "./pages.ts";
import { travelDuringCalls } from "./travel.ts";

const page = (title: string, main: string) =>
  `<!doctype html><html lang="en"><head><title>${title}</title></head><body data-wallet="w"><header class="site">h</header>
   <main id="main" tabindex="-1">${main}</main><footer class="site">f</footer><div id="call"></div></body></html>`;

let calling = true;
const onUnreachable = vi.fn();
travelDuringCalls({ isCalling: () => calling, onUnreachable });

const settled = () => new Promise((resolve) => setTimeout(resolve));
const press = (selector: string) => {
  const event = new MouseEvent("click", { bubbles: true, cancelable: true, button: 0 });
  document.querySelector(selector)?.dispatchEvent(event);
  // What the browser would do by itself is not part of these tests.
  const taken = event.defaultPrevented;
  return taken;
};

describe("going from page to page", () => {
  beforeEach(() => {
    calling = true;
    onUnreachable.mockClear();
    document.body.innerHTML = `<header class="site">old</header><main id="main"><a id="in" href="/help/articles/x">x</a>
      <a id="out" href="/desk">d</a></main><footer class="site">old</footer><div id="call"><p>the call</p></div>`;
  });
  afterEach(() => vi.unstubAllGlobals());

  it("puts the next page in place while a call is up, and leaves the call alone", async () => {
    const begun = vi.fn(() => undefined);
    onPage(begun);
    const response = { text: async () => page("Next", "<p>next</p>"), url: `${location.origin}/help/articles/x` };
    vi.stubGlobal(
      "fetch",
      vi.fn(async () => response),
    );
    expect(press("#in")).toBe(true);
    await settled();
    expect(document.querySelector("#main")?.textContent).toBe("next");
    expect(document.querySelector("header")?.textContent).toBe("h");
    expect(document.title).toBe("Next");
    expect(document.querySelector("#call")?.textContent).toBe("the call");
    expect(begun).toHaveBeenCalledOnce();
    beginPage();
  });

  it("says that a page is not to be had, and keeps the one that is there", async () => {
    vi.stubGlobal("fetch", vi.fn().mockRejectedValue(new TypeError("offline")));
    press("#in");
    await settled();
    expect(onUnreachable).toHaveBeenCalledOnce();
    expect(document.querySelector("#in")).not.toBeNull();
  });

  it("opens what has no place for the call in a tab of its own", () => {
    const open = vi.fn();
    vi.stubGlobal("open", open);
    expect(press("#out")).toBe(true);
    expect(open).toHaveBeenCalledOnce();
  });

  it("leaves links alone while no call is up", () => {
    calling = false;
    const fetched = vi.fn();
    vi.stubGlobal("fetch", fetched);
    document.addEventListener("click", (event) => event.preventDefault(), { once: true });
    press("#in");
    expect(fetched).not.toHaveBeenCalled();
  });
});
