// A form is sent once: a second tap on a slow network does nothing. The
// button keeps its name and value, so it is not disabled, only marked.

export function sendOnce(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    mark(event.submitter, document.documentElement.dataset.sending ?? "");
  });
  // A page that comes back from the browser's memory may be sent again.
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) delete form.dataset.sent;
    for (const button of document.querySelectorAll<HTMLElement>("[data-text]")) unmark(button);
  });
}

function mark(button: HTMLElement | null, text: string): void {
  if (!button?.classList.contains("btn")) return;
  button.dataset.text = button.textContent ?? "";
  button.setAttribute("aria-disabled", "true");
  button.textContent = text;
}

function unmark(button: HTMLElement): void {
  button.textContent = button.dataset.text ?? "";
  delete button.dataset.text;
  button.removeAttribute("aria-disabled");
}
