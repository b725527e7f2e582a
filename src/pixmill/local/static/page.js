/** What stands around the gallery: places, totals, filters, the connection, the colours. */

import { icon, part, settled } from "./dom.js";
import * as say from "./format.js";
import { explained } from "./toasts.js";

/** @typedef {import("./api.js").Totals} Totals */

const PATIENCE = 1200; // milliseconds without a connection until it is worth a word
const TYPING = 180;

/** @param {import("./api.js").State} state */
export function showPlaces(state) {
  part("source", HTMLElement).textContent = say.place(state.source);
  part("destination", HTMLElement).textContent = say.place(state.destination);
  part("places", HTMLParagraphElement).hidden = false;
  part("places", HTMLParagraphElement).title = `${state.source} → ${state.destination}`;
}

/** @param {Totals} totals */
export function showTotals(totals) {
  showTrouble(totals.trouble ?? null);
  const busy = totals.working + totals.waiting;
  const saved = totals.bytes_in - totals.bytes_out;
  const bad = totals.rejected + totals.failed;
  figure("originals", say.number(totals.originals), bad ? `${say.number(bad)} not made` : "");
  figure("renditions", say.number(totals.renditions), totals.renditions ? say.bytes(totals.bytes_out) : "");
  figure("saved", say.bytes(saved), totals.bytes_out ? say.saving(totals.bytes_out, totals.bytes_in) : "");
  pick("[data-label=saved]").textContent = saved < 0 ? "Bytes added" : "Bytes saved";
  const speed = totals.per_second;
  figure("speed", speed ? speed.toFixed(speed < 10 ? 1 : 0) : "–", busy ? `${say.number(busy)} to go` : "");
  const progress = part("progress", HTMLProgressElement);
  progress.hidden = !busy;
  progress.max = Math.max(1, totals.originals);
  progress.value = totals.originals - busy;

  const counts = {
    all: totals.originals,
    complete: totals.complete,
    rejected: totals.rejected,
    working: busy,
    failed: totals.failed,
  };
  for (const [name, count] of Object.entries(counts))
    pick(`[data-count=${name}]`).textContent = count ? say.number(count) : "";
  const failed = pick("[data-count=failed]").closest("label");
  if (failed) failed.hidden = !totals.failed && !failed.querySelector("input")?.checked;
}

/**
 * @param {(query: Partial<import("./api.js").Query>) => void} ask
 * @returns {{ clear: () => void }}
 */
export function filters(ask) {
  const form = part("filters", HTMLFormElement);
  const read = () => {
    const data = new FormData(form);
    return Object.fromEntries(
      ["search", "status", "sort"].map((name) => [name, String(data.get(name) ?? "").trim()]),
    );
  };
  const typed = settled(TYPING, () => ask(read()));
  form.addEventListener("input", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.type === "search") typed();
    else ask(read());
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(read());
  });
  return {
    clear: () => {
      form.reset();
      ask(read());
    },
  };
}

/** Says how the connection is, but nothing about a moment without one. */
export function connection() {
  const pulse = part("pulse", HTMLParagraphElement);
  const lost = part("lost", HTMLParagraphElement);
  const words = { connecting: "Connecting…", live: "Live", lost: "Reconnecting…" };
  let timer = 0;
  return (/** @type {"connecting" | "live" | "lost"} */ state) => {
    if (state === "live") {
      clearTimeout(timer);
      timer = 0;
      lost.hidden = true;
      lost.textContent = "";
    }
    pulse.dataset.state = state;
    pick("span", pulse).textContent = words[state];
    if (state === "lost" && !timer) {
      timer = setTimeout(() => {
        lost.hidden = false;
        lost.textContent = "The connection is lost. Trying again; what you see may be out of date.";
      }, PATIENCE);
    }
  };
}

/** The switch for light and dark; it begins with what the system has. */
export function colours() {
  const button = part("theme", HTMLButtonElement);
  const root = document.documentElement;
  const order = ["auto", "light", "dark"];
  const words = { auto: "as the system has them", light: "light", dark: "dark" };
  const show = () => {
    const now = /** @type {keyof typeof words} */ (root.dataset.theme ?? "auto");
    button.querySelector("svg")?.replaceWith(icon(now));
    pick("span", button).textContent = `Colours: ${words[now]}`;
    button.title = `Colours: ${words[now]}`;
  };
  button.addEventListener("click", () => {
    const next = order[(order.indexOf(root.dataset.theme ?? "auto") + 1) % order.length];
    if (next === "auto") delete root.dataset.theme;
    else root.dataset.theme = next;
    localStorage.setItem("theme", next);
    show();
  });
  show();
}

/**
 * What keeps the server from following its source; it goes on by itself.
 *
 * @param {import("./api.js").Reason | null} reason
 */
function showTrouble(reason) {
  const place = part("behind", HTMLElement);
  if (place.dataset.code === (reason?.code ?? "")) return;
  place.dataset.code = reason?.code ?? "";
  place.hidden = !reason;
  place.replaceChildren(...(reason ? [explained(reason)] : []));
}

/**
 * @param {string} name
 * @param {string} value
 * @param {string} note
 */
function figure(name, value, note) {
  pick(`[data-figure=${name}]`).textContent = value;
  pick(`[data-note=${name}]`).textContent = note;
}

/**
 * @param {string} selector
 * @param {ParentNode} [within]
 */
function pick(selector, within = document) {
  const found = within.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`index.html has no ${selector}`);
  return found;
}
