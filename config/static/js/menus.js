// Menus are details elements: they close on Escape and on a press outside, arrows walk what is in them.

export function startMenus() {
  document.addEventListener("pointerdown", (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("focusin", (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.("details.menu");
    if (!menu) return;
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
      event.preventDefault();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (event.target.matches("input")) return;
      walk(menu, event);
    }
  });
}

function walk(menu, event) {
  menu.open = true;
  const entries = [...menu.querySelectorAll(".menu-list :is(a, button):not([disabled])")].filter((entry) => entry.checkVisibility());
  if (!entries.length) return;
  const at = entries.indexOf(document.activeElement);
  const step = event.key === "ArrowDown" ? 1 : -1;
  entries[at < 0 ? (step > 0 ? 0 : entries.length - 1) : (at + step + entries.length) % entries.length].focus();
  event.preventDefault();
}

function openMenus() {
  return document.querySelectorAll("details.menu[open]");
}
