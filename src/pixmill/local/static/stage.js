/** The picture of the detail view: at true size, fitted, or laid over another to compare. */

import { element } from "./dom.js";

/** @typedef {{ name: string, url: string, width: number, height: number }} Shown */

const MODES = /** @type {const} */ ([
  ["true", "True size"],
  ["fit", "Fit"],
  ["compare", "Compare"],
]);

export class Stage {
  /** @type {"true" | "fit" | "compare"} */
  #mode = "fit";
  /** @type {Shown | null} */
  #shown = null;
  /** @type {Shown[]} */
  #others = [];
  #place = element("div", { class: "place", role: "region", "aria-label": "Picture", tabindex: 0 });
  #with = element("select", { "aria-label": "Compare with" });
  #withLabel = element("label", { class: "with", hidden: true }, "with ", this.#with);
  #views = element("div", { class: "views" });
  #compare;
  /** @type {HTMLInputElement[]} */
  #radios;
  node;

  constructor() {
    const radios = MODES.map(([value, words]) => {
      const input = element("input", { type: "radio", name: "mode", value, checked: value === this.#mode });
      input.addEventListener("change", () => {
        this.#mode = value;
        this.#draw();
      });
      return { input, label: element("label", {}, input, element("span", {}, words)) };
    });
    this.#compare = radios[2].input;
    const modes = element(
      "fieldset",
      { class: "segments" },
      element("legend", { class: "hushed" }, "View"),
      ...radios.map(({ label }) => label),
    );
    this.#with.addEventListener("change", () => this.#draw());
    this.#views.append(modes, this.#withLabel);
    this.node = element("div", { class: "stage" }, this.#place, this.#views);
    this.#radios = radios.map(({ input }) => input);
  }

  /**
   * @param {Shown | null} shown
   * @param {Shown[]} others what it can be compared with, the best first
   */
  show(shown, others) {
    const chosen = this.#with.value;
    this.#shown = shown;
    this.#others = others;
    this.#with.replaceChildren(...others.map(({ name, url }) => element("option", { value: url }, name)));
    if (others.some(({ url }) => url === chosen)) this.#with.value = chosen;
    this.#compare.disabled = !others.length;
    if (!others.length && this.#mode === "compare") this.#mode = "fit";
    for (const radio of this.#radios) radio.checked = radio.value === this.#mode;
    this.#draw();
  }

  /** Something in the picture's place that is no picture. */
  say(/** @type {Node} */ words) {
    this.#shown = null;
    this.#views.hidden = true;
    this.#place.className = "place";
    this.#place.setAttribute("aria-label", "Picture");
    this.#place.replaceChildren(words);
  }

  #draw() {
    const shown = this.#shown;
    if (!shown) return;
    this.#views.hidden = false;
    const other =
      this.#mode === "compare" ? this.#others.find(({ url }) => url === this.#with.value) : undefined;
    this.#withLabel.hidden = !other;
    this.#place.className = `place ${this.#mode}`;
    this.#place.replaceChildren(other ? slider(shown, other) : picture(shown));
    this.#place.setAttribute("aria-label", `Picture: ${shown.name}`);
  }
}

/** @param {Shown} shown */
function picture({ url, name, width, height }) {
  const image = element("img", { src: url, width, height, alt: name, decoding: "async" });
  image.style.setProperty("--w", String(width));
  image.style.setProperty("--h", String(height));
  return image;
}

/**
 * The other on the left, the shown one on the right, and an edge between them that moves.
 *
 * @param {Shown} shown
 * @param {Shown} other
 */
function slider(shown, other) {
  const range = element("input", {
    type: "range",
    min: 0,
    max: 100,
    value: 50,
    "aria-label": `${other.name} on the left, ${shown.name} on the right`,
  });
  const both = element(
    "div",
    { class: "both" },
    element("img", { src: other.url, alt: other.name, draggable: "false" }),
    element("img", { class: "after", src: shown.url, alt: shown.name, draggable: "false" }),
    range,
    element("i", { class: "edge", "aria-hidden": "true" }),
    element("span", { class: "side", "aria-hidden": "true" }, other.name),
    element("span", { class: "side right", "aria-hidden": "true" }, shown.name),
  );
  both.style.setProperty("--w", String(shown.width));
  both.style.setProperty("--h", String(shown.height));
  const move = () => {
    both.style.setProperty("--at", range.value);
    range.setAttribute("aria-valuetext", `${range.value} % ${other.name}`);
  };
  range.addEventListener("input", move);
  move();
  return both;
}
