// Buttons that copy a number or a code. They are hidden until this shows them, so that none is there that does nothing.

/** How long a button says that it has copied, milliseconds. */
const SAID_MS = 2_000;

export function addCopying(): undefined {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    const label = button.querySelector("span") ?? button;
    const words = label.textContent;
    button.hidden = false;
    button.setAttribute("aria-live", "polite");
    button.onclick = async () => {
      await navigator.clipboard.writeText(button.dataset.copy ?? "");
      label.textContent = button.dataset.copied ?? "";
      setTimeout(() => {
        label.textContent = words;
      }, SAID_MS);
    };
  }
}
