/** What a recipe would make of one picture, beside what there is now. */

import { element } from "./dom.js";
import * as say from "./format.js";

/** @typedef {import("./api.js").Output} Output */

/**
 * @param {{ outputs: Output[], timings_ms: Record<string, number> }} made
 * @param {Output[]} now
 */
export function previewed({ outputs, timings_ms: timings }, now) {
  const is = (/** @type {Output} */ a) => (/** @type {Output} */ b) =>
    a.rendition === b.rendition && a.format === b.format;
  const gone = now.filter((output) => output.url && !outputs.some(is(output)));
  const time = Object.values(timings).reduce((sum, each) => sum + each, 0);
  return [
    element(
      "ul",
      { class: "previews" },
      ...outputs.map((output) => element("li", {}, figure(output, now.find(is(output))))),
    ),
    gone.length > 0 && element("p", { class: "still" }, `No longer made: ${gone.map(title).join(", ")}.`),
    element("p", { class: "still" }, `Made in ${say.milliseconds(time)}.`),
  ].filter((part) => part !== false);
}

/**
 * @param {Output} output
 * @param {Output | undefined} before
 */
function figure(output, before) {
  const { url, width, height, bytes, reason } = output;
  const head = element("b", {}, title(output));
  if (!url || !width || !height || bytes === null) {
    return element(
      "figure",
      {},
      element("figcaption", {}, head, element("span", {}, `Not made: ${say.phrase(reason ?? "unknown")}`)),
    );
  }
  const image = element("img", { src: url, width, height, alt: title(output), decoding: "async" });
  return element(
    "figure",
    {},
    image,
    element(
      "figcaption",
      {},
      head,
      element("span", {}, `${say.size(width, height)} · ${say.bytes(bytes)}`),
      difference(output, before),
    ),
  );
}

/**
 * @param {Output} output
 * @param {Output | undefined} before
 */
function difference(output, before) {
  if (!before?.url || before.bytes === null) return element("span", { class: "change" }, "new");
  const same =
    before.bytes === output.bytes && before.width === output.width && before.height === output.height;
  if (same) return element("span", {}, "as it is now");
  const size =
    before.width === output.width && before.height === output.height
      ? ""
      : `${say.size(before.width ?? 0, before.height ?? 0)}, `;
  return element(
    "span",
    { class: "change" },
    `${say.saving(output.bytes ?? 0, before.bytes)} (now ${size}${say.bytes(before.bytes)})`,
  );
}

/** @param {Output} output */
function title(output) {
  return `${output.rendition} ${say.format(output.format)}`;
}
