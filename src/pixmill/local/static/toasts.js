/** Short messages at the edge of the window, which are read aloud as well. */

import { ApiError } from "./api.js";
import { element, hushed, icon, part } from "./dom.js";

const STAY = 5000; // milliseconds
const MOST = 4;

/**
 * Say that something went as it should.
 *
 * @param {string} words
 */
export function toast(words) {
  const made = element("p", { class: "toast" }, icon("check"), words);
  show("toasts-calm", made);
  setTimeout(() => made.remove(), STAY);
}

/**
 * Say what went wrong. It stays until it is closed.
 *
 * @param {unknown} error
 */
export function complain(error) {
  if (!(error instanceof ApiError)) {
    console.error(error);
    complain(new ApiError("page-error", "The page made a mistake.", "Load it again; the console says more."));
    return;
  }
  const made = element("div", { class: "toast alarming" }, icon("warning"), explained(error));
  const close = element(
    "button",
    { class: "plain round", type: "button", onclick: () => made.remove() },
    icon("close"),
  );
  close.append(hushed("Close this message"));
  made.append(close);
  show("toasts-loud", made);
}

/**
 * An error as it is shown everywhere: the sentence, its code, and the hint.
 *
 * @param {import("./api.js").Reason} error
 */
export function explained({ code, message, hint }) {
  return element(
    "div",
    { class: "explained" },
    element("p", {}, element("b", {}, message), " ", element("code", {}, code)),
    hint && element("p", {}, hint),
  );
}

/**
 * Open a dialog. While it is open everything else is out of reach, so the messages move into it.
 *
 * @param {HTMLDialogElement} dialog
 */
export function openDialog(dialog) {
  if (!dialog.open) dialog.showModal();
  dialog.append(part("toasts", HTMLElement));
}

/** After a dialog was closed: the messages move to what is in front now. */
export function dialogClosed() {
  (document.querySelector("dialog[open]") ?? document.body).append(part("toasts", HTMLElement));
}

/**
 * @param {string} region
 * @param {HTMLElement} made
 */
function show(region, made) {
  const list = part(region, HTMLDivElement);
  list.append(made);
  while (list.children.length > MOST) list.firstElementChild?.remove();
}
