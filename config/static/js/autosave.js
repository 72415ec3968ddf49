// The script saves itself: after a pause, before leaving, and again when the network is back; a text that somebody else changed meanwhile is shown beside one's own.

import { csrfToken } from "./request.js";
import { word } from "./words.js";

const PAUSE = 2_000;
const RETRY = 5_000;
const states = new WeakMap();

/** Watch every `form[data-autosave]`, those that come later too. */
export function startAutosave() {
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-autosave]");
    if (form) typed(form);
  });
  // Before anyone else: this form never leaves the page.
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-autosave]")) return;
    event.preventDefault();
    save(event.target);
  }, true);
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("form[data-autosave]");
    if (!form || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    save(form);
  });
  document.addEventListener("htmx:confirm", async (event) => {
    if (!event.target.matches("[data-keep]")) return;
    event.preventDefault();
    await save(event.target.form);
    if (!isDirty(event.target.form)) event.detail.issueRequest(true);
  });
  document.addEventListener("click", (event) => {
    const pane = event.target.closest("[data-pane]");
    const form = pane?.closest("[data-script]")?.querySelector("form[data-autosave]");
    if (form) {
      event.preventDefault();
      showPane(form, pane.dataset);
    }
    const take = event.target.closest("[data-clash] [data-take]");
    if (take && resolve(take)) event.preventDefault();
  });
  document.addEventListener("submit", (event) => {
    if (event.target.closest("[data-clash]") && resolve(event.submitter)) event.preventDefault();
  }, true);
  addEventListener("pagehide", () => document.querySelectorAll("form[data-autosave][data-dirty]").forEach(flush));
  addEventListener("online", () => document.querySelectorAll("form[data-autosave][data-dirty]").forEach((form) => save(form)));
}

/** Whether the form holds words that are not saved. */
export function isDirty(form) {
  return form?.dataset.dirty === "true";
}

function stateOf(form) {
  if (!states.has(form)) states.set(form, { timer: 0, saving: null, clashing: false });
  return states.get(form);
}

function typed(form) {
  form.dataset.dirty = "true";
  say(form, stateOf(form).clashing ? "save-conflict" : "unsaved");
  count(form);
  later(form, PAUSE);
}

function later(form, wait) {
  const state = stateOf(form);
  clearTimeout(state.timer);
  if (!state.clashing) state.timer = setTimeout(() => save(form), wait);
}

/** Save now; one request at a time, and once more when the text has changed meanwhile. */
async function save(form) {
  const state = stateOf(form);
  clearTimeout(state.timer);
  if (state.saving) await state.saving;
  if (state.clashing || !isDirty(form)) return;
  state.saving = post(form, state).finally(() => { state.saving = null; });
  await state.saving;
}

async function post(form, state) {
  const text = form.elements.text.value;
  say(form, "saving");
  let response;
  try {
    response = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams({ text, version: form.elements.version.value }),
      headers: { Accept: "application/json", "X-CSRFToken": csrfToken() },
      credentials: "same-origin",
    });
  } catch {
    return failed(form);
  }
  if (response.status === 409) return clash(form, state, await response.text());
  if (response.status === 422) return say(form, null, (await response.json()).detail);
  if (!response.ok || response.redirected) return failed(form);
  const answer = await response.json();
  form.elements.version.value = answer.version;
  if (form.elements.text.value !== text) return later(form, PAUSE);
  delete form.dataset.dirty;
  say(form, "all-saved");
  form.dispatchEvent(new CustomEvent("putki:saved", { bubbles: true, detail: answer }));
  return undefined;
}

function failed(form) {
  say(form, "save-failed");
  later(form, RETRY);
}

function clash(form, state, html) {
  state.clashing = true;
  say(form, "save-conflict");
  const place = form.closest("[data-script]").querySelector("[data-conflict]");
  place.innerHTML = html;
  place.firstElementChild?.focus();
}

/** Take mine, theirs, or both into the editor; answers false where there is no editor on the page. */
function resolve(button) {
  const box = button?.closest("[data-clash]");
  const form = box?.closest("[data-script]")?.querySelector("form[data-autosave]");
  if (!form) return false;
  const mine = box.querySelector("#clash-mine").value;
  const theirs = box.querySelector("#clash-theirs").value;
  const { take } = button.dataset;
  form.elements.text.value = { mine, theirs, both: `${theirs}\n\n${word("both")}\n\n${mine}` }[take];
  form.elements.version.value = box.dataset.clash;
  stateOf(form).clashing = false;
  box.remove();
  count(form);
  form.elements.text.focus();
  form.dataset.dirty = "true";
  if (take === "both") typed(form);
  else save(form);
  return true;
}

function flush(form) {
  if (!stateOf(form).clashing && navigator.sendBeacon(form.action, new FormData(form))) delete form.dataset.dirty;
}

async function showPane(form, { pane, old }) {
  const panel = form.closest("[data-script]");
  const shown = panel.querySelector("[data-pane-shown]");
  if (pane !== "write") {
    const body = new URLSearchParams({ text: form.elements.text.value, old: old ?? "" });
    const response = await fetch(form.dataset[pane], { method: "POST", body, headers: { "X-CSRFToken": csrfToken() } });
    if (!response.ok) return;
    shown.innerHTML = await response.text();
    window.htmx?.process(shown);
  }
  form.hidden = pane !== "write";
  shown.hidden = pane === "write";
  for (const tab of panel.querySelectorAll(":scope > header [data-pane]")) tab.setAttribute("aria-pressed", String(tab.dataset.pane === pane));
  if (pane === "write") form.elements.text.focus();
}

function say(form, key, text) {
  form.querySelector("[data-state]").textContent = text ?? word(key);
}

function count(form) {
  const text = form.elements.text.value;
  const words = (some) => some.match(/[\p{L}\p{N}\p{M}_][\p{L}\p{N}\p{M}_'’-]*/gu)?.length ?? 0;
  const spoken = words(text.replace(/^\s*#.*$/gm, ""));
  form.querySelector("[data-words]").textContent = word("word-count", { count: words(text) });
  form.querySelector("[data-seconds]").textContent = word("spoken", { count: Math.round((spoken * 60) / Number(form.dataset.pace)) });
}
