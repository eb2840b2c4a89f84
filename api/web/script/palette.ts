/** palette finds a page by its name: Ctrl+K, some letters, Enter. */
export function palette(): void {
  const words = document.body.dataset;
  let dialog: HTMLDialogElement | undefined;
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    dialog ??= build(words.palette ?? "", words.paletteHint ?? "");
    if (!dialog.open) dialog.showModal();
  });
}

function build(title: string, hint: string): HTMLDialogElement {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-label", title);
  const input = document.createElement("input");
  input.type = "search";
  input.placeholder = hint;
  input.setAttribute("aria-label", title);
  const list = document.createElement("ul");
  const links = [...document.querySelectorAll<HTMLAnchorElement>("nav a[href], .top a[href], main a.more[href], .crumb a[href]")];
  let chosen = 0;
  const show = (): void => {
    const asked = input.value.toLowerCase();
    const seen = new Set<string>();
    const found = links.filter((a) => {
      const fits = (a.textContent ?? "").toLowerCase().includes(asked) && !seen.has(a.href);
      seen.add(a.href);
      return fits;
    });
    chosen = Math.min(chosen, Math.max(0, found.length - 1));
    list.replaceChildren(
      ...found.map((a, i) => {
        const entry = document.createElement("li");
        const link = document.createElement("a");
        link.href = a.href;
        link.textContent = (a.textContent ?? "").trim();
        if (i === chosen) link.setAttribute("aria-current", "true");
        entry.append(link);
        return entry;
      }),
    );
  };
  input.addEventListener("input", () => {
    chosen = 0;
    show();
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      chosen = Math.max(0, chosen + (event.key === "ArrowDown" ? 1 : -1));
      show();
      event.preventDefault();
    }
    if (event.key === "Enter") list.querySelector<HTMLAnchorElement>("[aria-current]")?.click();
  });
  dialog.append(input, list);
  dialog.addEventListener("close", () => (input.value = ""));
  document.body.append(dialog);
  show();
  return dialog;
}
