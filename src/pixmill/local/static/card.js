/** One original in the gallery. */

import { element, icon } from "./dom.js";
import * as say from "./format.js";
import { draw } from "./thumbhash.js";

/** @typedef {import("./api.js").Item} Item */

const STATUS = {
  complete: "",
  rejected: "Rejected",
  failed: "Failed",
  working: "Working",
  waiting: "Waiting",
};

export class Card {
  /** @type {Item | undefined} */
  item;
  index = -1;
  /** Whether its picture stands for one that has not been made yet. */
  #shows = "";
  #name = element("span", { class: "name" });
  #facts = element("span", { class: "facts" });
  #mat = element("span", { class: "mat" });
  /** @type {HTMLElement | null} */
  #badge = null;
  /** @type {HTMLElement | null} */
  #picture = null;
  button = element(
    "button",
    { type: "button", tabindex: -1 },
    this.#mat,
    element("span", { class: "words" }, this.#name, this.#facts),
  );
  node = element("li", { class: "card blank" }, this.button);

  /**
   * @param {Item} item
   * @param {string | undefined} local a URL of the same picture on this side, until the server has one
   */
  show(item, local) {
    if (item === this.item && !local) return;
    const before = this.item;
    this.item = item;
    this.node.classList.remove("blank");
    this.node.dataset.status = item.status;
    this.node.dataset.key = item.key;
    this.button.removeAttribute("aria-label");
    if (before?.key !== item.key) this.#entitle(item.key);
    this.#facts.replaceChildren(...facts(item));
    this.#mark(item);
    this.#depict(item, local);
  }

  /** What stands where an original is known to be and has not arrived yet. */
  blank() {
    this.button.setAttribute("aria-label", "Loading");
  }

  /**
   * @param {number} index
   * @param {number} total
   * @param {{ x: number, y: number, width: number }} place
   */
  move(index, total, place) {
    this.index = index;
    this.node.setAttribute("aria-posinset", String(index + 1));
    this.node.setAttribute("aria-setsize", String(total));
    this.node.style.width = `${place.width}px`;
    this.node.style.transform = `translate(${place.x}px, ${place.y}px)`;
  }

  /** @param {string} key */
  #entitle(key) {
    const { folder, name } = say.split(key);
    this.#name.replaceChildren(...(folder ? [element("i", {}, folder)] : []), element("b", {}, name));
    this.button.title = key;
  }

  /** @param {Item} item */
  #mark(item) {
    this.#badge?.remove();
    this.#badge = null;
    const words = STATUS[item.status];
    if (!words) return;
    const bad = item.status === "rejected" || item.status === "failed";
    this.#badge = element("span", { class: "badge" }, bad ? icon("warning") : element("i"), words);
    this.#mat.append(this.#badge);
  }

  /**
   * The picture's place has its shape from the start, so nothing moves when it arrives.
   *
   * @param {Item} item
   * @param {string | undefined} local
   */
  #depict(item, local) {
    const url = item.thumbnail?.url ?? local ?? "";
    const shows = `${item.placeholder?.thumbhash ?? ""} ${url}`;
    if (shows === this.#shows && this.#mat.firstChild) return;
    this.#shows = shows;
    const old = this.#picture;
    const width = item.width ?? item.thumbnail?.width ?? 1;
    const height = item.height ?? item.thumbnail?.height ?? 1;
    if (!url && !item.placeholder) {
      this.#picture = null;
      old?.remove();
      if (!this.#mat.querySelector(":scope > svg")) this.#mat.prepend(icon("image"));
      return;
    }
    this.#mat.querySelector(":scope > svg")?.remove();
    const picture = element("span", { class: `picture ${width >= height ? "wide" : "tall"}` });
    picture.style.aspectRatio = `${width} / ${height}`;
    const canvas = item.placeholder && element("canvas");
    if (canvas && item.placeholder) {
      draw(canvas, item.placeholder.thumbhash);
      picture.append(canvas);
    }
    this.#picture = picture;
    if (old && url) {
      // The old picture stays until the new one has come, else there would be a flash.
      old.replaceWith(old, picture);
      picture.hidden = true;
    } else {
      old?.remove();
      this.#mat.prepend(picture);
    }
    if (!url) return;
    const image = element("img", { alt: "", decoding: "async", draggable: "false" });
    const settle = () => {
      picture.hidden = false;
      if (old?.isConnected) old.remove();
    };
    image.addEventListener("load", () => {
      settle();
      image.classList.add("shown");
      if (!item.width) picture.style.aspectRatio = `${image.naturalWidth} / ${image.naturalHeight}`;
      if (!item.width)
        picture.className = `picture ${image.naturalWidth >= image.naturalHeight ? "wide" : "tall"}`;
      // A placeholder would shine through a transparent picture.
      canvas?.remove();
      picture.classList.toggle("solid", item.format === "jpeg" || item.format === "heic");
    });
    image.addEventListener("error", settle);
    image.src = url;
    picture.append(image);
  }
}

/** @param {Item} item */
function facts(item) {
  if (item.reason) return [item.reason.message];
  const parts = [];
  if (item.width && item.height) parts.push(say.size(item.width, item.height));
  else parts.push(say.bytes(item.bytes));
  if (item.status !== "complete") return [parts.join(" · ")];
  return [
    `${parts.join(" · ")} · `,
    element("span", { class: "more" }, `${say.counted(item.renditions, "file")} · `),
    element("b", {}, say.bytes(item.bytes_out)),
  ];
}
