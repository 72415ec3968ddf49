// The workspace's log as it grows: a stream, the missing numbers fetched, and asking now and then where streams do not work.

import { announce } from "./announce.js";
import { send } from "./request.js";
import { word } from "./words.js";

const POLL = 5_000;
const TRY_STREAM_AGAIN = 60_000;
const HIDDEN = 5 * 60_000;

/**
 * Follow the log named by the body's data-stream from its data-seq on. Every event is dispatched once and in order as
 * `putki:event` {seq, type, subject, board}; `putki:connection` {online} tells when the log cannot be reached.
 */
export function startLive() {
  const { stream, pollUrl, seq } = document.body.dataset;
  if (!stream && !pollUrl) return;
  const follower = new Follower(stream, pollUrl, Number(seq ?? 0));
  follower.start();
  addEventListener("pagehide", () => follower.stop());
  addEventListener("pageshow", (event) => { if (event.persisted) follower.start(); });
  addEventListener("online", () => follower.restart());
  let asleep = 0;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(asleep);
    if (document.hidden) asleep = setTimeout(() => follower.stop(), HIDDEN);
    else if (!follower.running) follower.start();
  });
}

class Follower {
  constructor(stream, pollUrl, seq) {
    Object.assign(this, { stream, pollUrl, seq, failures: 0, online: true, running: false, catching: null });
  }

  start() {
    this.running = true;
    if (this.stream && this.failures < 2) this.listen();
    else this.poll();
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
    this.source.addEventListener("error", () => {
      this.source?.close();
      this.failures += 1;
      if (this.failures >= 2) this.tell(false);
      // With a little noise, so that not every browser comes back in the same instant.
      this.timer = setTimeout(() => this.running && this.start(), 500 + Math.random() * 1_000);
    });
  }

  async poll() {
    await this.catchUp();
    if (!this.running) return;
    this.polls = (this.polls ?? 0) + 1;
    if (this.stream && this.polls * POLL >= TRY_STREAM_AGAIN) {
      this.polls = 0;
      this.failures = 1;
      return this.listen();
    }
    this.timer = setTimeout(() => this.poll(), POLL);
    return undefined;
  }

  take(news) {
    for (const event of Array.isArray(news) ? news : [news]) {
      const seq = Number(event.seq);
      if (!(seq > this.seq)) continue;
      if (this.catching || (this.pollUrl && seq > this.seq + 1)) return this.catchUp();
      this.give(event);
    }
    return undefined;
  }

  give(event) {
    this.seq = Number(event.seq);
    document.body.dataset.seq = this.seq;
    document.dispatchEvent(new CustomEvent("putki:event", { detail: event }));
  }

  /** Fetch everything after the last number; one fetch at a time, and once more when news came meanwhile. */
  catchUp() {
    this.again = this.catching !== null;
    this.catching ??= this.fetchMissing().finally(() => {
      this.catching = null;
      if (this.again) this.catchUp();
    });
    return this.catching;
  }

  async fetchMissing() {
    if (!this.pollUrl) return;
    this.again = false;
    try {
      const url = new URL(this.pollUrl, location.href);
      url.searchParams.set("after", this.seq);
      const answer = await (await send(url, { headers: { Accept: "application/json" } })).json();
      for (const event of answer.events ?? answer.results ?? []) if (event.seq > this.seq) this.give(event);
      // Numbers that are not ours to see leave no event behind; the head says how far we are all the same.
      if (answer.seq > this.seq) this.seq = answer.seq;
      this.tell(true);
    } catch (error) {
      if (error.status === 410) location.reload();
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
