// find looks for what a person would: by the words beside it, not by how the
// page is made. It is given {kind, name, near} and leaves what it found in
// window.wanted; it answers where that is and what pressing it may lead to.
//
// kind "press": a link or a button. kind "fold": the heading of something
// folded. kind "field": what is labelled so. kind "choice": a box or a circle.
// Where several have the name, near is a text that stands close to the one
// that is meant.
(want) => {
  const clean = (s) => (s ?? "").replace(/\s+/g, " ").trim();
  const shown = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const seen = (e) => {
    const copy = e.cloneNode(true);
    copy.querySelectorAll(".unseen, [aria-hidden=true], small, .muted").forEach((hidden) => hidden.remove());
    return clean(copy.textContent);
  };
  const named = (e, name) =>
    e !== null && (clean(e.getAttribute("aria-label")) === name || clean(e.innerText) === name || seen(e) === name);
  const box = (control) => [...(control.labels ?? [])].find(shown) ?? control;

  const kinds = {
    press: () => [...document.querySelectorAll("a[href], button")].filter((e) => shown(e) && named(e, want.name)),
    fold: () => [...document.querySelectorAll("summary")].filter((e) => shown(e) && named(e, want.name)),
    field: () =>
      [...document.querySelectorAll("input:not([type=hidden], [type=radio], [type=checkbox]), textarea, select")].filter(
        (e) => shown(e) && (named(e, want.name) || [...e.labels].some((l) => named(l, want.name))),
      ),
    choice: () =>
      [...document.querySelectorAll("input[type=radio], input[type=checkbox]")].filter(
        (e) => shown(box(e)) && [...e.labels].some((l) => named(l, want.name)),
      ),
  };
  // How far up one has to look from e to come upon the text nearby.
  const away = (e) => {
    if (!want.near) return 0;
    let steps = 0;
    for (let up = e; up !== null; up = up.parentElement, steps++) {
      if (clean(up.textContent).includes(want.near)) return steps;
    }
    return Infinity;
  };
  // What the page is about comes before what stands around it.
  const around = (e) => (e.closest("main") ? 0 : 1);
  const found = kinds[want.kind]().filter((e) => away(e) < Infinity);
  found.sort((a, b) => away(a) - away(b) || around(a) - around(b));
  const e = found[0];
  if (!e) return { found: false };
  window.wanted = e;

  const target = want.kind === "choice" ? box(e) : e;
  target.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
  const at = target.getClientRects()[0] ?? target.getBoundingClientRect();
  const x = at.left + at.width / 2;
  const y = at.top + at.height / 2;
  const top = document.elementFromPoint(x, y);
  const form = e.form ?? null;
  const submits = form !== null && (e.type === "submit" || e.type === "image");
  const link = e instanceof HTMLAnchorElement && !("print" in e.dataset && e.pathname === location.pathname);
  const elsewhere = link && (e.pathname !== location.pathname || e.search !== location.search || e.hash === "");
  return {
    found: true,
    x,
    y,
    covered: target === top || target.contains(top) || top?.contains(target) ? "" : (top?.outerHTML.slice(0, 120) ?? "nothing"),
    tag: e.tagName.toLowerCase(),
    ticked: e.checked === true,
    leads: submits || elsewhere,
  };
}
