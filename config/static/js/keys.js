// Keys: one registry, so that `?` can list them all and a person can turn the single ones off (WCAG 2.1.4).

import { show } from "./dialogs.js";
import { word } from "./words.js";

const registry = new Map();

/**
 * Let `key` (as KeyboardEvent.key names it, "Shift+ArrowUp" with its modifier) call `run(event)`.
 * `when` says whether it means anything now; `run` answering false lets the key through.
 */
export function registerKey(key, { label, run, when = () => true }) {
  registry.set(key, { label, run, when });
}

/** Whether single-character shortcuts are on. */
export function keysAreOn() {
  return document.documentElement.dataset.keys !== "off";
}

/** Show all keys in a dialog. */
export function listKeys() {
  const title = document.createElement("h2");
  title.textContent = word("keys");
  const list = document.createElement("dl");
  list.className = "keys";
  const marked = [...document.querySelectorAll("[data-key][data-key-label]")].map((element) => [element.dataset.key, element.dataset.keyLabel]);
  const registered = [...registry].filter(([, entry]) => entry.label).map(([key, entry]) => [key, entry.label]);
  for (const [key, label] of new Map([...marked, ...registered])) {
    const row = document.createElement("div");
    const name = document.createElement("dt");
    const text = document.createElement("dd");
    for (const part of key.split("+")) {
      const cap = document.createElement("kbd");
      cap.textContent = { ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", Mod: "Ctrl/⌘" }[part] ?? (part.length === 1 ? part.toUpperCase() : part);
      name.append(cap, " ");
    }
    text.textContent = label;
    row.append(name, text);
    list.append(row);
  }
  const nodes = [title, list];
  if (!keysAreOn()) {
    const note = document.createElement("p");
    note.className = "soft";
    note.textContent = word("keys-off");
    nodes.push(note);
  }
  show(nodes);
}

export function startKeys() {
  registerKey("?", { label: word("key-list"), run: listKeys });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-show-keys]")) listKeys();
  });
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    // Brackets sit behind AltGr on many keyboards, which reports as Ctrl and Alt.
    if ((event.ctrlKey || event.metaKey || event.altKey) && !event.getModifierState("AltGraph")) return;
    if (event.key.length === 1 && !keysAreOn()) return;
    const name = event.shiftKey && event.key.length > 1 ? `Shift+${event.key}` : event.key;
    const entry = registry.get(name) ?? registry.get(name.toLowerCase());
    if (entry?.when(event) && entry.run(event) !== false) return event.preventDefault();
    if (event.key.length !== 1) return;
    const target = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!target) return;
    event.preventDefault();
    if (target.matches("input, textarea, select")) target.focus();
    else target.click();
  });
}

function isTyping(target) {
  return target.closest?.("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable=true], [role=listbox]") != null;
}
