// The live regions: what a screen reader hears of what others see move.

/** A modal dialog silences what lies outside it: the messages move into it, and back to the body when it closes. */
export function carryMessages(dialog) {
  const messages = document.getElementById("messages");
  if (!messages) return;
  dialog.append(messages);
  dialog.addEventListener("close", () => document.body.append(messages), { once: true });
}

/** Say `text` when there is a pause; at once when `now`. Saying the same twice is heard twice. */
export function announce(text, { now = false } = {}) {
  const region = document.getElementById(now ? "live-now" : "live");
  if (!region) return;
  region.textContent = "";
  requestAnimationFrame(() => { region.textContent = text; });
}
