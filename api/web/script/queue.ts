// A report sent without a line waits in this browser and is sent later under the
// same key, so it is one fact however often it is tried.

interface Waiting {
  key: string;
  /** Whose it is: on a shared machine nobody sends another person's report. */
  me: string;
  action: string;
  fields: [string, string | Blob][];
  state: "waiting" | "failed";
}

const retryEvery = 15_000;

function open(): Promise<IDBDatabase> {
  return new Promise((done, fail) => {
    const request = indexedDB.open("jejak", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("queue", { keyPath: "key" });
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
}

async function store<T>(mode: IDBTransactionMode, act: (s: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await open();
  try {
    return await new Promise((done, fail) => {
      const request = act(db.transaction("queue", mode).objectStore("queue"));
      request.onsuccess = () => done(request.result);
      request.onerror = () => fail(request.error);
    });
  } finally {
    db.close();
  }
}

const me = (): string => document.body.dataset.me ?? "";

async function mine(): Promise<Waiting[]> {
  const all = await store<Waiting[]>("readonly", (s) => s.getAll() as IDBRequest<Waiting[]>);
  return all.filter((w) => w.me === me());
}

let timer = 0;

/** queue lets forms marked data-offline be sent without a line. */
export function queue(part: ParentNode): void {
  for (const form of part.querySelectorAll<HTMLFormElement>("form[data-offline]")) {
    form.addEventListener("submit", (event) => {
      if (navigator.onLine) return; // the browser sends it, and shows what came of it
      event.preventDefault();
      const fields = [...new FormData(form)] as [string, string | Blob][];
      const key = String(new FormData(form).get("kunci"));
      void store("readwrite", (s) => s.put({ key, me: me(), action: form.action, fields, state: "waiting" } satisfies Waiting)).then(() => {
        sessionStorage.removeItem("draft:" + form.dataset.draft);
        form.reset();
        const next = form.elements.namedItem("kunci");
        if (next instanceof HTMLInputElement) next.value = crypto.randomUUID();
        return show();
      });
    });
  }
  if (!("indexedDB" in window) || timer || !me()) return;
  timer = window.setInterval(() => void send(), retryEvery);
  window.addEventListener("online", () => void send());
  void send();
}

async function send(): Promise<void> {
  let sent = false;
  for (const w of await mine()) {
    if (w.state === "failed" || !navigator.onLine) continue;
    const body = new FormData();
    for (const [name, value] of w.fields) body.append(name, value);
    try {
      const answer = await fetch(w.action, { method: "POST", body });
      if (answer.ok) {
        sent = true;
        await store("readwrite", (s) => s.delete(w.key));
      } else if (answer.status < 500 && answer.status !== 401 && answer.status !== 429) {
        await store("readwrite", (s) => s.put({ ...w, state: "failed" }));
      }
    } catch {
      break; // no line after all: all of it waits on
    }
  }
  await show(sent);
}

/** show says what waits, what failed, and that something has just gone out. */
async function show(sent = false): Promise<void> {
  const box = document.querySelector<HTMLElement>("[data-queue]");
  if (!box) return;
  const waiting = await mine();
  const words = document.body.dataset;
  box.replaceChildren();
  box.hidden = waiting.length === 0 && !sent;
  if (sent) box.append(line("note good", words.queueSent ?? ""));
  for (const w of waiting) {
    const text = String(w.fields.find(([name]) => name === "text")?.[1] ?? "").slice(0, 80);
    box.append(line(w.state === "failed" ? "note bad" : "note warn", `${text}: ${w.state === "failed" ? words.queueFailed : words.queueWaiting}`));
  }
}

function line(kind: string, text: string): HTMLElement {
  const p = document.createElement("p");
  p.className = kind;
  p.setAttribute("role", "status");
  p.textContent = text;
  return p;
}
