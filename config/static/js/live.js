// The workspace's log as it grows: a stream that goes on by number, and asking now and then where streams do not work.

import { announce } from "./announce.js";
import { send } from "./request.js";
import { word } from "./words.js";

const POLL = 5_000;
const TRY_STREAM_AGAIN = 60_000;
const LONGEST_WAIT = 30_000;
// A browser opens few connections to one host: tabs nobody looks at let go of theirs.
const HIDDEN = 60_000;

/**
 * Follow the log named by the body's data-stream from its data-seq on. Every event is dispatched once and in order as
 * `putki:event` {seq, type, subject, board}. `putki:reset` says that too much was missed: the page loads again unless
 * someone prevents it. `putki:connection` {online} tells when the log cannot be reached.
 */
export function startLive() {
  const { stream, pollUrl, seq, workspace } = document.body.dataset;
  if (!stream) return;
  const follower = new Follower({ stream, pollUrl, workspace, seq: Number(seq ?? 0) });
  follower.start();
  addEventListener("pagehide", () => follower.stop());
  addEventListener("pageshow", (event) => { if (event.persisted) follower.start(); });
  addEventListener("online", () => follower.restart());
  addEventListener("offline", () => follower.tell(false));
  let asleep = 0;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(asleep);
    if (document.hidden) asleep = setTimeout(() => follower.stop(), HIDDEN);
    else if (!follower.running) follower.start();
  });
}

class Follower {
  constructor(given) {
    Object.assign(this, { failures: 0, online: true, running: false, catching: null, source: null, timer: 0 }, given);
  }

  start() {
    this.running = true;
    if (this.pollUrl && this.failures >= 2) this.poll(0);
    else this.listen();
  }

  stop() {
    this.running = false;
    this.source?.close();
    this.source = null;
    clearTimeout(this.timer);
  }

  restart() {
    this.stop();
    this.failures = 0;
    this.start();
  }

  listen() {
    const url = new URL(this.stream, location.href);
    url.searchParams.set("since", this.seq);
    this.source = new EventSource(url);
    this.source.addEventListener("open", () => {
      this.failures = 0;
      this.tell(true);
    });
    this.source.addEventListener("message", (message) => this.take(JSON.parse(message.data)));
    this.source.addEventListener("reset", () => this.reset());
    this.source.addEventListener("error", () => this.failed());
  }

  failed() {
    this.failures += 1;
    if (this.failures >= 2) this.tell(false);
    // The browser comes back by itself, in the time the server named, unless it was turned away.
    const turnedAway = this.source?.readyState === EventSource.CLOSED;
    if (this.failures < 2 && !turnedAway) return;
    if (!turnedAway && !this.pollUrl) return;
    this.source?.close();
    clearTimeout(this.timer);
    const wait = Math.min(1_000 * 2 ** this.failures, LONGEST_WAIT) * (0.5 + Math.random());
    this.timer = setTimeout(() => { if (this.running) this.start(); }, this.pollUrl ? 0 : wait);
  }

  async poll(asked) {
    await this.catchUp();
    if (!this.running) return;
    if (asked * POLL >= TRY_STREAM_AGAIN) {
      this.failures = 1;
      this.listen();
    } else {
      this.timer = setTimeout(() => this.poll(asked + 1), POLL);
    }
  }

  take(event) {
    if (!(event.seq > this.seq)) return;
    if (this.pollUrl && (this.catching || event.seq > this.seq + 1)) this.catchUp();
    else this.give(event);
  }

  give(event) {
    this.seq = event.seq;
    document.body.dataset.seq = event.seq;
    document.dispatchEvent(new CustomEvent("putki:event", { detail: event }));
  }

  reset() {
    const said = new CustomEvent("putki:reset", { cancelable: true });
    if (document.dispatchEvent(said)) location.reload();
  }

  /** Fetch everything after the last number: one request at a time, and one more when news came meanwhile. */
  catchUp() {
    this.again = this.catching !== null;
    this.catching ??= this.fetchMissing().finally(() => {
      this.catching = null;
      if (this.again) this.catchUp();
    });
    return this.catching;
  }

  async fetchMissing() {
    const url = new URL(this.pollUrl, location.href);
    url.searchParams.set("after", this.seq);
    try {
      const answer = await (await send(url, { headers: { Accept: "application/json", "Putki-Workspace": this.workspace ?? "" } })).json();
      for (const event of answer.events ?? answer.results ?? []) if (event.seq > this.seq) this.give(event);
      // Events that are not ours to see leave gaps; how far the log has come is told all the same.
      if (answer.seq > this.seq) this.seq = answer.seq;
      this.tell(true);
    } catch (error) {
      if (error.status === 410) this.reset();
      else this.tell(false);
    }
  }

  tell(online) {
    if (online === this.online) return;
    this.online = online;
    document.documentElement.toggleAttribute("data-offline", !online);
    announce(word(online ? "online" : "offline"));
    document.dispatchEvent(new CustomEvent("putki:connection", { detail: { online } }));
  }
}
