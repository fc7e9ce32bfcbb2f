// Type size without a new page, menus that close, printing, running clocks.

export function switchDisplay(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const button = event.submitter as HTMLButtonElement | null;
    if (!("display" in form.dataset) || button?.name !== "size") return;
    event.preventDefault();
    delete form.dataset.sent;
    document.documentElement.dataset.size = button.value;
    for (const b of form.querySelectorAll<HTMLButtonElement>("button[name=size]")) {
      b.setAttribute("aria-pressed", String(b === button));
    }
    const body = new URLSearchParams({ size: button.value, back: "/" });
    void fetch(form.action, { method: "POST", body, redirect: "manual", keepalive: true });
  });
}

export function closeMenus(): void {
  const close = (except: Node | null, refocus: boolean) => {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
      if (except && menu.contains(except)) continue;
      menu.open = false;
      if (refocus) menu.querySelector("summary")?.focus();
    }
  };
  document.addEventListener("click", (event) => close(event.target as Node, false));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close(null, true);
  });
}

export function offerPrint(): void {
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-print]");
    // Another page than this one has to be opened before it can be printed.
    if (!link || link.pathname !== location.pathname) return;
    event.preventDefault();
    print();
  });
}

// After a refusal the list of what is wrong comes first, by keyboard too.
export function showErrors(): void {
  document.querySelector<HTMLElement>("[data-rejected]")?.focus();
}

// A <time data-timer datetime="…"> shows how long ago that was, as 1:07:03.
export function runTimers(): void {
  const timers = [...document.querySelectorAll<HTMLTimeElement>("time[data-timer]")];
  if (timers.length === 0) return;
  const show = () => {
    for (const timer of timers) {
      const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(timer.dateTime)) / 1000));
      const two = (n: number) => String(n).padStart(2, "0");
      const hours = Math.floor(seconds / 3600);
      const rest = two(Math.floor(seconds / 60) % 60) + ":" + two(seconds % 60);
      timer.textContent = hours > 0 ? hours + ":" + rest : rest;
    }
  };
  show();
  setInterval(show, 1000);
}
