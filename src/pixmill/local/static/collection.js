/** The originals that fit a query, of which only the stretches that were looked at are here. */

import * as api from "./api.js";
import { paced, settled } from "./dom.js";

/** @typedef {import("./api.js").Item} Item */

const PAGE = 100;
const REST = 40; // milliseconds that scrolling must rest before a page is asked for
const PACE = 400; // milliseconds between two looks at a list that keeps changing

/**
 * Emits `change` when what `at` and `total` say has changed (`detail.renewed`: indices may have moved;
 * `detail.isOther`: it is the answer to another question),
 * and `trouble` with an error.
 */
export class Collection extends EventTarget {
  /** @type {import("./api.js").Query} */
  query = { status: "all", search: "", sort: "newest" };
  total = 0;
  /** Whether there has been an answer. */
  known = false;

  /** @type {Map<number, Item[]>} */
  #pages = new Map();
  /** @type {Map<string, number>} */
  #places = new Map();
  /** @type {Set<number>} */
  #asked = new Set();
  #wanted = { first: 0, last: PAGE - 1 };
  #generation = 0;
  #renewing = false;
  #again = false;
  /** @type {Map<string, Item>} what events said while a list was on its way */
  #news = new Map();

  /**
   * @param {number} index
   * @returns {Item | undefined}
   */
  at(index) {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** @param {string} key */
  indexOf(key) {
    return this.#places.get(key) ?? -1;
  }

  /**
   * Say which stretch is looked at; what is missing of it is fetched.
   *
   * @param {number} first
   * @param {number} last
   */
  want(first, last) {
    this.#wanted = { first: Math.max(0, first), last };
    if (this.known && this.#missing().length) this.#fill();
  }

  /** @param {Partial<import("./api.js").Query>} change */
  ask(change) {
    this.query = { ...this.query, ...change };
    this.#wanted = { first: 0, last: PAGE - 1 };
    return this.renew(true);
  }

  /**
   * Fetch what is looked at anew; the old stays until the new is here.
   *
   * @param {boolean} [isOther] whether it answers another question than before
   */
  async renew(isOther = false) {
    this.#generation += 1;
    const generation = this.#generation;
    this.#renewing = true;
    this.#asked.clear();
    this.#news.clear();
    const first = Math.floor(this.#wanted.first / PAGE);
    const last = Math.max(first, Math.floor(this.#wanted.last / PAGE));
    try {
      const answers = await Promise.all(
        Array.from({ length: last - first + 1 }, (_, n) =>
          api.originals(this.query, (first + n) * PAGE, PAGE),
        ),
      );
      if (generation !== this.#generation) return;
      this.#pages.clear();
      this.#places.clear();
      answers.forEach((answer, n) => this.#keep(first + n, answer.items));
      this.total = answers[0].total;
      this.known = true;
      this.dispatchEvent(new CustomEvent("change", { detail: { renewed: true, isOther } }));
    } catch (error) {
      if (generation === this.#generation) this.dispatchEvent(new CustomEvent("trouble", { detail: error }));
    } finally {
      if (generation === this.#generation) {
        this.#renewing = false;
        if (this.#again) this.renewSoon();
        this.#again = false;
      }
    }
  }

  /**
   * Like `renew`, but not more often than is good for a list that changes all the time. One look ends before
   * the next begins: else a slow answer would never be taken.
   */
  renewSoon = paced(PACE, () => {
    if (this.#renewing) this.#again = true;
    else void this.renew();
  });

  /**
   * An original as it is now. If it is in sight it changes at once; if it is new, or fits no more, the list
   * is looked at again.
   *
   * @param {Item} item
   */
  put(item) {
    this.#news.set(item.key, item);
    const index = this.indexOf(item.key);
    if (index < 0 || !this.#fits(item)) {
      this.renewSoon();
      return;
    }
    const page = this.#pages.get(Math.floor(index / PAGE));
    if (page) page[index % PAGE] = item;
    this.dispatchEvent(new CustomEvent("change", { detail: { renewed: false } }));
  }

  /** @param {string} key */
  remove(key) {
    this.#news.delete(key);
    this.renewSoon();
  }

  #fill = settled(REST, async () => {
    const generation = this.#generation;
    await Promise.all(
      this.#missing().map(async (page) => {
        this.#asked.add(page);
        try {
          const answer = await api.originals(this.query, page * PAGE, PAGE);
          if (generation !== this.#generation) return;
          this.#keep(page, answer.items);
          // The list became shorter or longer meanwhile: what is elsewhere cannot be trusted.
          if (answer.total !== this.total) this.renewSoon();
          this.dispatchEvent(new CustomEvent("change", { detail: { renewed: false } }));
        } catch (error) {
          if (generation === this.#generation)
            this.dispatchEvent(new CustomEvent("trouble", { detail: error }));
        } finally {
          if (generation === this.#generation) this.#asked.delete(page);
        }
      }),
    );
  });

  #missing() {
    const missing = [];
    const last = Math.floor(Math.min(this.#wanted.last, this.total - 1) / PAGE);
    for (let page = Math.floor(this.#wanted.first / PAGE); page <= last; page += 1) {
      if (!this.#pages.has(page) && !this.#asked.has(page)) missing.push(page);
    }
    return missing;
  }

  /**
   * @param {number} page
   * @param {Item[]} items
   */
  #keep(page, items) {
    const current = items.map((item) => this.#news.get(item.key) ?? item);
    this.#pages.set(page, current);
    current.forEach((item, n) => this.#places.set(item.key, page * PAGE + n));
  }

  /** @param {Item} item */
  #fits(item) {
    if (this.query.status === "all") return true;
    if (this.query.status === "working") return item.status === "working" || item.status === "waiting";
    return item.status === this.query.status;
  }
}
