// The command palette: places of the page, its commands, and what the server finds, in one list under one input.

import { announce, carryMessages } from "./announce.js";
import { registerKey } from "./keys.js";
import { send } from "./request.js";
import { word } from "./words.js";

const WAIT = 120;

export function startPalette() {
  const dialog = document.getElementById("palette");
  const address = document.body.dataset.paletteUrl;
  if (!dialog || !document.querySelector(".top")) return;
  const input = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  const none = dialog.querySelector(".none");
  let asked = null;
  let timer = 0;

  function open() {
    if (dialog.open) return;
    input.value = "";
    dialog.showModal();
    carryMessages(dialog);
    render([]);
    input.focus();
  }

  function render(found) {
    const text = input.value.trim().toLowerCase();
    list.replaceChildren();
    for (const [title, options] of [[word("go-to"), places()], [word("commands"), commands()]]) {
      group(title, options.filter((option) => option.dataset.text.includes(text)));
    }
    list.append(...found);
    [...list.querySelectorAll("[role=option]")].forEach((option, index) => { option.id = `palette-option-${index}`; option.tabIndex = -1; });
    none.hidden = list.querySelector("[role=option]") !== null;
    choose(list.querySelector("[role=option]"));
  }

  function group(title, options) {
    if (!options.length) return;
    const box = document.createElement("div");
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", title);
    const label = document.createElement("span");
    label.className = "label";
    label.setAttribute("aria-hidden", "true");
    label.textContent = title;
    box.append(label, ...options);
    list.append(box);
  }

  function choose(option) {
    for (const other of list.querySelectorAll("[aria-selected=true]")) other.setAttribute("aria-selected", "false");
    if (!option) return input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    return input.setAttribute("aria-activedescendant", option.id);
  }

  function step(by) {
    const options = [...list.querySelectorAll("[role=option]")];
    if (!options.length) return;
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    choose(options[(at + by + options.length) % options.length]);
  }

  function act(option) {
    if (!option) return;
    dialog.close();
    if (option.source) option.source.click();
    else if (option.href) location.assign(option.href);
  }

  async function ask() {
    asked?.abort();
    const text = input.value.trim();
    if (!address || text.length < 2) return;
    asked = new AbortController();
    try {
      const url = new URL(address, location.href);
      url.searchParams.set("q", text);
      const response = await send(url, { headers: { "HX-Request": "true" }, signal: asked.signal });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      render([...page.body.querySelectorAll(":scope > [data-found]")]);
      const count = list.querySelectorAll("[role=option]").length;
      announce(count ? word("results", { count }) : word("results-0"));
    } catch (error) {
      if (error.name !== "AbortError" && error.name !== "Problem") throw error;
    }
  }

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette]")) open();
  });
  registerKey("Mod+K", { label: word("key-search"), run: open });
  input.addEventListener("input", () => {
    render([...list.querySelectorAll(":scope > [data-found]")]);
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") step(1);
    else if (event.key === "ArrowUp") step(-1);
    else if (event.key === "Enter") act(list.querySelector("[aria-selected=true]"));
    else return;
    event.preventDefault();
  });
  list.addEventListener("pointermove", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && option.getAttribute("aria-selected") !== "true") choose(option);
  });
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    act(option);
  });
}

function places() {
  return [...document.querySelectorAll(".top > nav a, .workspace .menu-list a")].map((link) => option(link.textContent.trim(), link));
}

function commands() {
  return [...document.querySelectorAll("[data-command], [data-key-label]")]
    .filter((element) => element.matches("a, button, label"))
    .map((element) => option(element.dataset.command || element.dataset.keyLabel, element, element.dataset.key));
}

function option(text, source, key) {
  const row = document.createElement("div");
  row.setAttribute("role", "option");
  row.setAttribute("aria-selected", "false");
  row.textContent = text;
  row.dataset.text = text.toLowerCase();
  row.source = source;
  if (key) {
    const cap = document.createElement("kbd");
    cap.className = "push";
    cap.textContent = key.toUpperCase();
    row.append(cap);
  }
  return row;
}
