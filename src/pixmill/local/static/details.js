/** The detail view: one original, everything that was made of it, and what it took. */

import * as api from "./api.js";
import { element, hushed, icon, part, settled } from "./dom.js";
import { about, made, stages, usage } from "./facts.js";
import * as say from "./format.js";
import { Stage } from "./stage.js";
import { complain, dialogClosed, explained, openDialog, toast } from "./toasts.js";

/**
 * @typedef {import("./api.js").Original} Original
 * @typedef {import("./api.js").Output} Output
 * @typedef {import("./stage.js").Shown} Shown
 */

const SETTLE = 150; // milliseconds; an original says several things while it is worked on
const DRAWN_BY_BROWSERS = new Set(["jpeg", "png", "webp", "gif", "avif", "bmp", "ico"]);
const SAME_RATIO = 0.02;

export class Details {
  #dialog = part("details", HTMLDialogElement);
  #title = element("h2", { id: "details-title" });
  #panel = element("div", { class: "panel" });
  #stage = new Stage();
  #key = "";
  /** @type {Original | null} */
  #original = null;
  #chosen = "";
  #options;
  #previous;
  #next;

  /**
   * @param {{
   *   beside: (key: string, step: 1 | -1) => string | undefined,
   *   closed: (key: string) => void,
   *   deletes: () => boolean }} options
   */
  constructor(options) {
    this.#options = options;
    this.#previous = this.#button("previous", "Previous picture", () => this.#step(-1));
    this.#next = this.#button("next", "Next picture", () => this.#step(1));
    const close = this.#button("close", "Close", () => this.#dialog.close());
    const steps = element("div", { class: "steps" }, this.#previous, this.#next, close);
    this.#dialog.append(
      element("div", { class: "top" }, this.#title, steps),
      element("div", { class: "body" }, this.#stage.node, this.#panel),
    );
    this.#dialog.addEventListener("close", () => this.#closed());
    // A click beside the dialog lands on the dialog itself: all within it is covered by its parts.
    this.#dialog.addEventListener("click", (event) => {
      if (event.target === this.#dialog) this.#dialog.close();
    });
  }

  /** @param {string} key */
  async open(key) {
    this.#key = key;
    const { folder, name } = say.split(key);
    this.#title.replaceChildren(...(folder ? [element("span", {}, folder)] : []), name);
    this.#title.title = key;
    openDialog(this.#dialog);
    history.replaceState(null, "", `#${encodeURIComponent(key.toWellFormed())}`);
    await this.#load();
  }

  /** An original has changed: if it is this one, look at it again. */
  changed(/** @type {string} */ key) {
    if (this.#dialog.open && key === this.#key) this.#loadSoon();
  }

  /** An original is gone: if it is this one, there is nothing left to show. */
  removed(/** @type {string} */ key) {
    if (!this.#dialog.open || key !== this.#key) return;
    this.#dialog.close();
    toast(`${key} was removed.`);
  }

  #loadSoon = settled(SETTLE, () => void this.#load());

  async #load() {
    const key = this.#key;
    try {
      const original = await api.original(key);
      if (key === this.#key && this.#dialog.open) this.#show(original);
    } catch (error) {
      if (!(error instanceof api.ApiError)) throw error;
      if (key !== this.#key || !this.#dialog.open) return;
      this.#panel.replaceChildren();
      this.#stage.say(explained(error));
    }
  }

  /** @param {Original} original */
  #show(original) {
    const before = this.#original;
    this.#original = original;
    if (before && JSON.stringify(before) === JSON.stringify(original)) return;
    const outputs = original.outputs.filter((output) => output.url);
    if (!outputs.some((output) => nameOf(output) === this.#chosen))
      this.#chosen = outputs.length ? nameOf(best(outputs, original)) : "";
    const focused = document.activeElement?.id;
    this.#panel.replaceChildren(
      ...(original.reason ? [this.#rejected(original.reason)] : []),
      ...(original.outputs.length
        ? [
            made(original, this.#chosen, (output) => this.#choose(output)),
            usage(original, () => this.#output()),
          ]
        : []),
      ...stages(original.timings_ms),
      about(original),
      this.#acts(original),
    );
    if (focused && this.#panel.ownerDocument.activeElement === document.body)
      document.getElementById(focused)?.focus();
    this.#draw();
  }

  /** @param {Output} output */
  #choose(output) {
    this.#chosen = nameOf(output);
    this.#draw();
  }

  #output() {
    return this.#original?.outputs.find((output) => output.url && nameOf(output) === this.#chosen);
  }

  #draw() {
    const original = this.#original;
    const output = this.#output();
    if (!original) return;
    if (!output) {
      const busy = original.status === "working" || original.status === "waiting";
      const words = busy ? "Being made…" : "There is no picture to show.";
      this.#stage.say(element("p", { class: "nothing" }, icon("image"), words));
      return;
    }
    const others = original.outputs.filter((other) => other.url && other !== output).map(shown);
    const itself = drawn(original);
    this.#stage.show(shown(output), itself ? [itself, ...others] : others);
  }

  /** @param {import("./api.js").Reason} reason */
  #rejected(reason) {
    const again = element(
      "button",
      { class: "button", type: "button", id: "try-again", onclick: () => void this.#retry() },
      icon("again"),
      "Try again",
    );
    const words = this.#original?.status === "failed" ? "Not made yet" : "Rejected";
    return element(
      "section",
      { class: "verdict", "aria-label": words },
      element("h3", {}, words),
      explained(reason),
      again,
    );
  }

  async #retry() {
    try {
      await api.retry(this.#key);
      toast("Trying again.");
    } catch (error) {
      complain(error);
    }
  }

  /** @param {Original} original */
  #acts(original) {
    const open = element(
      "a",
      { class: "link", href: original.original_url, target: "_blank", rel: "noopener" },
      "Open the original",
    );
    const remove = element(
      "button",
      { class: "button alarming", type: "button" },
      icon("remove"),
      "Delete the original",
    );
    remove.addEventListener("click", () => {
      if (remove.dataset.sure) void this.#remove();
      remove.dataset.sure = "yes";
      remove.lastChild?.replaceWith("Delete it and all of its renditions?");
    });
    return element("p", { class: "acts" }, open, this.#options.deletes() && remove);
  }

  async #remove() {
    try {
      await api.remove(this.#key);
    } catch (error) {
      complain(error);
    }
  }

  /** @param {1 | -1} step */
  #step(step) {
    const key = this.#options.beside(this.#key, step);
    if (key) void this.open(key);
    else toast(step > 0 ? "This is the last picture." : "This is the first picture.");
  }

  #closed() {
    dialogClosed();
    history.replaceState(null, "", location.pathname);
    const key = this.#key;
    this.#key = "";
    this.#original = null;
    this.#panel.replaceChildren();
    this.#stage.say(element("p"));
    this.#options.closed(key);
  }

  /**
   * @param {string} sign
   * @param {string} words
   * @param {() => void} act
   */
  #button(sign, words, act) {
    return element(
      "button",
      { class: "plain round", type: "button", title: words, onclick: act },
      icon(sign),
      hushed(words),
    );
  }
}

/** @param {Output} output */
export function nameOf(output) {
  return `${output.rendition} · ${say.format(output.format)}`;
}

/** @param {Output} output */
function shown(output) {
  return {
    name: nameOf(output),
    url: output.url ?? "",
    width: output.width ?? 1,
    height: output.height ?? 1,
  };
}

/**
 * The original, if browsers can draw it.
 *
 * @param {Original} original
 * @returns {Shown | null}
 */
function drawn({ format, original_url: url, width, height }) {
  if (!format || !width || !height || !DRAWN_BY_BROWSERS.has(format)) return null;
  return { name: "Original", url, width, height };
}

/**
 * What to show first: the largest that shows the whole picture.
 *
 * @param {Output[]} outputs
 * @param {Original} original
 */
function best(outputs, original) {
  const ratio = (original.width ?? 1) / (original.height ?? 1);
  const whole = outputs.filter(
    ({ width, height }) => Math.abs((width ?? 1) / (height ?? 1) / ratio - 1) < SAME_RATIO,
  );
  return (whole.length ? whole : outputs).reduce((most, output) =>
    (output.width ?? 0) > (most.width ?? 0) ? output : most,
  );
}
