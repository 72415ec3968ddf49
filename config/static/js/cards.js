// The cards on the page: finding them, putting them where they belong, bringing them up to date from a fragment.

import { send } from "./request.js";

/** Cards whose own move is on its way: nothing else may touch them until it is answered. */
export const pending = new Set();

export const frame = () => document.querySelector("[data-board]");
export const rowOf = (id) => frame().querySelector(`li[data-item="${CSS.escape(id)}"]`);
export const rowsIn = (list) => [...list.children].filter((row) => row.dataset.item);
export const keyOf = (row) => row.querySelector(".card").id;
export const linkOf = (row) => row.querySelector("h3 a");
export const stageOf = (row) => row.closest(".stage");
export const listOf = (stage) => stage.querySelector(":scope > ol");
export const stagesIn = (element) => [...element.closest(".board").querySelectorAll(":scope > .stage")];

/** The column of a stage; with lanes, the one in the lane. */
export function columnOf(stage, lane) {
  const inLane = lane === undefined ? "" : `[data-lane="${CSS.escape(lane)}"]`;
  return frame().querySelector(`.stage[data-stage="${CSS.escape(stage)}"]${inLane}`);
}

/** Fetch the named cards as they are now and show them; those that are not shown any more go. */
export async function refresh(ids) {
  const wanted = ids.filter((id) => !pending.has(id));
  for (let at = 0; at < wanted.length; at += 50) {
    const part = wanted.slice(at, at + 50);
    const url = new URL(`${frame().dataset.board}cards/`, location.href);
    url.search = frame().dataset.query;
    for (const name of ["at", "after", "id"]) url.searchParams.delete(name);
    for (const id of part) url.searchParams.append("id", id);
    const response = await send(url, { headers: { "HX-Request": "true" } });
    apply(await response.text(), part);
  }
}

/** Show a fragment: its cards in their places, without those of `ids` that it lacks, and the counts. Answers what the fragment says and which cards it showed. */
export function apply(text, ids = [], { own = false } = {}) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const fresh = new Map([...page.querySelectorAll("[data-patch] > li")].map((row) => [row.dataset.item, row]));
  for (const id of new Set([...ids, ...fresh.keys()])) {
    if (pending.has(id)) continue;
    const old = rowOf(id);
    if (fresh.has(id)) show(document.adoptNode(fresh.get(id)), old, own);
    else if (old) leave(old);
  }
  count(page.querySelector("[data-counts]"));
  return { said: page.querySelector("[data-said]"), shown: [...fresh.keys()] };
}

function show(row, old, own) {
  const column = columnOf(row.dataset.stage, row.dataset.lane);
  if (!column) return old && leave(old);
  const from = old?.getBoundingClientRect();
  const focused = old?.contains(document.activeElement) ? document.activeElement : null;
  if (old) {
    const [was, is] = [old, row].map((each) => each.querySelector(".card").innerHTML.replaceAll(/ tabindex="-?\d"/g, ""));
    if (was === is && old.dataset.rank === row.dataset.rank && old.dataset.stage === row.dataset.stage && stageOf(old) === column) {
      Object.assign(old.dataset, row.dataset);
      return undefined;
    }
    const picked = old.querySelector(".pick")?.checked;
    old.remove();
    if (picked) row.querySelector(".pick").checked = true;
  }
  if (!insert(row, listOf(column), own)) return focused && document.getElementById("main").focus();
  if (focused) (row.querySelector(focused.matches(".move") ? ".move" : "h3 a") ?? linkOf(row)).focus({ preventScroll: true });
  row.dispatchEvent(new CustomEvent("putki:card", { bubbles: true }));
  if (from) glide(row, from);
  return undefined;
}

/** Put the row below the card that stands above it, else by rank. Beyond what the column has loaded only one's own cards are shown. */
function insert(row, list, own) {
  const above = row.dataset.above && list.querySelector(`:scope > li[data-item="${CSS.escape(row.dataset.above)}"]`);
  const rest = list.querySelector(":scope > [data-more]");
  if (above) {
    if (!own && rest && above.nextElementSibling === rest) return false;
    above.after(row);
    return true;
  }
  const below = rowsIn(list).find((other) => Number(other.dataset.rank) > Number(row.dataset.rank));
  if (!below && rest && !own) return false;
  list.insertBefore(row, below ?? rest ?? null);
  return true;
}

function leave(row) {
  if (!row.contains(document.activeElement)) return row.remove();
  const next = row.nextElementSibling?.dataset.item ? row.nextElementSibling : row.previousElementSibling;
  row.remove();
  (next?.dataset.item ? linkOf(next) : document.getElementById("main")).focus({ preventScroll: true });
  return undefined;
}

/** Let the row travel from where it stood to where it stands. */
export function glide(row, from) {
  const to = row.getBoundingClientRect();
  const [x, y] = [from.left - to.left, from.top - to.top];
  if ((!x && !y) || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  row.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: "none" }], { duration: 180, easing: "cubic-bezier(0.2, 0, 0, 1)" });
}

function count(numbers) {
  if (!numbers) return;
  for (const line of numbers.children) {
    const { stage, wip, matching, shown } = line.dataset;
    const full = "full" in line.dataset;
    const inLanes = "lanes" in frame().dataset;
    if (!inLanes) columnOf(stage)?.toggleAttribute("data-full", full);
    if (!inLanes) for (const text of document.querySelectorAll(`[data-wip-of="${CSS.escape(stage)}"]`)) text.textContent = line.textContent;
    for (const text of document.querySelectorAll(`[data-matching-of="${CSS.escape(stage)}"]`)) text.textContent = shown;
    for (const text of document.querySelectorAll(`[data-wip-count="${CSS.escape(stage)}"]`)) {
      text.textContent = matching === wip ? wip : matching;
      text.closest("a").classList.toggle("full", full);
    }
  }
  for (const total of document.querySelectorAll("[data-total]")) total.textContent = numbers.dataset[total.dataset.total] ?? total.textContent;
}
