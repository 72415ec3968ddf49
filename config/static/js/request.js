// Requests of our own: same origin, the CSRF token, and problems as sentences.

import { word } from "./words.js";

/** The token Django expects: of a form on the page, else of the cookie. */
export function csrfToken() {
  const field = document.querySelector("input[name=csrfmiddlewaretoken]");
  if (field) return field.value;
  return document.cookie.match(/(?:^|;\s*)(?:__Host-|__Secure-)?csrftoken=([^;]+)/)?.[1] ?? "";
}

/**
 * Fetch from this site. Resolves to the response when it is fine; rejects with a Problem whose message can be shown.
 * A body that is not FormData or URLSearchParams is sent as JSON.
 */
export async function send(url, { method = "GET", body, headers = {}, signal } = {}) {
  const all = new Headers(headers);
  if (method !== "GET") all.set("X-CSRFToken", csrfToken());
  let sent = body;
  if (body !== undefined && !(body instanceof FormData) && !(body instanceof URLSearchParams)) {
    all.set("Content-Type", "application/json");
    sent = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(url, { method, body: sent, headers: all, signal, credentials: "same-origin" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(word("unreachable"), { status: 0 });
  }
  if (response.ok) return response;
  throw await Problem.of(response);
}

/** Why a request did not do what it should: a sentence, the status, and the whole problem as the API tells it. */
export class Problem extends Error {
  constructor(message, { status, body = null }) {
    super(message);
    this.name = "Problem";
    this.status = status;
    this.body = body;
  }

  static async of(response) {
    const type = response.headers.get("Content-Type") ?? "";
    const body = type.includes("json") ? await response.json().catch(() => null) : null;
    const text = body?.detail ?? body?.title ?? sentence(response.status);
    return new Problem(text, { status: response.status, body });
  }
}

function sentence(status) {
  if (status === 404 || status === 410) return word("gone");
  return status >= 500 ? word("failed") : word("refused");
}

/** htmx sends the token too, and its failures are told like ours. */
export function connectHtmx(tell) {
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = csrfToken();
  });
  document.addEventListener("htmx:sendError", () => tell(word("unreachable")));
  document.addEventListener("htmx:responseError", async (event) => {
    const { status, responseText } = event.detail.xhr;
    let detail = "";
    try { detail = JSON.parse(responseText).detail ?? ""; } catch { /* a page, not a problem document */ }
    tell(detail || sentence(status));
  });
}
