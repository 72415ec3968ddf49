// Moving a card: it goes at once and is dimmed until the answer; a refusal or a dead network puts it back and says why.

import { announce } from "./announce.js";
import { apply, columnOf, frame, glide, linkOf, listOf, pending, refresh, rowOf, rowsIn } from "./cards.js";
import { closeDialog, show } from "./dialogs.js";
import { registerKey } from "./keys.js";
import { csrfToken } from "./request.js";
import { toast } from "./toast.js";
import { word } from "./words.js";

const undoable = new Map();

/** Post a form of the board; resolves to {status, text}, status 0 when the server cannot be reached. */
export async function post(url, body) {
  body.set("query", frame()?.dataset.query ?? "");
  try {
    const response = await fetch(url, {
      method: "POST", body, credentials: "same-origin", redirect: "manual",
      headers: { "HX-Request": "true", "X-CSRFToken": csrfToken() },
    });
    return { status: response.status, text: await response.text() };
  } catch {
    return { status: 0, text: "" };
  }
}

/** Show what came of a change to the cards `ids`: the fragment and its message, or the page that says why not. */
export function settle({ status, text }, ids, { from } = {}) {
  if (status === 200) {
    const { said, shown } = apply(text, ids, { own: true });
    if (said) {
      const { undo } = said.dataset;
      if (undo) undoable.set(undo, ids.length ? ids : shown);
      if ("quiet" in said.dataset) announce(said.textContent.trim());
      else toast(said.textContent.trim(), { undo });
    }
    return true;
  }
  const page = new DOMParser().parseFromString(text, "text/html");
  const main = page.querySelector("main");
  if (main && (status === 409 || status === 422)) show([...main.childNodes], { from });
  else toast(word(status === 0 ? "unreachable" : status >= 500 ? "failed" : status === 404 ? "gone" : "refused"), { tone: "bad" });
  return false;
}

/**
 * Move the card to `stage`, above `before` and below `after` (rows or nothing). `here` says that it may stay where it is until the
 * answer: the stage is known to refuse it, and the answer will list why.
 */
export async function moveCard(row, { stage, before = null, after = null, place = "", here = false }) {
  const id = row.dataset.item;
  if (pending.has(id)) return;
  row.querySelector(".problem")?.remove();
  const home = { list: row.parentElement, next: row.nextElementSibling };
  const body = new FormData();
  body.set("stage", stage);
  body.set("version", row.dataset.version);
  if (before) body.set("before", before.dataset.item);
  if (after) body.set("after", after.dataset.item);
  if (place) body.set("place", place);
  if (!here) goThere(row, stage, { before, after, place });
  pending.add(id);
  row.querySelector(".card").setAttribute("data-pending", "");
  const answer = await post(`${new URL(linkOf(row).href).pathname}move/`, body);
  pending.delete(id);
  row.querySelector(".card").removeAttribute("data-pending");
  if (answer.status !== 200) goBack(row, home);
  const moved = settle(answer, [id], { from: linkOf(row) });
  if (!moved && answer.status === 0) complain(row, word("unreachable"));
  if (!moved && answer.status === 409) refresh([id]).catch(() => {});
}

function goThere(row, stage, { before, after, place }) {
  const column = columnOf(stage, row.dataset.lane);
  if (!column) return;
  const list = listOf(column);
  const from = row.getBoundingClientRect();
  const focused = row.contains(document.activeElement) ? document.activeElement : null;
  const first = place === "first" || (!place && !before && !after && column.dataset.kind === "done");
  const below = before ?? after?.nextElementSibling ?? (first ? list.firstElementChild : list.querySelector(":scope > [data-more]"));
  list.insertBefore(row, below?.parentElement === list ? below : null);
  focused?.focus({ preventScroll: true });
  glide(row, from);
  row.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function goBack(row, { list, next }) {
  const from = row.getBoundingClientRect();
  const focused = row.contains(document.activeElement) ? document.activeElement : null;
  if (!list.isConnected) return;
  list.insertBefore(row, next?.parentElement === list ? next : null);
  focused?.focus({ preventScroll: true });
  glide(row, from);
}

function complain(row, text) {
  const line = document.createElement("p");
  line.className = "problem";
  line.textContent = text;
  row.querySelector(".card").append(line);
  announce(text, { now: true });
}

/** Move the card one place up or down within its column. */
export function shift(row, by) {
  const rows = rowsIn(row.parentElement);
  const other = rows[rows.indexOf(row) + by];
  if (!other) return;
  const where = by < 0 ? { before: other, after: rows[rows.indexOf(row) - 2] ?? null } : { after: other, before: rows[rows.indexOf(row) + 2] ?? null };
  moveCard(row, { stage: row.dataset.stage, ...where });
}

/** Move the card to the next stage, or the one before. */
export function step(row, by) {
  const columns = [...row.closest(".board").querySelectorAll(":scope > .stage")];
  const to = columns[columns.indexOf(row.closest(".stage")) + by];
  if (!to) return announce(word("no-stage-on"));
  return moveCard(row, { stage: to.dataset.stage });
}

function lastUndo() {
  return [...document.querySelectorAll("#toasts .toast")].map((item) => item.querySelector(".button:not(.quiet)")).filter(Boolean).at(-1);
}

export function startMoves() {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("form[data-move], form[data-card], form[data-new]") || event.submitter?.name === "again" || !frame()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const id = form.dataset.move ?? form.dataset.card;
    const row = id && rowOf(id);
    const answer = await post(form.action, new FormData(form, event.submitter));
    if (answer.status === 200) closeDialog();
    settle(answer, id ? [id] : [], { from: row && linkOf(row) });
    if (answer.status === 200 && id && rowOf(id)) linkOf(rowOf(id)).focus({ preventScroll: true });
  }, true);
  registerKey("z", {
    label: word("undo"),
    when: lastUndo,
    run: () => lastUndo().click(),
  });
  document.addEventListener("putki:undone", (event) => {
    const ids = undoable.get(event.detail.url);
    if (!ids) return;
    event.preventDefault();
    refresh(ids).catch(() => location.reload());
  });
}
