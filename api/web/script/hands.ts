/** steppers let a thumb count up and down. */
export function steppers(part: ParentNode): void {
  for (const button of part.querySelectorAll<HTMLButtonElement>("[data-step]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const input = button.parentElement?.querySelector("input");
      if (!input) return;
      input.value = String(Math.max(0, Math.round(((Number(input.value) || 0) + Number(button.dataset.step)) * 100) / 100));
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}

/** sendWhenSeen posts a form by itself once its page is in front of somebody: a read mark. */
export function sendWhenSeen(part: ParentNode): void {
  for (const form of part.querySelectorAll<HTMLFormElement>("form[data-send-when-seen]")) {
    const send = (): void => {
      if (document.visibilityState !== "visible") return;
      document.removeEventListener("visibilitychange", send);
      void fetch(form.action, { method: "POST", body: new URLSearchParams([...new FormData(form)] as [string, string][]) }).then((answer) => {
        if (answer.ok) form.remove();
      });
    };
    document.addEventListener("visibilitychange", send);
    send();
  }
}

/** listKeys moves through a list by j and k, chooses by x, opens by Enter, sends by a. */
export function listKeys(part: ParentNode): void {
  const form = part.querySelector<HTMLFormElement>("form[data-list]");
  if (!form) return;
  const hint = form.querySelector<HTMLElement>("[data-keys]");
  if (hint && matchMedia("(hover: hover)").matches) hint.hidden = false;
  const rows = [...form.querySelectorAll<HTMLElement>("[data-row]")];
  let at = -1;
  const go = (to: number): void => {
    rows[at]?.classList.remove("at");
    at = Math.min(rows.length - 1, Math.max(0, to));
    rows[at].classList.add("at");
    rows[at].querySelector<HTMLElement>("input, a")?.focus();
  };
  form.ownerDocument.addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement;
    if (!form.isConnected || event.ctrlKey || event.metaKey || event.altKey || target.matches("textarea, select, input:not([type=checkbox])")) return;
    const box = rows[at]?.querySelector<HTMLInputElement>("input[type=checkbox]");
    if (event.key === "j") go(at + 1);
    else if (event.key === "k") go(at - 1);
    else if (event.key === "x" && box) box.checked = !box.checked;
    else if (event.key === "Enter" && at >= 0 && !target.matches("a, button")) rows[at].querySelector<HTMLAnchorElement>("[data-open]")?.click();
    else if (event.key === "a" && at >= 0) {
      if (box && !form.querySelector("input[type=checkbox]:checked")) box.checked = true;
      form.requestSubmit();
    } else return;
    event.preventDefault();
  });
}
