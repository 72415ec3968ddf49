// Several cards at once: picked with X, Shift and a click, or their boxes.

import { frame, rowOf, rowsIn } from "./cards.js";
import { closeDialog } from "./dialogs.js";
import { post, settle } from "./moves.js";
import { word } from "./words.js";

let last = null;

export function startBulk() {
  const bar = document.querySelector("form[data-bulk]");
  if (!bar) return;
  frame().addEventListener("change", (event) => {
    if (event.target.matches(".pick")) tell(bar);
  });
  frame().addEventListener("click", (event) => {
    const row = event.target.closest("li[data-item]");
    if (!row || !event.shiftKey || event.target.matches(".pick")) {
      if (event.target.matches(".pick")) last = row;
      return;
    }
    event.preventDefault();
    getSelection()?.removeAllRanges();
    range(row);
    tell(bar);
  });
  bar.addEventListener("reset", () => setTimeout(() => tell(bar)));
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-bulk], [data-bulk-all]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const rows = picked();
    const body = new FormData(form, event.submitter);
    body.delete("key");
    for (const row of rows) body.append("key", row.querySelector(".pick").value);
    const ids = rows.map((row) => row.dataset.item);
    const answer = await post(form.action, body);
    if (answer.status === 200) closeDialog();
    if (answer.status === 200 || answer.status === 409) unpick(bar);
    settle(answer, ids);
    if (answer.status === 409) document.dispatchEvent(new CustomEvent("putki:refresh", { detail: { ids } }));
  }, true);
}

function picked() {
  return [...frame().querySelectorAll(".pick:checked")].map((box) => rowOf(box.closest("li").dataset.item));
}

function range(row) {
  const rows = rowsIn(row.parentElement);
  const [from, to] = [rows.indexOf(last), rows.indexOf(row)].sort((a, b) => a - b);
  const taken = last?.parentElement === row.parentElement && from >= 0 ? rows.slice(from, to + 1) : [row];
  const on = taken.length > 1 || !row.querySelector(".pick").checked;
  for (const each of taken) each.querySelector(".pick").checked = on;
  last = row;
}

function unpick(bar) {
  for (const box of frame().querySelectorAll(".pick:checked")) box.checked = false;
  tell(bar);
}

function tell(bar) {
  const count = picked().length;
  bar.querySelector("[data-picked]").textContent = word("picked", { count });
  if (!count) last = null;
}
