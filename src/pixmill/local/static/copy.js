/** Buttons that copy. */

import { element, icon } from "./dom.js";
import { toast } from "./toasts.js";

/**
 * @param {string} words what the button says
 * @param {string} what what is copied, for the message
 * @param {() => string} text
 */
export function copyButton(words, what, text) {
  const act = async () => {
    await copied(text(), button);
    toast(`${what} copied.`);
  };
  const button = element(
    "button",
    { class: "button", type: "button", onclick: () => void act() },
    icon("copy"),
    words,
  );
  return button;
}

/**
 * @param {string} text
 * @param {HTMLElement} beside
 */
async function copied(text, beside) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  // Without TLS a page from elsewhere has no clipboard of its own; a selection can still be copied.
  const area = element("textarea", { readonly: true, class: "hushed" }, text);
  beside.after(area);
  area.select();
  document.execCommand("copy");
  area.remove();
  beside.focus();
}
