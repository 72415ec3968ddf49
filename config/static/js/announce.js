// The live regions: what a screen reader hears of what others see move.

/** Say `text` when there is a pause; at once when `now`. Saying the same twice is heard twice. */
export function announce(text, { now = false } = {}) {
  const region = document.getElementById(now ? "live-now" : "live");
  if (!region) return;
  region.textContent = "";
  requestAnimationFrame(() => { region.textContent = text; });
}
