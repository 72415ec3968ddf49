// A new card where it will stand: a title and Enter adds it, and the line stays open for the next one.

import { announce } from "./announce.js";
import { apply, frame, linkOf, listOf, rowOf } from "./cards.js";
import { show } from "./dialogs.js";
import { post } from "./moves.js";
import { Problem, send } from "./request.js";
import { toast } from "./toast.js";
import { word } from "./words.js";

export function startQuickAdd() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-add]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const column = columnFor(link);
    if (!column) return;
    event.preventDefault();
    open(link, column);
  });
  frame().addEventListener("submit", (event) => {
    if (event.target.matches("[data-quick]")) add(event);
  }, true);
  frame().addEventListener("keydown", (event) => {
    const form = event.target.closest?.("[data-quick]");
    if (form && event.key === "Escape") close(form);
  });
  frame().addEventListener("change", (event) => {
    if (event.target.matches("[data-quick] [name=format]")) fill(event.target);
  });
  frame().addEventListener("click", (event) => {
    const button = event.target.closest("[data-quick-close]");
    if (button) close(button.closest("[data-quick]"));
  });
}

/** The column the link names, else the first that shows. */
function columnFor(link) {
  const named = link.dataset.add;
  if (named) return frame().querySelector(`.stage[data-stage="${CSS.escape(named)}"]`);
  return [...frame().querySelectorAll(".stage")].find((stage) => stage.checkVisibility());
}

async function open(link, column) {
  const there = column.querySelector("[data-quick]");
  if (there) return there.elements.title.focus();
  try {
    const url = new URL(link.href);
    url.searchParams.set("stage", column.dataset.stage);
    const response = await send(url, { headers: { "HX-Request": "true", "HX-Target": "quick" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    document.querySelectorAll("[data-quick]").forEach((form) => form.remove());
    column.querySelector(":scope > header").after(page.querySelector("[data-quick]"));
    const form = column.querySelector("[data-quick]");
    form.from = document.activeElement;
    form.elements.title.focus();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    toast(error.message, { tone: "bad" });
  }
  return undefined;
}

async function add(event) {
  const form = event.target;
  event.preventDefault();
  event.stopImmediatePropagation();
  const input = form.elements.title;
  if (!input.value.trim()) return input.focus();
  input.readOnly = true;
  const { status, text } = await post(form.action, new FormData(form));
  input.readOnly = false;
  if (status === 200) {
    const { said, shown: [id] } = apply(text, [], { own: true });
    if (said && id) announce(said.textContent.trim());
    else if (said) toast(said.textContent.trim()); // the filters hide it
    flash(form, id);
    input.value = "";
    form.elements.format && (form.elements.format.value = "");
    return input.focus();
  }
  const main = new DOMParser().parseFromString(text, "text/html").querySelector("main");
  const problem = main?.querySelector(".problems");
  if (!problem) return toast(word(status ? "failed" : "unreachable"), { tone: "bad" });
  if (status === 409) return show([...main.childNodes], { from: input });
  form.querySelector(".problems")?.remove();
  form.append(problem);
  return input.focus();
}

function flash(form, id) {
  const row = id && listOf(form.closest(".stage")).querySelector(`[data-item="${CSS.escape(id)}"]`);
  if (!row) return;
  row.querySelector(".card").dataset.new = "";
  setTimeout(() => row.querySelector(".card").removeAttribute("data-new"), 1500);
  form.dataset.last = id;
}

/** The format's formula becomes the title, its first slot selected. */
function fill(select) {
  const { title } = select.form.elements;
  const formula = select.selectedOptions[0]?.dataset.formula;
  if (!formula || title.value.trim()) return title.focus();
  title.value = formula;
  title.focus();
  const slot = formula.match(/\{[^}]*\}/);
  return slot && title.setSelectionRange(slot.index, slot.index + slot[0].length);
}

/** The focus goes on to the card written last, else back to where it was. */
function close(form) {
  const { from } = form;
  const row = form.dataset.last && rowOf(form.dataset.last);
  form.remove();
  if (row) linkOf(row).focus();
  else if (from?.isConnected) from.focus();
}
