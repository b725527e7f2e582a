/** Elements from code. Text goes in as text: nothing here parses markup. */

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * An element with attributes, listeners (`onclick`, ...) and children.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean | null | undefined | ((event: any) => void)>} [attributes]
 *     `true` sets an attribute without a value; `false` and nothing leave it out.
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.filter(isShown));
  return made;
}

/**
 * A sign of icons.svg. It says nothing: whoever holds it has words of its own.
 *
 * @param {string} name
 * @returns {SVGSVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/static/icons.svg#${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

/**
 * The element with an id that index.html promises.
 *
 * @template {HTMLElement} Kind
 * @param {string} id
 * @param {new () => Kind} kind
 * @returns {Kind}
 */
export function part(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`index.html has no ${kind.name} #${id}`);
  return found;
}

/**
 * Words for those who listen only.
 *
 * @param {string} words
 */
export function hushed(words) {
  return element("span", { class: "hushed" }, words);
}

/**
 * A function that waits until it has not been called for a while.
 *
 * @template {unknown[]} Arguments
 * @param {number} milliseconds
 * @param {(...given: Arguments) => void} act
 */
export function settled(milliseconds, act) {
  let timer = 0;
  return (/** @type {Arguments} */ ...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...given), milliseconds);
  };
}

/**
 * A function that acts at once and then at most so often; the last call is never lost.
 *
 * @param {number} milliseconds
 * @param {() => void} act
 */
export function paced(milliseconds, act) {
  let last = -Infinity;
  let timer = 0;
  return () => {
    if (timer) return;
    const wait = last + milliseconds - performance.now();
    const now = () => {
      timer = 0;
      last = performance.now();
      act();
    };
    if (wait <= 0) now();
    else timer = setTimeout(now, wait);
  };
}

/**
 * @param {Child} child
 * @returns {child is Node | string}
 */
function isShown(child) {
  return child !== null && child !== undefined && child !== false;
}
