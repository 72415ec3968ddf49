// Lists that people put in order: drag by the grip, or the buttons. The form does the same without script.

import { announce } from "./announce.js";
import { Problem, send } from "./request.js";
import { toast } from "./toast.js";

for (const form of document.querySelectorAll("form[data-reorder]")) start(form);

function start(form) {
  const list = form.querySelector("ol");
  let lifted = null;
  let before = [];

  list.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip || event.button !== 0) return;
    event.preventDefault();
    lifted = grip.closest("li");
    before = [...list.children];
    lifted.dataset.lifted = "";
    list.setPointerCapture(event.pointerId);
  });
  list.addEventListener("pointermove", (event) => {
    if (!lifted) return;
    const rows = [...list.children].filter((row) => row !== lifted);
    const below = rows.find((row) => event.clientY < middle(row));
    if (below !== lifted.nextElementSibling) list.insertBefore(lifted, below ?? null);
  });
  const drop = () => {
    if (!lifted) return;
    delete lifted.dataset.lifted;
    const row = lifted;
    lifted = null;
    if (before.some((each, index) => each !== list.children[index])) keep(form, list, row, before);
  };
  list.addEventListener("pointerup", drop);
  list.addEventListener("pointercancel", drop);

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.name !== "up" && button?.name !== "down") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const row = button.closest("li");
    before = [...list.children];
    if (button.name === "up") list.insertBefore(row, row.previousElementSibling);
    else list.insertBefore(row, row.nextElementSibling?.nextElementSibling ?? null);
    keep(form, list, row, before);
    const next = button.disabled ? row.querySelector(`button[name=${button.name === "up" ? "down" : "up"}]`) : button;
    next.focus();
  });
}

function middle(row) {
  const box = row.getBoundingClientRect();
  return box.top + box.height / 2;
}

async function keep(form, list, row, before) {
  settle(list);
  const body = new URLSearchParams(new FormData(form));
  try {
    await send(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    list.replaceChildren(...before);
    settle(list);
    toast(error.message, { tone: "bad" });
    return;
  }
  const place = [...list.children].indexOf(row) + 1;
  announce(`${row.querySelector(".name").textContent}: ${place} / ${list.children.length}`);
}

function settle(list) {
  for (const row of list.children) {
    row.querySelector("button[name=up]").disabled = row === list.firstElementChild;
    row.querySelector("button[name=down]").disabled = row === list.lastElementChild;
  }
}
