/**
 * The gallery: a list of cards of one size, of which only those near the window exist.
 *
 * Keyboard: one card has the focus' place (a roving tabindex); the arrow keys, Home, End, Page Up and
 * Page Down move it, through cards that do not exist yet as well.
 */

import { Card } from "./card.js";

/** @typedef {import("./collection.js").Collection} Collection */

const NARROW = 560; // pixels
const AHEAD = 0.6; // windows of cards beyond what can be seen, above and below
const FRESH = 600; // milliseconds that a new card is greeted

export class Gallery {
  #list;
  #collection;
  #options;
  /** @type {Map<string, Card>} */
  #cards = new Map();
  #layout = { columns: 1, width: 200, rowHeight: 280, gap: 24 };
  #active = 0;
  #activeKey = "";
  /** Whether somebody has been among the cards: before that, the first one has the focus' place. */
  #engaged = false;
  #scheduled = false;
  /** @type {{ key: string, row: number } | null} */
  #anchor = null;
  #greet = false;

  /**
   * @param {HTMLUListElement} list
   * @param {Collection} collection
   * @param {{ open: (key: string) => void, local: (key: string) => string | undefined, bar: HTMLElement }} options
   *     `local` knows pictures that are on this side only; `bar` covers the top of the window.
   */
  constructor(list, collection, options) {
    this.#list = list;
    this.#collection = collection;
    this.#options = options;
    collection.addEventListener("change", (event) => {
      if (event instanceof CustomEvent && event.detail.isOther) this.#restart();
      else if (event instanceof CustomEvent && event.detail.renewed) this.#renewed();
      this.schedule();
    });
    list.addEventListener("keydown", (event) => this.#onKey(event));
    list.addEventListener("click", (event) => this.#onClick(event));
    list.addEventListener("focusin", (event) => this.#onFocus(event));
    addEventListener("scroll", () => this.schedule(), { passive: true });
    new ResizeObserver(() => {
      this.#measure();
      this.schedule();
    }).observe(list);
    this.#measure();
  }

  /** The key of the card that has the focus' place. */
  get active() {
    return this.#activeKey || this.#collection.at(this.#active)?.key || "";
  }

  /**
   * Give the focus to an original's card, wherever it is.
   *
   * @param {string} [key]
   */
  focus(key) {
    const index = key ? this.#collection.indexOf(key) : this.#active;
    this.#go(Math.max(0, index));
  }

  /** The next or previous original in the order of the gallery. Undefined at its ends. */
  beside(/** @type {string} */ key, /** @type {1 | -1} */ step) {
    const index = this.#collection.indexOf(key);
    const next = index < 0 ? undefined : this.#collection.at(index + step);
    if (next) {
      this.#engaged = true;
      this.#active = index + step;
      this.#activeKey = next.key;
      this.#reveal(this.#active);
      this.schedule();
    }
    return next?.key;
  }

  /** Draw soon; many reasons to do so come to one drawing. */
  schedule() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      this.#draw();
    });
  }

