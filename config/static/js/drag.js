// Dragging: a shortcut for the form "Move to…". Mouse and pen lift by moving, a finger by a long press.

import { announce } from "./announce.js";
import { frame, keyOf, linkOf, listOf, rowsIn, stageOf } from "./cards.js";
import { moveCard } from "./moves.js";
import { send } from "./request.js";
import { word } from "./words.js";

const SLOP = 5;
const LONG = 350;
const EDGE = 56;

let press = null; // the pointer is down on a card
let lift = null; // the card follows the pointer

export function startDrag() {
  const board = frame();
  if (!("mayMove" in board.dataset)) return;
  board.addEventListener("pointerdown", down);
  board.addEventListener("dragstart", (event) => event.preventDefault());
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerup", up);
  document.addEventListener("pointercancel", (event) => { if (event.pointerId === press?.pointer) cancel(); });
  document.addEventListener("touchmove", (event) => { if (lift) event.preventDefault(); }, { passive: false });
  document.addEventListener("contextmenu", (event) => { if (lift || press?.touch) event.preventDefault(); });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !lift) return;
    event.preventDefault();
    event.stopPropagation();
    cancel();
  }, true);
  addEventListener("blur", cancel);
}

function down(event) {
  const row = event.target.closest("li[data-item]");
  if (!row || event.button !== 0 || !event.isPrimary || lift || event.shiftKey || event.ctrlKey || event.metaKey) return;
  if (event.target.closest(".move, .pick, .problem, button, input, select") || !row.querySelector(".move")) return;
  const touch = event.pointerType === "touch";
  press = { row, pointer: event.pointerId, x: event.clientX, y: event.clientY, touch, asked: ask(row) };
  if (touch) press.timer = setTimeout(() => raise(press), LONG);
}

function move(event) {
  if (event.pointerId !== press?.pointer) return;
  const far = Math.hypot(event.clientX - press.x, event.clientY - press.y);
  if (!lift) {
    if (press.touch && far > SLOP * 2) return drop();
    if (press.touch || far < SLOP) return undefined;
    raise(press);
  }
  lift.x = event.clientX;
  lift.y = event.clientY;
  return undefined;
}

function up(event) {
  if (event.pointerId !== press?.pointer) return;
  if (!lift) return drop();
  const { row, target } = lift;
  const list = target && listOf(target.column ?? target);
  const asked = lift.options?.get(target?.dataset?.stage ?? target?.stage);
  const where = target && between(list, row);
  const stage = target?.dataset?.stage ?? target?.stage;
  lower();
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }), 50);
  if (!stage) return announce(word("put-back", { key: keyOf(row) }));
  if (stage === row.dataset.stage && where.before === row.nextElementSibling && where.after === row.previousElementSibling) return undefined;
  return moveCard(row, { stage, ...where, here: asked?.refuses ?? false });
}

function swallow(event) {
  event.preventDefault();
  event.stopPropagation();
}

