/** Numbers and names as people read them. */

const COUNT = new Intl.NumberFormat("en");
const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** @param {number} count */
export function number(count) {
  return COUNT.format(count);
}

/**
 * Bytes in thousands, with three digits that matter: "30.7 kB".
 *
 * @param {number} count
 */
export function bytes(count) {
  let value = Math.abs(count);
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/**
 * What was saved against the original: "−91 %", or "+4 %" when it became larger.
 *
 * @param {number} now
 * @param {number} before
 */
export function saving(now, before) {
  if (before <= 0) return "";
  const change = Math.round((100 * (now - before)) / before);
  if (change === 0) return "±0 %";
  return change < 0 ? `−${-change} %` : `+${COUNT.format(change)} %`;
}

/**
 * @param {number} width
 * @param {number} height
 */
export function size(width, height) {
  return `${width} × ${height}`;
}

/** @param {number} count */
export function milliseconds(count) {
  if (count >= 1000) return `${(count / 1000).toFixed(2)} s`;
  return `${count >= 99.5 ? Math.round(count) : Number(count.toPrecision(2))} ms`;
}

/**
 * One thing or several of it.
 *
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 */
export function counted(count, one, many = `${one}s`) {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/**
 * A key as its folder, with the slash, and its name.
 *
 * @param {string} key
 */
export function split(key) {
  const at = key.lastIndexOf("/") + 1;
  return { folder: key.slice(0, at), name: key.slice(at) };
}

/**
 * A folder by the end of its path, where folders differ; a bucket's URL as it is.
 *
 * @param {string} name
 */
export function place(name) {
  return name.includes("://") ? name : name.split(/[\\/]/).filter(Boolean).slice(-2).join("/");
}

const FORMATS = new Map([
  ["jpeg", "JPEG"],
  ["webp", "WebP"],
  ["avif", "AVIF"],
  ["png", "PNG"],
  ["gif", "GIF"],
  ["heic", "HEIC"],
  ["tiff", "TIFF"],
  ["original", "as the original"],
]);

/** @param {string} name */
export function format(name) {
  return FORMATS.get(name) ?? name.toUpperCase();
}

/**
 * A word of the manifest as a phrase: "larger-than-original" is "larger than the original".
 *
 * @param {string} word
 */
export function phrase(word) {
  return word.replaceAll("-", " ").replace("than original", "than the original");
}