  #measure() {
    const width = this.#list.clientWidth;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const narrow = width < NARROW;
    const gap = narrow ? 14 : Math.round(Math.min(32, width / 40));
    const least = (narrow ? 9 : 13.5) * rem;
    const columns = Math.max(1, Math.floor((width + gap) / (least + gap)));
    const side = (width - (columns - 1) * gap) / columns;
    this.#layout = { columns, width: side, gap, rowHeight: Math.round(side + 3.3 * rem + gap) };
  }

  /** What can be seen, as rows; `top` is measured within the list. */
  #window() {
    const covered = this.#options.bar.offsetHeight;
    const top = -this.#list.getBoundingClientRect().top;
    const { rowHeight } = this.#layout;
    return { top, covered, first: Math.floor((top + covered) / rowHeight), rows: innerHeight / rowHeight };
  }

  #draw() {
    const { columns, rowHeight } = this.#layout;
    const { total } = this.#collection;
    const rows = Math.ceil(total / columns);
    this.#list.style.height = `${rows * rowHeight}px`;
    const { top } = this.#window();
    const first = columns * clamp(Math.floor((top - AHEAD * innerHeight) / rowHeight), 0, rows);
    const last = Math.min(total, columns * Math.ceil((top + (1 + AHEAD) * innerHeight) / rowHeight)) - 1;
    this.#collection.want(first, Math.max(first, last));

    const held = this.#list.contains(document.activeElement);
    this.#active = clamp(this.#active, 0, Math.max(0, total - 1));
    const wanted = [];
    for (let index = first; index <= last; index += 1) wanted.push(index);
    // The card with the focus exists wherever it is: else the focus would be lost by scrolling.
    if (total && this.#active < first) wanted.unshift(this.#active);
    if (total && this.#active > last) wanted.push(this.#active);
    this.#place(wanted);
    if (held && !this.#list.contains(document.activeElement))
      this.#activeCard()?.button.focus({ preventScroll: true });
    this.#remember();
  }

  /** @param {number[]} wanted */
  #place(wanted) {
    const { columns, width, rowHeight, gap } = this.#layout;
    /** @type {Map<string, Card>} */
    const kept = new Map();
    const cards = wanted.map((index) => {
      const item = this.#collection.at(index);
      const vacant = vacancy(index);
      const id = item?.key ?? vacant;
      let card = this.#cards.get(id);
      if (!card && item) {
        // A card that waited at this place for its original becomes that original's.
        card = this.#cards.get(vacant);
        if (card) this.#cards.delete(vacant);
      }
      card ??= this.#made(Boolean(item));
      kept.set(id, card);
      const x = (index % columns) * (width + gap);
      card.move(index, this.#collection.total, { x, y: Math.floor(index / columns) * rowHeight, width });
      if (item) card.show(item, this.#options.local(item.key));
      else card.blank();
      const active = index === this.#active;
      if (active && this.#engaged) this.#activeKey = item?.key ?? "";
      card.button.tabIndex = active ? 0 : -1;
      return card;
    });
    for (const [id, card] of this.#cards) if (kept.get(id) !== card) card.node.remove();
    this.#cards = kept;
    this.#greet = this.#collection.known;
    cards.forEach((card, n) => {
      const there = this.#list.children[n];
      if (there !== card.node) this.#list.insertBefore(card.node, there ?? null);
    });
  }

  /** @param {boolean} arrived */
  #made(arrived) {
    const card = new Card();
    if (arrived && this.#greet) {
      card.node.classList.add("fresh");
      setTimeout(() => card.node.classList.remove("fresh"), FRESH);
    }
    return card;
  }

  #activeCard() {
    return [...this.#cards.values()].find((card) => card.index === this.#active);
  }

  /** Another question was asked: its answer is looked at from its beginning. */
  #restart() {
    this.#engaged = false;
    this.#active = 0;
    this.#activeKey = "";
    const { top, covered } = this.#window();
    if (top + covered > 0) scrollBy({ top: -(top + covered), behavior: "instant" });
  }

  /** After the list's order may have changed: the focus stays with its original, the window with its own. */
  #renewed() {
    const active = this.#collection.indexOf(this.#activeKey);
    if (active >= 0) this.#active = active;
    if (!this.#anchor) return;
    const index = this.#collection.indexOf(this.#anchor.key);
    const moved = Math.floor(index / this.#layout.columns) - this.#anchor.row;
    if (index < 0 || moved === 0) return;
    const rows = Math.ceil(this.#collection.total / this.#layout.columns);
    this.#list.style.height = `${rows * this.#layout.rowHeight}px`;
    scrollBy(0, moved * this.#layout.rowHeight);
  }

  /** Which original the window begins with, unless it is at the top, where new ones are welcome. */
  #remember() {
    const { first } = this.#window();
    const item = first > 0 ? this.#collection.at(first * this.#layout.columns) : undefined;
    this.#anchor = item ? { key: item.key, row: first } : null;
  }

  /** @param {number} index */
  #go(index) {
    this.#engaged = true;
    this.#active = clamp(index, 0, Math.max(0, this.#collection.total - 1));
    this.#activeKey = this.#collection.at(this.#active)?.key ?? "";
    this.#reveal(this.#active);
    this.#draw();
    this.#activeCard()?.button.focus({ preventScroll: true });
  }

  /** @param {number} index */
  #reveal(index) {
    const { columns, rowHeight, gap } = this.#layout;
    const { top, covered } = this.#window();
    const start = Math.floor(index / columns) * rowHeight;
    const above = start - gap - (top + covered);
    const below = start + rowHeight - (top + innerHeight);
    if (above < 0) scrollBy({ top: above, behavior: "instant" });
    else if (below > 0) scrollBy({ top: Math.min(below, above), behavior: "instant" });
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { columns } = this.#layout;
    const page = columns * Math.max(1, Math.floor(this.#window().rows) - 1);
    const last = this.#collection.total - 1;
    const target = {
      ArrowRight: this.#active + 1,
      ArrowLeft: this.#active - 1,
      ArrowDown: this.#active + columns > last ? this.#active : this.#active + columns,
      ArrowUp: this.#active - columns < 0 ? this.#active : this.#active - columns,
      PageDown: Math.min(last, this.#active + page),
      PageUp: Math.max(0, this.#active - page),
      Home: 0,
      End: last,
    }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    this.#go(target);
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const card = this.#cardOf(event.target);
    if (card?.item) this.#options.open(card.item.key);
  }

  /** @param {FocusEvent} event */
  #onFocus(event) {
    const card = this.#cardOf(event.target);
    if (!card) return;
    this.#engaged = true;
    this.#active = card.index;
    this.#activeKey = card.item?.key ?? "";
    for (const each of this.#cards.values()) each.button.tabIndex = each === card ? 0 : -1;
  }

  /** @param {EventTarget | null} target */
  #cardOf(target) {
    const node = target instanceof Element ? target.closest("li") : null;
    return [...this.#cards.values()].find((card) => card.node === node);
  }
}

/** @param {number} index */
function vacancy(index) {
  return `\0${index}`; // no key has a zero in it
}

/**
 * @param {number} value
 * @param {number} least
 * @param {number} most
 */
function clamp(value, least, most) {
  return Math.max(least, Math.min(most, value));
}
