// The board: moves by hand and by keyboard, and what others do while it is open.

import { startBulk } from "./bulk.js";
import { frame, pending, refresh } from "./cards.js";
import { startColumns } from "./columns.js";
import { startDrag } from "./drag.js";
import { startBoardKeys } from "./keys-board.js";
import { startMoves } from "./moves.js";
import { startQuickAdd } from "./quick-add.js";

const GATHER = 40; // milliseconds in which events become one question
const AGES = 10 * 60_000; // the hours on the cards grow old

if (frame()) {
  startMoves();
  startDrag();
  startColumns();
  startBoardKeys();
  startBulk();
  startQuickAdd();
  follow();
}

function follow() {
  const changed = new Set();
  let timer = 0;

  async function look() {
    timer = 0;
    const waiting = [...changed].filter((id) => pending.has(id));
    const ids = [...changed].filter((id) => !pending.has(id));
    changed.clear();
    waiting.forEach((id) => changed.add(id));
    try {
      if (ids.length) await refresh(ids);
    } catch {
      ids.forEach((id) => changed.add(id));
      timer ||= setTimeout(look, 3_000);
    }
    if (changed.size) timer ||= setTimeout(look, 200);
  }

  function note(ids) {
    for (const id of ids) changed.add(id);
    timer ||= setTimeout(look, GATHER);
  }

  document.addEventListener("putki:event", ({ detail }) => {
    if (detail.subject?.startsWith("itm_")) note([detail.subject]);
    else if (/^(stage|board|gate|workspace|import)\./.test(detail.type)) reload();
  });
  document.addEventListener("putki:refresh", ({ detail }) => note(detail.ids));
  document.addEventListener("putki:reset", (event) => { event.preventDefault(); reload(); });
  setInterval(() => {
    if (!document.hidden) note([...frame().querySelectorAll("li[data-item]")].map((row) => row.dataset.item));
  }, AGES);
}

/** Another board than the one that was drawn: draw it again, but not under somebody's hands. */
function reload() {
  const busy = document.querySelector("dialog[open], [data-quick], [data-lifting]") || document.activeElement?.matches("input, select, textarea");
  if (busy) setTimeout(reload, 2_000);
  else location.reload();
}
