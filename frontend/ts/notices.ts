// On the page of how one is told: the form with data-push subscribes this
// browser to push messages and sends the subscription. Where a browser has none,
// the form stays hidden.

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-push]")) {
  if (!("PushManager" in window) || !window.isSecureContext) continue;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    if (field(form, "endpoint").value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    void subscribe(form);
  }, true);
}

async function subscribe(form: HTMLFormElement): Promise<void> {
  const status = form.querySelector<HTMLElement>("[role=status]");
  const say = (text: string | undefined): void => { if (status) status.textContent = text ?? ""; };
  say("");
  if ((await Notification.requestPermission()) !== "granted") {
    say(form.dataset["denied"]);
    return;
  }
  try {
    const worker = await navigator.serviceWorker.register("/worker.js");
    await navigator.serviceWorker.ready;
    const taken = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: form.dataset["push"] ?? "" });
    const { endpoint, keys } = taken.toJSON();
    field(form, "endpoint").value = endpoint ?? "";
    field(form, "p256dh").value = keys?.["p256dh"] ?? "";
    field(form, "auth").value = keys?.["auth"] ?? "";
    form.requestSubmit();
  } catch {
    say(form.dataset["failedText"]);
  }
}

function field(form: HTMLFormElement, name: string): HTMLInputElement {
  return form.elements.namedItem(name) as HTMLInputElement;
}

// A text that is there to be copied is selected as a whole.
for (const input of document.querySelectorAll<HTMLInputElement>("[data-select]")) {
  input.addEventListener("focus", () => input.select());
}
export {};
