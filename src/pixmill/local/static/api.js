/** The server's answers, and its errors as one kind of error. */

/**
 * @typedef {{ code: string, message: string, hint: string }} Reason
 * @typedef {"complete" | "rejected" | "working" | "waiting" | "failed"} Status
 * @typedef {{ thumbhash: string, colour: string }} Placeholder
 * @typedef {{
 *   key: string, etag: string, status: Status, bytes: number, format: string | null, width: number | null,
 *   height: number | null, frames: number | null, placeholder: Placeholder | null,
 *   thumbnail: { url: string, width: number, height: number } | null, renditions: number, bytes_out: number,
 *   reason: Reason | null, changed: number }} Item
 * @typedef {{
 *   rendition: string, format: string, key: string | null, url: string | null, width: number | null,
 *   height: number | null, bytes: number | null, media_type: string | null, frames?: number | null,
 *   notes?: string[], reason: string | null }} Output
 * @typedef {{ source?: Record<string, any>, engine?: Record<string, string>, recipe?: string }} Manifest
 * @typedef {Item & {
 *   manifest: Manifest | null, original_url: string, outputs: Output[], timings_ms: Record<string, number>,
 *   metadata: string[], snippet: string }} Original
 * @typedef {{
 *   originals: number, complete: number, rejected: number, working: number, waiting: number, failed: number,
 *   renditions: number, bytes_in: number, bytes_out: number, per_second: number,
 *   trouble?: Reason | null }} Totals
 * @typedef {{ name: string | null, text: string, kind: string, fingerprint: string, editable: boolean }} Recipe
 * @typedef {{
 *   source: string, destination: string, recipe: Recipe, limits: { max_bytes: number }, totals: Totals,
 *   version: string, writable: boolean }} State
 * @typedef {{ status: string, search: string, sort: string }} Query
 * @typedef {{ path: string, message: string, line?: number | null }} Problem
 */

/** What the server refused, or that it could not be reached. */
export class ApiError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {string} [hint]
   * @param {Problem[]} [problems]
   */
  constructor(code, message, hint = "", problems = []) {
    super(message);
    this.code = code;
    this.hint = hint;
    this.problems = problems;
  }
}

const WRITING = { "X-Pixmill": "1" };

/** @param {string} key */
const segment = (key) => encodeURIComponent(key.toWellFormed());

/** @returns {Promise<State>} */
export const state = () => json("/api/state");

/**
 * A stretch of the originals that fit a query.
 *
 * @param {Query} query
 * @param {number} offset
 * @param {number} limit
 * @returns {Promise<{ total: number, items: Item[] }>}
 */
export function originals(query, offset, limit) {
  return json(`/api/originals?${new URLSearchParams({ ...query, offset: `${offset}`, limit: `${limit}` })}`);
}

/**
 * @param {string} key
 * @returns {Promise<Original>}
 */
export const original = (key) => json(`/api/originals/${segment(key)}`);

/** @param {string} key */
export const retry = (key) => write("POST", `/api/originals/${segment(key)}/retry`);

/** @param {string} key */
export const remove = (key) => write("DELETE", `/api/originals/${segment(key)}`);

/**
 * @param {string} text
 * @returns {Promise<{ ok: boolean, problems: Problem[], summary: string }>}
 */
export const check = (text) => write("POST", "/api/recipe/check", { text });

/**
 * @param {string} key
 * @param {string} text
 * @returns {Promise<{ outputs: Output[], timings_ms: Record<string, number>, reason?: Reason | null }>}
 */
export const preview = (key, text) => write("POST", "/api/preview", { key, text });

/**
 * @param {string} text
 * @returns {Promise<Recipe>}
 */
export const apply = (text) => write("PUT", "/api/recipe", { text });

/**
 * Send one file, with its progress.
 *
 * @param {string} path its name, with the folders it was dropped in
 * @param {File} file
 * @param {(fraction: number) => void} progressed
 * @param {AbortSignal} signal
 * @returns {Promise<{ key: string }>}
 */
export function upload(path, file, progressed, signal) {
  // fetch() does not tell how much of a body has been sent.
  const request = new XMLHttpRequest();
  const segments = path.split("/").map(segment);
  return new Promise((resolve, reject) => {
    request.open("PUT", `/api/uploads/${segments.at(-1)}`);
    request.responseType = "text";
    request.setRequestHeader("X-Pixmill", WRITING["X-Pixmill"]);
    request.setRequestHeader("X-Pixmill-Path", segments.join("/"));
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progressed(event.loaded / Math.max(1, event.total));
    });
    request.addEventListener("load", () => {
      if (request.status < 300) resolve(JSON.parse(request.responseText));
      else reject(refusal(request.status, request.responseText));
    });
    request.addEventListener("error", () => reject(unreachable()));
    request.addEventListener("abort", () => reject(new ApiError("cancelled", "The upload was cancelled.")));
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 */
function write(method, path, body) {
  const headers = body === undefined ? WRITING : { ...WRITING, "Content-Type": "application/json" };
  return json(path, { method, headers, body: body === undefined ? null : JSON.stringify(body) });
}

/**
 * @param {string} path
 * @param {RequestInit} [request]
 */
async function json(path, request = {}) {
  let answer;
  let text;
  try {
    answer = await fetch(path, { cache: "no-store", ...request });
    text = await answer.text();
  } catch (error) {
    if (error instanceof TypeError) throw unreachable();
    throw error;
  }
  if (!answer.ok) throw refusal(answer.status, text);
  return text ? JSON.parse(text) : null;
}

/**
 * @param {number} status
 * @param {string} text
 */
function refusal(status, text) {
  try {
    const said = JSON.parse(text);
    return new ApiError(
      said.code ?? `http-${status}`,
      said.message ?? `The server answered ${status}.`,
      said.hint,
      said.problems,
    );
  } catch (error) {
    if (error instanceof SyntaxError) return new ApiError(`http-${status}`, `The server answered ${status}.`);
    throw error;
  }
}

function unreachable() {
  return new ApiError(
    "no-connection",
    "The server did not answer.",
    "Look whether `pixmill serve` still runs.",
  );
}
