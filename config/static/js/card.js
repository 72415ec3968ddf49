// The card's own page: what others change comes in quietly, and never under anyone's hands.

import { isDirty, startAutosave } from "./autosave.js";
import { startMentions } from "./mentions.js";
import { toast } from "./toast.js";
import { word } from "./words.js";

const SETTLE = 400;
const page = document.querySelector("[data-item]");

startAutosave();
startMentions();
startLive();
startPanels();

/** Ask for the panels that changed a moment after the log told of this card. */
function startLive() {
  let since = Number(document.body.dataset.seq ?? 0);
  let timer = 0;
  const missed = new Set();
  const ask = () => {
    const known = Number(document.body.dataset.seq ?? since);
    const values = { since, busy: busyPanels().join(",") };
    since = known;
    return window.htmx.ajax("GET", `${page.dataset.url}news/`, { source: page, values, swap: "none" });
  };
  document.addEventListener("putki:event", ({ detail }) => {
    if (detail.subject !== page.dataset.item) return;
    if (!timer) since = Math.min(since, detail.seq - 1);
    clearTimeout(timer);
    timer = setTimeout(() => { timer = 0; ask(); }, SETTLE);
  });
  document.addEventListener("putki:others", ({ detail }) => {
    for (const panel of detail.missed) missed.add(panel);
    toast(detail.text, { seconds: 4 });
  });
  document.addEventListener("focusout", () => setTimeout(() => {
    const busy = new Set(busyPanels());
    const free = [...missed].filter((panel) => !busy.has(panel));
    for (const panel of free) missed.delete(panel);
    if (free.length) refresh(free);
  }, 0));
  document.addEventListener("putki:undone", (event) => {
    event.preventDefault();
    const busy = new Set(busyPanels());
    refresh(panels().map((panel) => panel.id).filter((id) => !busy.has(id)));
  });
}

function startPanels() {
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-choose] input[type=radio]")) return;
    const reason = event.target.form.querySelector("[data-reason]");
    reason.hidden = false;
    reason.querySelector("input").focus();
  });
  document.addEventListener("click", (event) => {
    const cancel = event.target.closest("[data-cancel]");
    if (!cancel || cancel.closest("dialog") || !page.contains(cancel)) return;
    event.preventDefault();
    refresh([cancel.dataset.cancel]);
  });
  document.addEventListener("htmx:xhr:progress", ({ target, detail }) => {
    const place = target.querySelector?.("[data-progress]");
    if (place && detail.lengthComputable) place.textContent = word("uploading", { percent: Math.floor((detail.loaded / detail.total) * 100) });
  });
  document.addEventListener("putki:saved", ({ detail }) => {
    if (detail.kept.length) refresh(["gates", "review", "history"]);
  });
}

function refresh(ids) {
  return window.htmx.ajax("GET", page.dataset.url, { source: page, values: { parts: ids.join(",") }, swap: "none" });
}

function panels() {
  return [...page.querySelectorAll(":scope > header[id], :scope section[id]")];
}

/** The panels somebody is typing in, or has typed in without saving. */
function busyPanels() {
  return panels().filter((panel) => {
    if (panel.matches("[data-editing]") || panel.querySelector("[data-editing], [data-conflict] > *")) return true;
    if (isDirty(panel.querySelector("form[data-autosave]"))) return true;
    const inside = panel.contains(document.activeElement) && document.activeElement;
    if (inside && inside.matches("textarea, select, input:not([type=checkbox], [type=radio])")) return true;
    return [...panel.querySelectorAll("textarea, input[type=text], input:not([type])")].some((field) => !field.closest("form[data-autosave]") && field.value !== field.defaultValue);
  }).map((panel) => panel.id);
}
