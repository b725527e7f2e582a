/** Uploads: a few at a time, each with its progress, in a tray that goes when all went well. */

import * as api from "./api.js";
import { element, hushed, icon, part } from "./dom.js";
import * as say from "./format.js";
import { complain, explained, toast } from "./toasts.js";

/** @typedef {"waiting" | "sending" | "done" | "wrong"} Stage */

const LANES = 3; // uploads at once; a browser has six connections to a server, and the page needs some
const SHOWN = 60; // rows in the tray; a folder may hold thousands
const GOODBYE = 3500; // milliseconds that a tray of finished uploads stays
const DRAWABLE = new Set(["image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"]);

class Upload {
  /** @type {Stage} */
  stage = "waiting";
  #stopper = new AbortController();
  #bar = element("progress", { max: 1, value: 0 });
  #words = element("span", { class: "state" }, "Waiting");
  #act = element("span", {});
  #why = element("div", { class: "why" });
  node;

  /**
   * @param {string} path
   * @param {File} file
   * @param {() => void} changed
   */
  constructor(path, file, changed) {
    this.path = path;
    this.file = file;
    this.changed = changed;
    this.#bar.setAttribute("aria-label", `Upload of ${path}`);
    const head = element(
      "div",
      { class: "line" },
      element("b", { title: path }, path),
      this.#words,
      this.#act,
    );
    this.node = element("li", {}, head, this.#bar, this.#why);
    this.#offer("Cancel", "close", () => this.cancel());
  }

  get fraction() {
    return this.stage === "done" || this.stage === "wrong" ? 1 : this.#bar.value;
  }

  /** @param {Promise<() => number>} limit */
  async send(limit) {
    this.#become("sending", "0 %");
    try {
      const most = (await limit)();
      if (this.file.size > most) throw tooLarge(this.file.size, most);
      const stored = await api.upload(
        this.path,
        this.file,
        (fraction) => this.#progress(fraction),
        this.#stopper.signal,
      );
      this.#become("done", stored.key === this.path ? "Done" : `Stored as ${say.split(stored.key).name}`);
      this.#act.replaceChildren();
      return stored.key;
    } catch (error) {
      if (!(error instanceof api.ApiError)) throw error;
      this.#become("wrong", error.code === "cancelled" ? "Cancelled" : "Not uploaded");
      if (error.code !== "cancelled") this.#why.replaceChildren(explained(error));
      this.#offer("Try again", "again", () => this.#again());
      return null;
    }
  }

  cancel() {
    this.#stopper.abort();
    if (this.stage === "waiting") {
      this.#become("wrong", "Cancelled");
      this.#offer("Try again", "again", () => this.#again());
    }
  }

  #again() {
    this.#stopper = new AbortController();
    this.#why.replaceChildren();
    this.#bar.value = 0;
    this.#offer("Cancel", "close", () => this.cancel());
    this.#become("waiting", "Waiting");
  }

  /** @param {number} fraction */
  #progress(fraction) {
    this.#bar.value = fraction;
    this.#words.textContent = fraction < 1 ? `${Math.floor(100 * fraction)} %` : "Storing";
    this.changed();
  }

  /**
   * @param {Stage} stage
   * @param {string} words
   */
  #become(stage, words) {
    this.stage = stage;
    this.node.dataset.stage = stage;
    this.#bar.hidden = stage !== "sending";
    this.#words.textContent = words;
    this.changed();
  }

  /**
   * @param {string} what
   * @param {string} sign
   * @param {() => void} act
   */
  #offer(what, sign, act) {
    const had = this.#act.contains(document.activeElement);
    const button = element(
      "button",
      { class: "plain round", type: "button", title: what, onclick: act },
      icon(sign),
      hushed(`${what}: ${this.path}`),
    );
    this.#act.replaceChildren(button);
    if (had) button.focus();
  }
}

export class Uploads {
  /** @type {Upload[]} */
  #all = [];
  /** @type {Map<string, string>} key in the source to a URL of the file on this side */
  #pictures = new Map();
  #tray = part("uploads", HTMLElement);
  #list = element("ul", {});
  #title = element("h2", {});
  #bar = element("progress", { max: 1, value: 0, "aria-label": "All uploads" });
  #more = element("p", { class: "more", hidden: true });
  #leaving = 0;
  #reported = true;

