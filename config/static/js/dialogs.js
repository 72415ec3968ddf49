// Dialogs: a link or button with data-dialog opens what its address answers in the one dialog of the page.

import { carryMessages } from "./announce.js";
import { Problem, send } from "./request.js";
import { toast } from "./toast.js";

let opener = null;

/** Fetch `url` and show it as a dialog; the focus goes back to `from` when it closes. */
export async function openDialog(url, { from = document.activeElement, wide = false } = {}) {
  let response;
  try {
    response = await send(url, { headers: { "HX-Request": "true", "HX-Target": "dialog" } });
  } catch (error) {
    if (error instanceof Problem) return toast(error.message, { tone: "bad" });
    throw error;
  }
  if (response.redirected && !new URL(response.url).pathname.startsWith(new URL(url, location.href).pathname)) {
    // Signed out meanwhile: the sign-in page is no dialog.
    return location.assign(url);
  }
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const part = page.querySelector("main") ?? page.body;
  return show([...part.childNodes], { from, wide });
}

/** Show these nodes as a dialog, titled by their first heading. */
export function show(nodes, { from = document.activeElement, wide = false } = {}) {
  const dialog = document.getElementById("dialog");
  const body = dialog.querySelector(".dialog-body");
  body.replaceChildren(...nodes);
  dialog.dataset.width = wide ? "wide" : "";
  const title = body.querySelector("h1, h2");
  if (title) {
    title.id ||= "dialog-title";
    dialog.setAttribute("aria-labelledby", title.id);
  }
  if (!dialog.open) {
    opener = from;
    dialog.showModal();
    carryMessages(dialog);
  }
  window.htmx?.process(body);
  body.querySelector("[autofocus], [aria-invalid=true], input:not([type=hidden]), select, textarea")?.focus();
  body.dispatchEvent(new CustomEvent("putki:shown", { bubbles: true }));
  return dialog;
}

/** Close the dialog, if one is open. */
export function closeDialog() {
  document.getElementById("dialog")?.close();
}

export function startDialogs() {
  const dialog = document.getElementById("dialog");
  if (!dialog) return;
  document.addEventListener("click", (event) => {
    const trigger = event.target.closest("[data-dialog]");
    if (trigger && !event.defaultPrevented && !event.metaKey && !event.ctrlKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      openDialog(trigger.dataset.dialog || trigger.href, { from: trigger, wide: "dialogWide" in trigger.dataset });
    }
    if (event.target.closest("[data-close]")) {
      event.preventDefault();
      event.target.closest("dialog")?.close();
    }
  });
  // A press that starts and ends on the veil closes; a drag out of a text field does not.
  let pressed = null;
  document.addEventListener("pointerdown", (event) => { pressed = event.target; });
  document.addEventListener("pointerup", (event) => {
    if (event.target === pressed && event.target.matches("dialog[open]") && !inside(event, event.target)) event.target.close();
  });
  dialog.addEventListener("close", () => {
    dialog.querySelector(".dialog-body").replaceChildren();
    dialog.removeAttribute("aria-labelledby");
    if (opener?.isConnected) opener.focus();
    opener = null;
  });
  document.addEventListener("putki:close-dialog", closeDialog);
}

function inside(event, dialog) {
  const box = dialog.getBoundingClientRect();
  return event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
}
