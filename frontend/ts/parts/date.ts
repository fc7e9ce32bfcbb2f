// Gives each date field a button that opens the browser's own calendar. What
// stays in the field is dd/mm/yyyy, as without JavaScript.

export function pickDates(root: ParentNode): void {
  for (const box of root.querySelectorAll<HTMLElement>("[data-date]")) {
    const field = box.querySelector("input");
    const button = box.querySelector("button");
    if (!field || !button?.hidden || !("showPicker" in HTMLInputElement.prototype)) continue;
    const picker = document.createElement("input");
    picker.type = "date";
    picker.tabIndex = -1;
    picker.setAttribute("aria-hidden", "true");
    box.append(picker);
    button.hidden = false;
    button.addEventListener("click", () => {
      picker.value = toISO(field.value);
      picker.showPicker();
    });
    picker.addEventListener("change", () => {
      field.value = picker.value.split("-").reverse().join("/");
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    });
  }
}

function toISO(text: string): string {
  const [day, month, year] = text.trim().split(/[/.-]/);
  if (!day || !month || year?.length !== 4) return "";
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}
