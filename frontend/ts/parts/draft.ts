// Keeps what is typed into a form until the server has accepted it: a dead
// battery, a lost network or an expired session loses nothing.
//
// A draft lies in the browser's store under the address that the form is sent to.
// It is marked when the form is sent, and forgotten on the page that follows,
// unless that page reports a failure, only looked something up for the form, or
// is the sign-in. Signing out forgets
// all drafts, and so does a week.

const prefix = "draft ";
const week = 7 * 24 * 60 * 60 * 1000;

interface Draft {
  at: number;
  sent: boolean;
  values: Record<string, string[]>;
}

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

export function keepDrafts(): void {
  forgetOld();
  const forms = [...document.querySelectorAll<HTMLFormElement>("form[data-keep]")];
  settle(forms);
  for (const form of forms) watch(form);
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-forget]")) {
    form.addEventListener("submit", () => stored().forEach((name) => localStorage.removeItem(name)));
  }
}

function keyOf(form: HTMLFormElement): string {
  return prefix + (form.getAttribute("action") || location.pathname) + " " + form.id;
}

function stored(): string[] {
  return Object.keys(localStorage).filter((name) => name.startsWith(prefix));
}

function read(name: string): Draft | null {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "null") as Draft | null;
  } catch {
    return null;
  }
}

function forgetOld(): void {
  for (const name of stored()) {
    if (Date.now() - (read(name)?.at ?? 0) > week) localStorage.removeItem(name);
  }
}

// settle forgets the drafts that this page shows to be accepted. What was
// refused is as if it had not been sent: whoever looks up what somebody else
// wrote meanwhile finds it again.
function settle(forms: HTMLFormElement[]): void {
  const accepted = document.querySelector("[data-accepted]");
  const failed = document.querySelector("[data-failed], [data-rejected], [data-returned]");
  const inside = document.querySelector("[data-signed-in]");
  const here = new Set(forms.map(keyOf));
  for (const name of stored()) {
    const draft = read(name);
    if (!draft?.sent) continue;
    if (accepted || (inside && !failed && !here.has(name))) localStorage.removeItem(name);
    else if (failed) localStorage.setItem(name, JSON.stringify({ ...draft, sent: false }));
  }
}

function watch(form: HTMLFormElement): void {
  const before = JSON.stringify(valuesOf(form));
  const draft = read(keyOf(form));
  if (draft && !form.querySelector("[data-rejected], [data-returned]") && JSON.stringify(draft.values) !== before) {
    restore(form, draft);
  }
  form.addEventListener("input", () => save(form, false));
  form.addEventListener("submit", () => save(form, true));
}

function save(form: HTMLFormElement, sent: boolean): void {
  const draft: Draft = { at: Date.now(), sent, values: valuesOf(form) };
  try {
    localStorage.setItem(keyOf(form), JSON.stringify(draft));
  } catch {
    // A full or forbidden store: the form works as it would without a draft.
  }
}

function controls(form: HTMLFormElement): Control[] {
  return [...form.elements].filter(
    (e): e is Control =>
      e instanceof HTMLTextAreaElement ||
      e instanceof HTMLSelectElement ||
      (e instanceof HTMLInputElement && !["hidden", "password", "file", "submit", "button"].includes(e.type)),
  ).filter((e) => e.name !== "" && !e.closest("[data-private]"));
}

function isTicked(c: Control): c is HTMLInputElement {
  return c instanceof HTMLInputElement && (c.type === "radio" || c.type === "checkbox");
}

function valuesOf(form: HTMLFormElement): Record<string, string[]> {
  const values: Record<string, string[]> = {};
  for (const c of controls(form)) {
    const list = (values[c.name] ??= []);
    if (!isTicked(c) || c.checked) list.push(c.value);
  }
  return values;
}

function restore(form: HTMLFormElement, draft: Draft): void {
  const taken: Record<string, number> = {};
  for (const c of controls(form)) {
    const list = draft.values[c.name];
    if (!list) continue;
    if (isTicked(c)) {
      c.checked = list.includes(c.value);
    } else {
      const i = (taken[c.name] = (taken[c.name] ?? -1) + 1);
      c.value = list[i] ?? c.value;
    }
  }
  form.prepend(note(form));
}

function note(form: HTMLFormElement): HTMLElement {
  const words = document.documentElement.dataset;
  const box = document.createElement("div");
  box.className = "notice info";
  box.setAttribute("role", "status");
  box.append(words.restored ?? "");
  const discard = document.createElement("button");
  discard.type = "button";
  discard.className = "link";
  discard.textContent = words.discard ?? "";
  discard.addEventListener("click", () => {
    localStorage.removeItem(keyOf(form));
    form.reset();
    box.remove();
  });
  box.append(" ", discard);
  return box;
}
