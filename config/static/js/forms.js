// Forms: not sent twice, not left by accident, and a refused one puts the focus where the mistake is.

import { word } from "./words.js";

const AGAIN_AFTER = 8_000;

export function startForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "get" || form.method === "dialog") return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "true";
    event.submitter?.setAttribute("data-busy", "");
    delete form.dataset.dirty;
    // An answer that is a file leaves this page standing.
    setTimeout(() => release(form), AGAIN_AFTER);
    return undefined;
  });
  for (const type of ["htmx:afterRequest", "htmx:sendError"]) {
    document.addEventListener(type, (event) => {
      const form = event.target.closest?.("form");
      release(form);
      if (form && event.detail.successful) delete form.dataset.dirty;
    });
  }
  // Back from the next page: what was sent may be sent again.
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-guard]");
    if (form) form.dataset.dirty = "true";
  });
  addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-dirty]")) event.preventDefault();
  });
  document.addEventListener("cancel", (event) => {
    if (event.target.querySelector?.("form[data-dirty]") && !confirm(word("leave"))) event.preventDefault();
  }, true);

  focusMistake(document);
  document.addEventListener("htmx:afterSwap", (event) => focusMistake(event.target));

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText(source?.value ?? source?.textContent.trim() ?? button.dataset.copy);
    document.dispatchEvent(new CustomEvent("putki:toast", { detail: { text: word("copied"), seconds: 3 } }));
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea")) event.target.form?.requestSubmit();
  });
}

function release(form) {
  if (!form) return;
  delete form.dataset.sent;
  form.querySelectorAll("[data-busy]").forEach((button) => button.removeAttribute("data-busy"));
}

function focusMistake(root) {
  root.querySelector?.(".error-summary, [aria-invalid=true]")?.focus();
}
