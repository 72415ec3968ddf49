// The plan: dragging is a shortcut for the form "Move to…"; what others change is drawn anew.

import { announce } from "./announce.js";
import { show } from "./dialogs.js";
import { word } from "./words.js";

const SLOP = 5;
const LONG = 350; // milliseconds until a finger lifts
const GATHER = 200; // milliseconds in which events become one question

let press = null;
let lift = null;
let timer = 0;
let ended = -1_000;

document.addEventListener("pointerdown", (event) => {
  const entry = event.target.closest?.("#plan[data-may-plan] [data-move]");
  if (!entry || event.button !== 0 || !event.isPrimary || lift || event.shiftKey || event.ctrlKey || event.metaKey) return;
  press = { entry, pointer: event.pointerId, x: event.clientX, y: event.clientY, touch: event.pointerType === "touch" };
  if (press.touch) press.timer = setTimeout(raise, LONG);
});
document.addEventListener("pointermove", (event) => {
  if (event.pointerId !== press?.pointer) return;
  const far = Math.hypot(event.clientX - press.x, event.clientY - press.y);
  if (!lift && press.touch) return far > SLOP * 2 && drop();
  if (!lift && far < SLOP) return;
  if (!lift) raise();
  aim(event.clientX, event.clientY);
});
document.addEventListener("pointerup", (event) => {
  if (event.pointerId !== press?.pointer) return;
  const { entry, target } = lift ?? {};
  if (lift) ended = performance.now();
  drop();
  if (target) move(entry, target);
  else if (entry) announce(word("plan-back"));
});
addEventListener("click", (event) => { // the click that ends a drag opens nothing
  if (performance.now() - ended < 50) { event.preventDefault(); event.stopPropagation(); }
}, true);
document.addEventListener("pointercancel", (event) => { if (event.pointerId === press?.pointer) drop(); });
document.addEventListener("dragstart", (event) => { if (event.target.closest?.("#plan")) event.preventDefault(); });
document.addEventListener("touchmove", (event) => { if (lift) event.preventDefault(); }, { passive: false });
document.addEventListener("contextmenu", (event) => { if (lift || press?.touch) event.preventDefault(); });
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !lift) return;
  event.stopPropagation();
  drop();
  announce(word("plan-back"), { now: true });
}, true);

function raise() {
  const { entry, x, y } = press;
  const flying = entry.cloneNode(true);
  flying.classList.add("flying");
  flying.inert = true;
  document.body.append(flying);
  lift = { entry, flying, target: null };
  entry.dataset.ghost = "";
  document.documentElement.dataset.lifting = "";
  navigator.vibrate?.(10);
  announce(word("plan-lifted", { name: entry.querySelector(".title").textContent.trim() }), { now: true });
  aim(x, y);
}

/** The day under the pointer, on the entry's own channel; or an empty slot of it. */
function aim(x, y) {
  lift.flying.style.transform = `translate(${x + 8}px, ${y + 8}px)`;
  const under = document.elementFromPoint(x, y);
  const { channel, item } = lift.entry.dataset;
  const place = (item && under?.closest("[data-fill]")) || under?.closest("[data-day]");
  const target = place && (place.dataset.channel ?? channel) === channel ? place : null;
  if (target === lift.target) return;
  lift.target?.removeAttribute("data-takes");
  target?.setAttribute("data-takes", "");
  lift.target = target;
}

function drop() {
  clearTimeout(press?.timer);
  press = null;
  if (!lift) return;
  lift.flying.remove();
  lift.target?.removeAttribute("data-takes");
  delete lift.entry.dataset.ghost;
  delete document.documentElement.dataset.lifting;
  lift = null;
}

function move(entry, { dataset: { fill, day } }) {
  const { version, item, move: url } = entry.dataset;
  if (day && day === entry.closest("[data-day]").dataset.day) return;
  window.htmx.ajax("POST", fill ?? url, { target: "#plan", swap: "outerHTML", values: fill ? { item } : { date: day, version } });
}

/** What others did, and what was taken back; not while something is in the air. */
function later(event) {
  event?.preventDefault();
  timer ||= setTimeout(() => {
    timer = 0;
    if (lift) later();
    else window.htmx.ajax("GET", location.href, { target: "#plan", swap: "outerHTML" });
  }, GATHER);
}

document.addEventListener("htmx:beforeSwap", ({ detail }) => { // a refusal is a form, with the reason
  if (detail.target.id !== "plan" || detail.xhr.status < 400) return;
  detail.shouldSwap = false;
  show([...new DOMParser().parseFromString(detail.xhr.responseText, "text/html").body.childNodes]);
});
document.addEventListener("putki:event", ({ detail }) => { if (/^(slot|publication|window|mix|item)\./.test(detail.type)) later(); });
document.addEventListener("putki:undone", later);
document.addEventListener("putki:reset", later);
