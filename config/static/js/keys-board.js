// The board by keyboard: arrows walk the cards, letters act on the one that has the focus.

import { frame, keyOf, linkOf, listOf, rowsIn, stageOf, stagesIn } from "./cards.js";
import { openDialog } from "./dialogs.js";
import { registerKey } from "./keys.js";
import { shift, step } from "./moves.js";
import { word } from "./words.js";

const CONTROLS = "h3 a, .move, .pick";
let current = null;

export function startBoardKeys() {
  const board = frame();
  board.querySelectorAll(`.card :is(${CONTROLS})`).forEach((control) => { control.tabIndex = -1; });
  rove(board.querySelector("li[data-item]"));
  board.addEventListener("focusin", (event) => rove(event.target.closest("li[data-item]")));
  board.addEventListener("putki:card", (event) => quiet(event.target));
  board.addEventListener("putki:rows", (event) => rowsIn(event.target).forEach(quiet));

  walk("ArrowDown", "key-next", (row) => neighbour(row, 1));
  walk("ArrowUp", "key-previous", (row) => neighbour(row, -1));
  walk("ArrowRight", "key-right", (row) => across(row, 1));
  walk("ArrowLeft", "key-left", (row) => across(row, -1));
  registerKey("Home", { run: () => linkOf(rowsIn(focused().parentElement)[0]).focus(), when: focused });
  registerKey("End", { run: () => linkOf(rowsIn(focused().parentElement).at(-1)).focus(), when: focused });
  if ("mayMove" in board.dataset) {
    const moves = [["[", "key-back", (row) => step(row, -1)], ["]", "key-on", (row) => step(row, 1)],
      ["Shift+ArrowUp", "key-up", (row) => shift(row, -1)], ["Shift+ArrowDown", "key-down", (row) => shift(row, 1)],
      ["Shift+ArrowLeft", "", (row) => step(row, -1)], ["Shift+ArrowRight", "", (row) => step(row, 1)],
      ["m", "key-move", (row) => row.querySelector(".move").click()],
      ["e", "key-edit", (row) => location.assign(`${linkOf(row).href}edit/details/`)],
      ["b", "key-block", (row) => openDialog(`${linkOf(row).href}hold/`, { from: linkOf(row) })]];
    for (const [key, label, run] of moves) {
      registerKey(key, { label: label && word(label), run: () => run(focused()), when: () => focused()?.querySelector(".move") });
    }
  }
  if ("mayPick" in board.dataset) {
    registerKey("a", { label: word("key-assign"), run: () => openDialog(`${linkOf(focused()).href}people/`, { from: linkOf(focused()) }), when: focused });
    registerKey("x", { label: word("key-select"), run: () => focused().querySelector(".pick").click(), when: focused });
  }
}

function walk(key, label, find) {
  registerKey(key, {
    label: word(label),
    when: focused,
    run: () => {
      const to = find(focused());
      if (!to) return true;
      linkOf(to).focus({ preventScroll: true });
      to.scrollIntoView({ block: "nearest", inline: "nearest" });
      return true;
    },
  });
}

/** The card that has the focus. */
export function focused() {
  return document.activeElement?.closest("[data-board] li[data-item]") ?? null;
}

function neighbour(row, by) {
  const rows = rowsIn(row.parentElement);
  return rows[rows.indexOf(row) + by];
}

/** The card at about the same height in the next column that has any. */
function across(row, by) {
  const columns = stagesIn(row);
  const height = row.getBoundingClientRect().top;
  for (let at = columns.indexOf(stageOf(row)) + by; columns[at]; at += by) {
    const rows = rowsIn(listOf(columns[at])).filter((other) => other.checkVisibility());
    const distance = (other) => Math.abs(other.getBoundingClientRect().top - height);
    if (rows.length) return rows.reduce((best, other) => (distance(other) < distance(best) ? other : best));
  }
  return undefined;
}

/** One card at a time is on the way of the Tab key. */
function rove(row) {
  if (!row || row === current) return;
  if (current) current.querySelectorAll(CONTROLS).forEach((control) => { control.tabIndex = -1; });
  row.querySelectorAll(CONTROLS).forEach((control) => { control.tabIndex = 0; });
  current = row;
}

function quiet(row) {
  const key = current && !current.isConnected ? keyOf(current) : "";
  row.querySelectorAll(CONTROLS).forEach((control) => { control.tabIndex = -1; });
  if (!current?.isConnected && (!key || key === keyOf(row))) {
    current = null;
    rove(row);
  }
}
