/** Two tries a second are quick enough for an eye, and bound what a busy city costs. */
const refreshPause = 500;
const agoEvery = 10_000;

/**
 * live follows what the page names in data-follow. The server only says that
 * something changed; the page asks for itself again and takes the new content,
 * but never under somebody's hands.
 */
export function live(wire: (part: ParentNode) => void): void {
  const main = document.querySelector<HTMLElement>("main");
  const follow = (main?.dataset.follow ?? "").split(" ").filter(Boolean);
  if (!main || follow.length === 0 || !("EventSource" in window)) return;

  const source = new EventSource("/langsung?" + follow.map((f) => "ikuti=" + encodeURIComponent(f)).join("&"));
  let since = Date.now();
  let wanted = false;
  let busy = false;
  let last = 0;

  const refresh = async (): Promise<void> => {
    wanted = true;
    if (busy || inUse(main)) return;
    busy = true;
    await new Promise((done) => setTimeout(done, Math.max(0, last + refreshPause - Date.now())));
    wanted = false;
    try {
      const answer = await fetch(location.href, { headers: { "Jejak-Live": "1" } });
      if (answer.ok && !inUse(main)) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.querySelector("main");
        if (fresh) {
          replace(main, fresh);
          wire(main);
          since = Date.now();
        }
      }
    } catch {
      wanted = true; // the line is down: the source will say so, and come back
    }
    last = Date.now();
    busy = false;
    show(source.readyState === EventSource.OPEN, since);
  };

  // The notice about the event store stands above the content: it changes also under
  // somebody's hands, since a form that is being filled cannot be sent meanwhile.
  const storeChanged = async (now: string): Promise<void> => {
    if (now === (notice(document)?.dataset.store ?? "ready")) return;
    try {
      const answer = await fetch(location.href, { headers: { "Jejak-Live": "1" } });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      notice(document)?.remove();
      const fresh = notice(page);
      if (fresh) document.querySelector("header.top")?.before(fresh);
      const mark = document.querySelector<HTMLElement>("[data-live]");
      if (mark) mark.dataset.asOf = page.querySelector<HTMLElement>("[data-live]")?.dataset.asOf ?? "";
      show(source.readyState === EventSource.OPEN, since);
      void refresh();
    } catch {
      wanted = true; // the line is down: the source tells it again when it is back
    }
  };

  source.addEventListener("open", () => {
    show(true, since);
    if (wanted) void refresh();
  });
  source.addEventListener("error", () => {
    wanted = true; // whatever happened meanwhile, look again when the line is back
    show(false, since);
  });
  source.addEventListener("changed", () => void refresh());
  source.addEventListener("store", (event) => void storeChanged((event as MessageEvent<string>).data));
  document.addEventListener("focusout", () => setTimeout(() => wanted && void refresh(), 0));
  setInterval(() => show(source.readyState === EventSource.OPEN, since), agoEvery);
}

/** inUse says whether somebody is writing, choosing or reading a folded part. */
function inUse(main: HTMLElement): boolean {
  const at = document.activeElement;
  if (at && main.contains(at) && at.matches("input, textarea, select, summary")) return true;
  if (main.querySelector("details[open], input[type=checkbox]:checked")) return true;
  return [...main.querySelectorAll<HTMLTextAreaElement>("textarea")].some((t) => t.value !== t.defaultValue);
}

/** replace swaps the content in and marks the list entries that were not there before. */
function replace(main: HTMLElement, fresh: Element): void {
  const known = new Set([...main.querySelectorAll("li")].map((li) => li.textContent));
  main.replaceChildren(...fresh.childNodes);
  for (const li of main.querySelectorAll("li")) if (!known.has(li.textContent)) li.classList.add("fresh");
}

/** notice is the line that says that nothing can be recorded now. */
function notice(page: Document): HTMLElement | null {
  return page.querySelector<HTMLElement>("[data-store]");
}

/** show says in the footer whether the page is live, or else of when it is. */
function show(on: boolean, since: number): void {
  const mark = document.querySelector<HTMLElement>("[data-live]");
  const words = document.body.dataset;
  if (!mark) return;
  const minutes = Math.floor((Date.now() - since) / 60_000);
  const ago = minutes < 1 ? words.agoNow : words.agoMinutes?.replace("{count}", String(minutes));
  const paused = on && notice(document) !== null; // nothing new can come
  const text = paused ? mark.dataset.asOf ?? "" : (on ? words.liveOn : words.liveCut)?.replace("{ago}", ago ?? "") ?? "";
  mark.dataset.state = paused ? "paused" : on ? "on" : "cut";
  if (mark.textContent !== text) mark.textContent = text;
}
