// Charts: the words of what is nearest, a cross-hair, and keys that walk along. The pictures, their links and their tables work without it.

import { announce } from "./announce.js";

const REACH = 32; // pixels from a point at which it still counts as pointed at
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, PageDown: 10, PageUp: -10 };

prepare(document);
document.addEventListener("htmx:load", (event) => prepare(event.target));

/** One stop of the Tab key for each chart under `root`; titles become words that are shown at once. */
function prepare(root) {
  for (const plot of root.querySelectorAll("[data-chart]:not([tabindex])")) {
    plot.tabIndex = 0;
    plot.setAttribute("role", "group");
    plot.setAttribute("aria-label", `${plot.querySelector("title")?.textContent ?? ""}. ${plot.dataset.chart}`);
    for (const hit of plot.querySelectorAll(".hit")) {
      const title = hit.querySelector("title");
      hit.dataset.say = title.textContent;
      title.remove();
      if (hit.matches("a")) hit.setAttribute("tabindex", "-1");
    }
    plot.addEventListener("keydown", walk);
    plot.addEventListener("pointermove", (event) => point(plot, event));
    plot.addEventListener("pointerleave", () => plot.matches(":focus") || leave(plot));
    plot.addEventListener("blur", () => leave(plot));
    plot.addEventListener("click", (event) => event.target.closest("a") ?? here(plot)?.dispatchEvent(new MouseEvent("click", { ctrlKey: event.ctrlKey, metaKey: event.metaKey })));
  }
}

/** What can be stepped to in the picture that is on show, in its order. */
function hits(plot) {
  const picture = [...plot.querySelectorAll("svg")].find((each) => each.getClientRects().length);
  return picture ? [...picture.querySelectorAll(".hit")] : [];
}

function here(plot) {
  return plot.querySelector("[data-here]");
}

function walk(event) {
  const plot = event.currentTarget;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const all = hits(plot);
  const now = all.indexOf(here(plot));
  let next = now;
  if (event.key in STEPS) next = now < 0 ? (STEPS[event.key] > 0 ? 0 : all.length - 1) : now + STEPS[event.key];
  else if (event.key === "Home") next = 0;
  else if (event.key === "End") next = all.length - 1;
  else if (event.key === "Escape" && now >= 0) leave(plot);
  else if (event.key === "Escape") plot.blur();
  else if (event.key === "Enter" && all[now]?.matches("a")) location.assign(all[now].getAttribute("href"));
  else return;
  event.preventDefault();
  if (next === now || !all.length) return;
  const hit = all[Math.min(Math.max(next, 0), all.length - 1)];
  show(plot, hit);
  announce(hit.dataset.say);
}

/** The nearest of what is drawn, when the pointer is on it or close to it. */
function point(plot, event) {
  const distance = (hit) => {
    const box = hit.getBoundingClientRect();
    const x = Math.max(box.left - event.clientX, 0, event.clientX - box.right);
    const y = Math.max(box.top - event.clientY, 0, event.clientY - box.bottom);
    return Math.hypot(x, y);
  };
  const on = event.target.closest(".hit");
  const [nearest, away] = on ? [on, 0] : hits(plot).map((hit) => [hit, distance(hit)]).reduce((a, b) => (b[1] < a[1] ? b : a), [null, REACH]);
  if (nearest && away < REACH) show(plot, nearest);
  else leave(plot);
}

function show(plot, hit) {
  if (here(plot) === hit) return;
  leave(plot);
  hit.dataset.here = "";
  const outer = plot.getBoundingClientRect();
  const box = hit.getBoundingClientRect();
  const middle = (box.left + box.right) / 2 - outer.left;
  if ("cross" in plot.dataset) part("cross", plot).style.insetInlineStart = `${middle}px`;
  const tip = part("tip", plot);
  tip.textContent = hit.dataset.say;
  const width = tip.offsetWidth;
  // Beside the cross-hair for a column, above the mark for a point, and always inside the chart.
  const tall = box.height > outer.height / 2;
  const left = tall ? (middle + width + 12 > outer.width ? middle - width - 8 : middle + 8) : middle - width / 2;
  const top = tall ? 0 : box.top - outer.top - tip.offsetHeight - 8;
  tip.style.insetInlineStart = `${Math.min(Math.max(left, 0), Math.max(outer.width - width, 0))}px`;
  tip.style.insetBlockStart = `${top < -24 ? box.bottom - outer.top + 8 : top}px`;
}

function leave(plot) {
  here(plot)?.removeAttribute("data-here");
  for (const each of plot.querySelectorAll(":scope > :is(.cross, .tip)")) each.remove();
}

function part(name, plot) {
  const element = document.createElement("div");
  element.className = name;
  element.setAttribute("aria-hidden", "true");
  plot.append(element);
  return element;
}
