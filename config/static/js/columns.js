// The rest of a long column as one scrolls to it; on a phone one stage at a time.

import { frame, rowOf } from "./cards.js";
import { Problem, send } from "./request.js";

export function startColumns() {
  const watcher = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) more(target, watcher);
  }, { rootMargin: "600px" });
  // In lanes the rest waits for a click: short lanes are what makes them comparable.
  const watch = (root) => !("lanes" in frame().dataset) && root.querySelectorAll("[data-more]").forEach((row) => watcher.observe(row));
  watch(frame());
  frame().addEventListener("putki:rows", (event) => watch(event.target));
  frame().addEventListener("click", (event) => {
    const link = event.target.closest("[data-more] a");
    if (!link) return;
    event.preventDefault();
    more(link.closest("[data-more]"), watcher);
  });
  startSwitcher();
}

async function more(row, watcher) {
  if ("busy" in row.dataset) return;
  row.dataset.busy = "";
  watcher.unobserve(row);
  try {
    const response = await send(row.querySelector("a").href, { headers: { "HX-Request": "true" } });
    const page = new DOMParser().parseFromString(`<ol>${await response.text()}</ol>`, "text/html");
    const list = row.parentElement;
    const lane = list.closest(".stage").dataset.lane;
    const fresh = [...page.querySelectorAll("ol > li")].filter((other) => !other.dataset.item || !rowOf(other.dataset.item));
    if (lane !== undefined) for (const other of fresh) if (other.dataset.item) other.dataset.lane = lane;
    row.replaceWith(...fresh);
    list.dispatchEvent(new CustomEvent("putki:rows", { bubbles: true }));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    delete row.dataset.busy;
  }
}

function startSwitcher() {
  const switcher = document.querySelector(".switcher");
  if (!switcher) return;
  const tabs = [...switcher.querySelectorAll("[data-show]")];
  const [back, here, on] = [switcher.querySelector("[data-step='-1']"), switcher.querySelector(".steps b"), switcher.querySelector("[data-step='1']")];

  function shown() {
    return Math.max(tabs.findIndex((tab) => tab.hasAttribute("aria-current")), 0);
  }

  function label(tab) {
    return tab?.querySelector("small").textContent ?? "";
  }

  function name() {
    const at = shown();
    here.textContent = label(tabs[at]);
    back.textContent = at ? `‹ ${label(tabs[at - 1])}` : "";
    on.textContent = at < tabs.length - 1 ? `${label(tabs[at + 1])} ›` : "";
    back.hidden = !at;
    on.hidden = at === tabs.length - 1;
  }

  function show(tab) {
    for (const other of tabs) other.toggleAttribute("aria-current", false);
    tab.setAttribute("aria-current", "true");
    for (const stage of frame().querySelectorAll(".stage")) stage.toggleAttribute("data-shown", stage.dataset.stage === tab.dataset.show);
    const url = new URL(location.href);
    url.searchParams.set("at", tab.dataset.show);
    history.replaceState(history.state, "", url);
    tab.scrollIntoView({ block: "nearest", inline: "nearest" });
    scrollTo({ top: 0 });
    name();
  }

  switcher.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-show]");
    const stepper = event.target.closest("[data-step]");
    if (!tab && !stepper) return;
    event.preventDefault();
    const next = tab ?? tabs[shown() + Number(stepper.dataset.step)];
    if (next) show(next);
  });
  if (!tabs.some((tab) => tab.hasAttribute("aria-current")) && tabs[0]) show(tabs[0]);
  name();
}
