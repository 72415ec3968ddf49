// While one types @ in a field that names a list of people, those who fit are offered below it.

const NAMED = /(^|[^\w@.])@([\p{L}\p{N}'’-]*(?: [\p{L}\p{N}'’-]*)?)$/u;

export function startMentions() {
  document.addEventListener("input", ({ target }) => {
    if (target.matches?.("textarea[data-mentions]")) offer(target);
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.matches?.("textarea[data-mentions]")) steer(event);
  });
  document.addEventListener("focusout", ({ target }) => {
    if (target.matches?.("textarea[data-mentions]")) close(target);
  });
  // Before the field loses its focus.
  document.addEventListener("pointerdown", (event) => {
    const option = event.target.closest?.("[data-mentionable] [role=option]");
    if (!option) return;
    event.preventDefault();
    take(document.querySelector(`[data-mentions="${option.parentElement.id}"]`), option);
  });
}

function offer(field) {
  const list = listOf(field);
  const typed = wanted(field);
  for (const option of list.children) {
    option.hidden = typed === null || !option.textContent.toLowerCase().split(" ").some((part, at, all) => all.slice(at).join(" ").startsWith(typed));
  }
  const found = shown(list);
  list.hidden = !found.length;
  mark(field, found[0] ?? null);
}

function steer(event) {
  const field = event.target;
  const list = listOf(field);
  if (list.hidden || event.ctrlKey || event.metaKey) return;
  const found = shown(list);
  const at = found.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    mark(field, found[(at + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length]);
  } else if (event.key === "Enter" || event.key === "Tab") {
    take(field, found[Math.max(at, 0)]);
  } else if (event.key === "Escape") {
    close(field);
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

function take(field, option) {
  const before = field.value.slice(0, field.selectionStart);
  const start = before.length - wanted(field).length;
  field.setRangeText(`${option.textContent} `, start, field.selectionStart, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  close(field);
}

function close(field) {
  listOf(field).hidden = true;
  mark(field, null);
}

function mark(field, option) {
  for (const each of listOf(field).children) each.setAttribute("aria-selected", String(each === option));
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

/** What stands between the last @ and the cursor, in small letters; null when nobody is being named. */
function wanted(field) {
  const found = NAMED.exec(field.value.slice(0, field.selectionStart));
  return found && field.selectionStart === field.selectionEnd ? found[2].toLowerCase() : null;
}

function listOf(field) {
  return document.getElementById(field.dataset.mentions);
}

function shown(list) {
  return [...list.children].filter((option) => !option.hidden);
}
