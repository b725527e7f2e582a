/** Files that people bring: dropped (whole folders too), pasted, or picked. */

import { part } from "./dom.js";
import { complain } from "./toasts.js";

/** @typedef {{ path: string, file: File }} Brought */

/**
 * Take files wherever they come from.
 *
 * @param {(brought: Brought[], left: number) => void} take `left`: hidden files, which nobody meant to bring
 */
export function takeFiles(take) {
  const give = (/** @type {Brought[]} */ all) => {
    const meant = all.filter(({ path }) => !isHidden(path));
    take(meant, all.length - meant.length);
  };
  dropping(give);
  pasting(give);
  picking(give);
}

/** @param {(brought: Brought[]) => void} give */
function dropping(give) {
  const sign = part("drop", HTMLDivElement);
  let depth = 0;
  const over = (/** @type {number} */ now) => {
    depth = Math.max(0, now);
    sign.hidden = depth === 0;
  };
  addEventListener("dragenter", (event) => {
    if (hasFiles(event)) over(depth + 1);
  });
  addEventListener("dragleave", (event) => {
    if (hasFiles(event)) over(depth - 1);
  });
  addEventListener("dragover", (event) => {
    if (!hasFiles(event) || !event.dataTransfer) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
  });
  addEventListener("drop", (event) => {
    if (!hasFiles(event) || !event.dataTransfer) return;
    event.preventDefault();
    over(0);
    // The list is emptied when this handler returns: what is in it must be taken now.
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry());
    const files = [...event.dataTransfer.files].map((file) => ({ path: file.name, file }));
    if (entries.some((entry) => entry?.isDirectory)) walked(entries).then(give, complain);
    else give(files);
  });
}

/** @param {(brought: Brought[]) => void} give */
function pasting(give) {
  addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    // Every screenshot is called image.png.
    const time = new Date().toISOString().slice(0, 19).replace("T", " ").replaceAll(":", ".");
    give(files.map((file) => ({ path: file.name === "image.png" ? `pasted ${time}.png` : file.name, file })));
  });
}

/** @param {(brought: Brought[]) => void} give */
function picking(give) {
  for (const kind of ["files", "folder"]) {
    const input = part(kind, HTMLInputElement);
    input.addEventListener("change", () => {
      give([...(input.files ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file })));
      input.value = ""; // so that the same files can be picked again
    });
    for (const button of document.querySelectorAll(`#add-${kind}, [data-add=${kind}]`)) {
      button.addEventListener("click", () => input.click());
    }
  }
}

/**
 * All files of the entries, folders walked to their ends.
 *
 * @param {(FileSystemEntry | null)[]} entries
 * @returns {Promise<Brought[]>}
 */
async function walked(entries) {
  /** @type {Brought[]} */
  const found = [];
  for (const entry of entries) {
    // Not every browser has these two classes by name.
    if (entry?.isFile) {
      found.push({
        path: entry.fullPath.replace(/^\//, ""),
        file: await read(/** @type {FileSystemFileEntry} */ (entry)),
      });
    } else if (entry?.isDirectory) {
      const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
      found.push(...(await walked(await listed(reader))));
    }
  }
  return found;
}

/**
 * @param {FileSystemFileEntry} entry
 * @returns {Promise<File>}
 */
function read(entry) {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/**
 * @param {FileSystemDirectoryReader} reader
 * @returns {Promise<FileSystemEntry[]>}
 */
async function listed(reader) {
  const all = [];
  for (;;) {
    // A reader gives a hundred at a time, and none when there are no more.
    const some = await new Promise((/** @type {(entries: FileSystemEntry[]) => void} */ resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (!some.length) return all;
    all.push(...some);
  }
}

/** @param {DragEvent} event */
function hasFiles(event) {
  return event.dataTransfer?.types.includes("Files") ?? false;
}

/** @param {string} path */
function isHidden(path) {
  return path
    .split("/")
    .some((name) => name.startsWith(".") || name === "Thumbs.db" || name === "desktop.ini");
}