  /** @param {Promise<() => number>} most tells how many bytes the server takes, as soon as that is known */
  constructor(most) {
    this.most = most;
    const close = element(
      "button",
      { class: "plain round", type: "button", title: "Cancel and close", onclick: () => this.#close() },
      icon("close"),
    );
    close.append(hushed("Cancel what is left and close"));
    const fold = element(
      "button",
      { class: "plain round", type: "button", title: "Fold", "aria-expanded": "true" },
      icon("down"),
      hushed("Show each upload"),
    );
    fold.addEventListener("click", () => {
      const folded = this.#tray.classList.toggle("folded");
      fold.setAttribute("aria-expanded", String(!folded));
    });
    this.#tray.append(
      element("div", { class: "top" }, this.#title, fold, close),
      this.#bar,
      this.#list,
      this.#more,
    );
  }

  /**
   * @param {import("./drops.js").Brought[]} brought
   * @param {number} left hidden files that were left out
   */
  add(brought, left) {
    if (!brought.length) {
      complain(
        new api.ApiError("nothing-to-add", left ? "There were only hidden files." : "There were no files."),
      );
      return;
    }
    clearTimeout(this.#leaving);
    this.#all = this.#all.filter((upload) => upload.stage !== "done");
    this.#all.push(...brought.map(({ path, file }) => new Upload(path, file, () => this.#changed())));
    this.#reported = false;
    this.#rows();
    this.#changed();
  }

  /** A URL of the picture that was uploaded under this key, for as long as there is no other. */
  picture(/** @type {string} */ key) {
    return this.#pictures.get(key);
  }

  /** The server has a picture of its own, or there is none to have. */
  forget(/** @type {string} */ key) {
    const url = this.#pictures.get(key);
    if (url) URL.revokeObjectURL(url);
    this.#pictures.delete(key);
  }

  #changed() {
    this.#start();
    const finished = this.#all.filter(({ stage }) => stage === "done" || stage === "wrong").length;
    const wrong = this.#all.filter(({ stage }) => stage === "wrong").length;
    const left = this.#all.length - finished;
    this.#tray.hidden = !this.#all.length;
    this.#bar.value =
      this.#all.reduce((sum, { fraction }) => sum + fraction, 0) / Math.max(1, this.#all.length);
    this.#title.textContent = left
      ? `Uploading ${say.number(finished + 1)} of ${say.number(this.#all.length)}`
      : wrong
        ? `${say.counted(wrong, "upload")} did not go through`
        : `${say.counted(finished, "upload")} done`;
    if (left || this.#reported) return;
    this.#reported = true;
    if (finished > wrong) toast(`${say.counted(finished - wrong, "picture")} added.`);
    if (!wrong) this.#leaving = setTimeout(() => this.#close(), GOODBYE);
  }

  #start() {
    const sending = this.#all.filter(({ stage }) => stage === "sending").length;
    for (const upload of this.#all.filter(({ stage }) => stage === "waiting").slice(0, LANES - sending))
      void this.#send(upload);
  }

  /** @param {Upload} upload */
  async #send(upload) {
    const key = await upload.send(this.most);
    if (key && DRAWABLE.has(upload.file.type)) this.#pictures.set(key, URL.createObjectURL(upload.file));
    this.#rows();
  }

  /** Those under way first, then what went wrong, what waits, and what is done. */
  #rows() {
    const order = { sending: 0, wrong: 1, waiting: 2, done: 3 };
    const focused = document.activeElement;
    const rows =
      this.#all.length > SHOWN ? this.#all.toSorted((a, b) => order[a.stage] - order[b.stage]) : this.#all;
    const nodes = rows.slice(0, SHOWN).map(({ node }) => node);
    if (
      nodes.length !== this.#list.children.length ||
      nodes.some((node, n) => node !== this.#list.children[n])
    ) {
      this.#list.replaceChildren(...nodes);
      if (focused instanceof HTMLElement && focused.isConnected) focused.focus();
    }
    this.#more.hidden = rows.length <= SHOWN;
    this.#more.textContent = `and ${say.number(rows.length - SHOWN)} more`;
  }

  #close() {
    if (this.#tray.contains(document.activeElement)) part("add-files", HTMLButtonElement).focus();
    this.#reported = true;
    for (const upload of this.#all)
      if (upload.stage === "waiting" || upload.stage === "sending") upload.cancel();
    this.#all = [];
    this.#rows();
    this.#tray.hidden = true;
  }
}

/**
 * @param {number} size
 * @param {number} most
 */
function tooLarge(size, most) {
  return new api.ApiError(
    "too-many-bytes",
    `The file has ${say.bytes(size)}; ${say.bytes(most)} is the most.`,
    "Raise limits.max_bytes in the recipe, or upload a smaller file.",
  );
}
