// Short messages at the foot of the page, with a way back for ten seconds.

import { announce } from "./announce.js";
import { Problem, send } from "./request.js";
import { word } from "./words.js";

const SECONDS = 10;

/**
 * Show `text`. `undo` is an address to post to, or a function; `tone` is "bad" for what went wrong.
 * The countdown waits while the message is pointed at or holds the focus. Answers the element.
 */
export function toast(text, { undo, tone = "", seconds = SECONDS } = {}) {
  const item = document.createElement("li");
  item.className = "toast";
  item.dataset.toast = "";
  if (tone) item.dataset.tone = tone;
  const line = document.createElement("span");
  line.textContent = text;
  item.append(line);
  if (undo) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button small";
    button.textContent = word("undo");
    button.addEventListener("click", () => takeBack(item, undo));
    item.append(button);
  }
  document.getElementById("toasts").append(item);
  run(item, seconds);
  announce(text, { now: tone === "bad" });
  return item;
}

function run(item, seconds) {
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button quiet small";
  close.textContent = "×";
  close.setAttribute("aria-label", word("close"));
  close.addEventListener("click", () => item.remove());
  const left = item.querySelector("button") && document.createElement("span");
  if (left) {
    left.setAttribute("aria-hidden", "true");
    item.querySelector("button").append(left);
  }
  item.append(close);
  let rest = seconds;
  const timer = setInterval(() => {
    if (!item.isConnected) return clearInterval(timer);
    if (item.matches(":hover, :focus-within")) return;
    rest -= 1;
    if (left) left.textContent = `${rest} s`;
    if (rest <= 0) item.remove();
  }, 1000);
}

async function takeBack(item, undo) {
  item.remove();
  try {
    if (typeof undo === "function") await undo();
    else await send(undo, { method: "POST", body: new URLSearchParams(), headers: { Accept: "application/json" } });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return toast(error.message, { tone: "bad" });
  }
  toast(word("undone"), { seconds: 4 });
  if (typeof undo === "function") return undefined;
  const said = new CustomEvent("putki:undone", { detail: { url: undo }, cancelable: true });
  if (document.dispatchEvent(said)) location.reload();
  return undefined;
}

/** Start the messages the server wrote, and listen for `putki:toast` {text, undo, tone}, also from htmx triggers. */
export function startToasts() {
  for (const item of document.querySelectorAll("#toasts [data-toast]")) {
    const form = item.querySelector("form[data-undo]");
    form?.addEventListener("submit", (event) => {
      event.preventDefault();
      takeBack(item, form.action);
    });
    run(item, SECONDS);
  }
  document.addEventListener("putki:toast", ({ detail }) => toast(detail.text ?? detail.value, detail));
}
