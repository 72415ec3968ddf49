// The plan: dragging is a shortcut for the form "Move to…"; what others change is drawn anew.

import { announce } from "./announce.js";
import { show } from "./dialogs.js";
import { csrfToken } from "./request.js";
import { toast } from "./toast.js";
import { word } from "./words.js";

const SLOP = 5;
const LONG = 350; // milliseconds until a finger lifts
const GATHER = 200;

const plan = () => document.getElementById("plan");
let press = null;
let lift = null;
let timer = 0;

document.addEventListener("pointerdown", (event) => {
  const entry = event.target.closest?.("#plan[data-may-plan] [data-move]");
  if (!entry || event.button !== 0 || !event.isPrimary || lift || event.shiftKey || event.ctrlKey || event.metaKey) return;
  press = { entry, pointer: event.pointerId, x: event.clientX, y: event.clientY, touch: event.pointerType === "touch" };
  if (press.touch) press.timer = setTimeout(raise, LONG);
});
document.addEventListener("pointermove", (event) => {
  if (event.pointerId !== press?.pointer) return;
  const far = Math.hypot(event.clientX - press.x, event.clientY - press.y);
  if (!lift && press.touch && far > SLOP * 2) return drop();
  if (!lift && (press.touch || far < SLOP)) return;
  if (!lift) raise();
  aim(event.clientX, event.clientY);
});
document.addEventListener("pointerup", (event) => {
  if (event.pointerId !== press?.pointer) return;
  if (!lift) return drop();
  const { entry, target } = lift;
  drop();
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }), 50);
  if (target) move(entry, target);
  else announce(word("plan-back"));
});
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
  const slot = item ? under?.closest("[data-fill]") : null;
  const day = under?.closest("[data-day]");
  const fits = slot ? slot.dataset.channel === channel : day && (!day.dataset.channel || day.dataset.channel === channel);
  const target = fits ? slot ?? day : null;
  if (target !== lift.target) {
    lift.target?.removeAttribute("data-takes");
    target?.setAttribute("data-takes", "");
    lift.target = target;
  }
}

function swallow(event) {
  event.preventDefault();
  event.stopPropagation();
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

async function move(entry, target) {
  const { version, item, move: url } = entry.dataset;
  if (target.dataset.day === entry.closest("[data-day]").dataset.day) return;
  const body = new URLSearchParams(target.dataset.fill ? { item } : { date: target.dataset.day, version });
  let response;
  try {
    response = await fetch(target.dataset.fill ?? url, { method: "POST", body, credentials: "same-origin", headers: { "HX-Request": "true", "HX-Current-URL": location.href, "X-CSRFToken": csrfToken() } });
  } catch {
    return toast(word("unreachable"), { tone: "bad" });
  }
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (response.status === 409 || response.status === 422) return show([...page.body.childNodes], { from: entry });
  if (!response.ok) return toast(word("refused"), { tone: "bad" });
  draw(page);
  const said = JSON.parse(response.headers.get("HX-Trigger") ?? "{}")["putki:toast"];
  if (said) toast(said.text, said);
}

function draw(page) {
  const fresh = page.getElementById("plan");
  if (!fresh) return location.reload();
  plan().replaceWith(fresh);
  window.htmx?.process(fresh);
}

/** What others did, and what was taken back; not while something is in the air. */
async function refresh() {
  timer = 0;
  if (lift) return later();
  const response = await fetch(location.href, { credentials: "same-origin", headers: { "HX-Request": "true", "HX-Target": "plan" } }).catch(() => null);
  if (response?.ok && !lift) draw(new DOMParser().parseFromString(await response.text(), "text/html"));
}

function later() {
  timer ||= setTimeout(refresh, GATHER);
}

document.addEventListener("putki:event", ({ detail }) => { if (/^(slot|publication|window|mix|item)\./.test(detail.type)) later(); });
document.addEventListener("putki:undone", (event) => { event.preventDefault(); later(); });
document.addEventListener("putki:reset", (event) => { event.preventDefault(); later(); });
