// Copy buttons: hidden in the page as it comes, shown where the browser can copy. The text stays selectable without them.

/** Shows every `[data-copy]` button and has it copy the field it names. */
export function enableCopying(root: ParentNode = document): void {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => void copy(button));
  }
}

async function copy(button: HTMLButtonElement): Promise<void> {
  const field = document.getElementById(button.dataset.copy ?? "");
  if (!(field instanceof HTMLTextAreaElement)) return;
  try {
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.copied ?? button.textContent;
  } catch {
    // Without permission the text is at least selected, ready to be copied by hand.
    field.select();
  }
}
