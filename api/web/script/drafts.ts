/**
 * drafts keeps what somebody writes from the first key until it is sent. It lives
 * in the tab's own storage: closing the tab forgets it, other people of the same
 * machine never see it.
 */
export function drafts(part: ParentNode): void {
  for (const form of part.querySelectorAll<HTMLFormElement>("form[data-draft]")) {
    const name = "draft:" + form.dataset.draft;
    const note = form.querySelector<HTMLElement>("[data-draft-note]");
    restore(form, name, note);
    form.addEventListener("input", () => {
      sessionStorage.setItem(name, JSON.stringify(fields(form)));
      if (note) note.hidden = false;
    });
    form.addEventListener("submit", () => sessionStorage.setItem("sent:" + form.dataset.draft, key(form)));
  }
  for (const out of part.querySelectorAll<HTMLFormElement>('form[action="/keluar"]')) {
    out.addEventListener("submit", () => sessionStorage.clear());
  }
  forget();
}

/** forget drops the drafts of forms whose receipt the page shows. */
function forget(): void {
  const receipt = document.querySelector<HTMLElement>("[data-receipt]")?.dataset.receipt;
  for (const name of Object.keys(sessionStorage)) {
    if (name.startsWith("sent:") && (sessionStorage.getItem(name) === receipt || location.search.includes("tercatat="))) {
      sessionStorage.removeItem(name.replace("sent:", "draft:"));
      sessionStorage.removeItem(name);
    }
  }
}

function restore(form: HTMLFormElement, name: string, note: HTMLElement | null): void {
  const kept = sessionStorage.getItem(name);
  if (!kept || form.querySelector("[data-problems]")) return;
  for (const [field, value] of Object.entries(JSON.parse(kept) as Record<string, string>)) {
    const input = form.elements.namedItem(field);
    if (input instanceof RadioNodeList || input instanceof HTMLInputElement || input instanceof HTMLTextAreaElement || input instanceof HTMLSelectElement) {
      input.value = value;
    }
  }
  if (note) note.hidden = false;
}

/** fields are what a person filled in: no file, and the key only so that a repeat is one. */
function fields(form: HTMLFormElement): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && name !== "revisi") kept[name] = value;
  return kept;
}

export function key(form: HTMLFormElement): string {
  return String(new FormData(form).get("kunci") ?? "");
}
