/** The detail view's panel: what was made, what it took, what the original was, and how to use it. */

import { copyButton } from "./copy.js";
import { element, icon } from "./dom.js";
import * as say from "./format.js";

/**
 * @typedef {import("./api.js").Original} Original
 * @typedef {import("./api.js").Output} Output
 */

const LEAST = 0.02; // of the whole: a stage that took less would not be seen

/**
 * Every rendition in every format, of which one is shown.
 *
 * @param {Original} original
 * @param {string} chosen
 * @param {(output: Output) => void} choose
 */
export function made(original, chosen, choose) {
  const rows = original.outputs.map((output, n) => {
    const name = `${output.rendition} · ${say.format(output.format)}`;
    const title = element(
      "span",
      { class: "title" },
      element("b", {}, output.rendition),
      " ",
      say.format(output.format),
    );
    if (!output.url) {
      return element(
        "li",
        { class: "missing" },
        title,
        element("span", { class: "note" }, `Not made: ${say.phrase(output.reason ?? "unknown")}`),
      );
    }
    const input = element("input", {
      type: "radio",
      name: "output",
      id: `output-${n}`,
      checked: name === chosen,
    });
    input.addEventListener("change", () => choose(output));
    const share = Math.min(1, (output.bytes ?? 0) / Math.max(1, original.bytes));
    const bar = element("i", { class: "share", "aria-hidden": "true" });
    bar.style.setProperty("--share", String(share));
    return element(
      "li",
      {},
      element(
        "label",
        {},
        input,
        element(
          "span",
          { class: "output" },
          title,
          element("span", { class: "weight" }, say.bytes(output.bytes ?? 0)),
          element(
            "span",
            { class: "note" },
            [say.size(output.width ?? 0, output.height ?? 0), ...(output.notes ?? []).map(say.phrase)].join(
              " · ",
            ),
          ),
          element("span", { class: "saving" }, say.saving(output.bytes ?? 0, original.bytes)),
          bar,
        ),
      ),
    );
  });
  const list = element("ul", { class: "outputs" }, ...rows);
  return element("fieldset", {}, element("legend", {}, element("h3", {}, "Renditions")), list);
}

/**
 * What a page needs to show the picture.
 *
 * @param {Original} original
 * @param {() => Output | undefined} output
 */
export function usage(original, output) {
  const url = () => new URL(output()?.url ?? "", location.href);
  const address = copyButton("Copy URL", "URL", () => {
    const { origin, pathname } = url();
    return origin + pathname;
  });
  address.id = "copy-url";
  const snippet = copyButton("Copy snippet", "Snippet", () => original.snippet);
  snippet.id = "copy-snippet";
  const open = element(
    "button",
    { class: "button slim", type: "button", title: "Open in a tab of its own" },
    icon("open"),
    element("span", { class: "hushed" }, "Open in a tab of its own"),
  );
  open.addEventListener("click", () => globalThis.open(url(), "_blank", "noopener"));
  return element(
    "section",
    { "aria-label": "Use it" },
    element("h3", {}, "Use it"),
    element(
      "pre",
      { tabindex: 0, role: "region", "aria-label": "Snippet" },
      element("code", {}, original.snippet),
    ),
    element("p", { class: "acts" }, snippet, address, open),
  );
}

/**
 * Where the time went.
 *
 * @param {Record<string, number>} timings
 */
export function stages(timings) {
  const all = Object.entries(timings).toSorted(([, a], [, b]) => b - a);
  const sum = all.reduce((total, [, time]) => total + time, 0);
  if (!sum) return [];
  const bar = element("div", { class: "times", "aria-hidden": "true" });
  for (const [n, [, time]] of all.entries()) {
    if (time / sum < LEAST) continue;
    const piece = element("i");
    piece.style.flexGrow = String(time / sum);
    piece.style.opacity = String(Math.max(0.18, 1 - 0.24 * n));
    bar.append(piece);
  }
  const list = element(
    "dl",
    {},
    ...all.flatMap(([name, time]) => [
      element("dt", {}, stageName(name)),
      element("dd", {}, say.milliseconds(time)),
    ]),
  );
  return [
    element(
      "section",
      { "aria-label": "Time" },
      element("h3", {}, "Time ", element("span", {}, say.milliseconds(sum))),
      bar,
      list,
    ),
  ];
}

/** @param {Original} original */
export function about(original) {
  const source = original.manifest?.source ?? {};
  const engine = Object.entries(original.manifest?.engine ?? {}).map(
    ([name, version]) => `${name} ${version}`,
  );
  /** @type {[string, string | number | null | undefined | false][]} */
  const facts = [
    ["Format", original.format && say.format(original.format)],
    ["Size", original.width && original.height && say.size(original.width, original.height)],
    ["Bytes", say.bytes(original.bytes)],
    ["Frames", (original.frames ?? 1) > 1 && original.frames],
    [
      "Colour space",
      source.colour_space &&
        [source.colour_space, source.bits && `${source.bits} bits`].filter(Boolean).join(", "),
    ],
    ["Transparency", source.has_alpha && "yes"],
    ["Orientation", source.orientation > 1 && `turned upright (EXIF ${source.orientation})`],
    [
      "Changed",
      new Date(1000 * original.changed).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" }),
    ],
    ["Made by", engine.join(", ")],
  ];
  const list = facts.flatMap(([name, value]) =>
    value ? [element("dt", {}, name), element("dd", {}, String(value))] : [],
  );
  const stripped = original.metadata.length > 0 && [
    element("dt", {}, "Stripped"),
    element(
      "dd",
      {},
      element(
        "ul",
        { class: "tags" },
        ...original.metadata.map((name) =>
          element("li", {}, name === "gps" ? "GPS place" : name.toUpperCase()),
        ),
      ),
    ),
  ];
  return element(
    "section",
    { "aria-label": "Original" },
    element("h3", {}, "Original"),
    element("dl", {}, ...list, ...(stripped || [])),
  );
}

/** @param {string} name such as "encode.webp" */
function stageName(name) {
  const [step, format] = name.split(".");
  const words = step.charAt(0).toUpperCase() + step.slice(1);
  return format ? `${words} ${say.format(format)}` : words;
}