/** Ask early which stages would refuse: the answer is there when the card is up. */
async function ask(row) {
  try {
    const response = await send(`${new URL(linkOf(row).href).pathname}options/`, { headers: { "HX-Request": "true" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return new Map([...page.querySelectorAll("[data-options] > li")].map((line) => [line.dataset.stage, { line, refuses: "refuses" in line.dataset, here: "here" in line.dataset }]));
  } catch {
    return new Map();
  }
}

function raise({ row, x, y }) {
  const card = row.querySelector(".card");
  const box = card.getBoundingClientRect();
  const flying = card.cloneNode(true);
  flying.removeAttribute("id");
  flying.dataset.lifted = "";
  flying.inert = true;
  flying.querySelectorAll(".pick, .move").forEach((control) => control.remove());
  flying.classList.add("flying");
  flying.style.inlineSize = `${box.width}px`;
  document.body.append(flying);
  const line = document.createElement("li");
  line.className = "drop-line";
  line.setAttribute("aria-hidden", "true");
  lift = { row, flying, line, x, y, dx: x - box.left, dy: y - box.top, target: null, options: null };
  card.dataset.ghost = "";
  document.documentElement.dataset.lifting = "";
  navigator.vibrate?.(10);
  getSelection()?.removeAllRanges();
  announce(word("lifted", { key: keyOf(row), stage: stageOf(row).dataset.name }), { now: true });
  const mine = lift;
  press.asked.then((options) => {
    if (lift !== mine) return;
    lift.options = options;
    fade(options);
  });
  requestAnimationFrame(frameOf(mine));
}

function frameOf(mine) {
  return function tick() {
    if (lift !== mine) return;
    lift.flying.style.transform = `translate(${lift.x - lift.dx}px, ${lift.y - lift.dy}px)`;
    aim(lift.x, lift.y);
    scroll(lift.x, lift.y);
    requestAnimationFrame(tick);
  };
}

/** Find the column, or the stage in the switcher, under the pointer and show where the card would go. */
function aim(x, y) {
  const under = document.elementFromPoint(x, y);
  const tab = under?.closest("[data-show]");
  const column = tab ? null : under?.closest(".stage[data-stage]");
  const target = tab ? { tab, stage: tab.dataset.show, column: frame().querySelector(`.stage[data-stage="${CSS.escape(tab.dataset.show)}"]`) } : column;
  if (target !== lift.target && !(tab && lift.target?.tab === tab)) {
    point(lift.target, false);
    point(target, true);
    lift.target = target;
  }
  const refused = lift.options?.get(column?.dataset.stage)?.refuses;
  if (!column || refused) return lift.line.remove();
  const below = rowsIn(listOf(column)).filter((row) => row !== lift.row).find((row) => {
    const box = row.getBoundingClientRect();
    return y < box.top + box.height / 2;
  });
  const list = listOf(column);
  const next = below ?? list.querySelector(":scope > [data-more]");
  if (lift.line.parentElement !== list || lift.line.nextElementSibling !== next) list.insertBefore(lift.line, next ?? null);
  return undefined;
}

function point(target, on) {
  if (!target) return;
  if (target.tab) return target.tab.toggleAttribute("data-aimed", on);
  const refused = lift.options?.get(target.dataset.stage)?.refuses;
  if (refused) {
    target.dataset.refuses = on ? "here" : "";
    explain(target, lift.options.get(target.dataset.stage), on);
  } else if (on) target.dataset.takes = "here";
  else delete target.dataset.takes;
  return undefined;
}

function fade(options) {
  for (const column of frame().querySelectorAll(".stage[data-stage]")) {
    const option = options.get(column.dataset.stage);
    if (!option?.refuses || option.here) continue;
    column.dataset.refuses = "";
    explain(column, option, false);
  }
  for (const tab of document.querySelectorAll("[data-show]")) tab.toggleAttribute("data-refuses", options.get(tab.dataset.show)?.refuses ?? false);
  const here = lift.target;
  lift.target = null;
  point(here, false);
}

/** The first reason in one line; all of them while the card is over the stage. */
function explain(column, { line }, whole) {
  column.querySelector(":scope > .why")?.remove();
  const why = document.createElement(whole ? "div" : "p");
  why.className = "why";
  if (whole) why.append(...[...line.childNodes].map((node) => node.cloneNode(true)));
  else why.textContent = line.querySelector("li")?.textContent ?? "";
  column.querySelector(":scope > header").after(why);
}

function between(list, row) {
  const { line } = lift;
  if (line.parentElement !== list) return {};
  const others = [...list.children].filter((other) => other === line || (other.dataset.item && other !== row));
  const at = others.indexOf(line);
  return { after: others[at - 1] ?? null, before: others[at + 1] ?? null };
}

function scroll(x, y) {
  const board = document.elementFromPoint(x, y)?.closest(".board");
  if (board && x < EDGE) board.scrollLeft -= (EDGE - x) / 3;
  if (board && x > innerWidth - EDGE) board.scrollLeft += (x - innerWidth + EDGE) / 3;
  if (y < EDGE) scrollBy(0, (y - EDGE) / 3);
  if (y > innerHeight - EDGE && !document.elementFromPoint(x, y)?.closest(".switcher")) scrollBy(0, (y - innerHeight + EDGE) / 3);
}

function cancel() {
  if (lift) {
    const { row } = lift;
    lower();
    announce(word("put-back", { key: keyOf(row) }), { now: true });
    linkOf(row).focus({ preventScroll: true });
  }
  drop();
}

function lower() {
  lift.flying.remove();
  lift.line.remove();
  delete lift.row.querySelector(".card").dataset.ghost;
  delete document.documentElement.dataset.lifting;
  for (const column of frame().querySelectorAll(".stage")) {
    delete column.dataset.refuses;
    delete column.dataset.takes;
    column.querySelector(":scope > .why")?.remove();
  }
  for (const tab of document.querySelectorAll("[data-show]")) {
    tab.removeAttribute("data-refuses");
    tab.removeAttribute("data-aimed");
  }
  lift = null;
  drop();
}

function drop() {
  clearTimeout(press?.timer);
  press = null;
}
