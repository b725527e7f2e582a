/** The recipe editor: checked while it is typed, tried on one picture, then applied to all. */

import * as api from "./api.js";
import { element, hushed, icon, part, settled } from "./dom.js";
import { previewed } from "./preview.js";
import { complain, dialogClosed, explained, openDialog, toast } from "./toasts.js";

/** @typedef {import("./api.js").Problem} Problem */

const TYPING = 280; // milliseconds of rest after a key until the text is checked

export class RecipeEditor {
  #dialog = part("recipe", HTMLDialogElement);
  #name = element("span", {});
  #text = element("textarea", {
    id: "recipe-text",
    "aria-label": "Recipe",
    spellcheck: "false",
    autocomplete: "off",
    autocapitalize: "off",
    wrap: "off",
    "aria-describedby": "recipe-verdict",
  });
  #lines = element("div", { class: "lines", "aria-hidden": "true" });
  #verdict = element("div", { class: "verdict", id: "recipe-verdict", role: "status" });
  #elsewhere = element("p", { class: "elsewhere", role: "status", hidden: true });
  #result = element("div", {
    class: "result",
    "aria-live": "polite",
    role: "group",
    "aria-label": "Result",
    tabindex: 0,
  });
  #picture = element("p", { class: "subject" });
  #revert = element("button", { class: "button", type: "button" }, icon("again"), "Revert");
  #preview = element("button", { class: "button", type: "button" }, icon("image"), "Preview");
  #apply = element("button", { class: "button strong", type: "button" }, "Apply to all");
  /** @type {import("./api.js").Recipe | null} */
  #recipe = null;
  #key = "";
  #valid = true;
  #checks = 0;
  #options;

  /**
   * @param {{ subject: () => string, beside: (key: string, step: 1 | -1) => string | undefined }} options
   *     `subject` is the picture that the gallery has selected.
   */
  constructor(options) {
    this.#options = options;
    const close = element(
      "button",
      { class: "plain round", type: "button", title: "Close", onclick: () => this.#dialog.close() },
      icon("close"),
      hushed("Close"),
    );
    const step = (/** @type {1 | -1} */ by, /** @type {string} */ words) =>
      element(
        "button",
        { class: "plain round", type: "button", title: words, onclick: () => this.#another(by) },
        icon(by > 0 ? "next" : "previous"),
        hushed(words),
      );
    this.#dialog.append(
      element("div", { class: "top" }, element("h2", { id: "recipe-title" }, "Recipe ", this.#name), close),
      this.#elsewhere,
      element(
        "div",
        { class: "body" },
        element(
          "section",
          { class: "writing", "aria-label": "Text" },
          element("div", { class: "paper" }, this.#lines, this.#text),
          this.#verdict,
        ),
        element(
          "section",
          { class: "trying", "aria-label": "Preview" },
          element(
            "div",
            { class: "head" },
            this.#picture,
            step(-1, "Previous picture"),
            step(1, "Next picture"),
            this.#preview,
          ),
          this.#result,
        ),
      ),
      element(
        "div",
        { class: "bottom" },
        element("p", {}, "Applying makes again only what the change touches."),
        this.#revert,
        this.#apply,
      ),
    );
    this.#text.addEventListener("input", () => this.#typed());
    this.#text.addEventListener("scroll", () => this.#scrolled());
    this.#text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void this.#try();
    });
    this.#revert.addEventListener("click", () => this.#take(this.#recipe?.text ?? ""));
    this.#preview.addEventListener("click", () => void this.#try());
    this.#apply.addEventListener("click", () => void this.#applyToAll());
    this.#dialog.addEventListener("click", (event) => {
      if (event.target === this.#dialog) this.#dialog.close();
    });
    this.#dialog.addEventListener("close", dialogClosed);
  }

  /**
   * The recipe as the server has it now. What is being written is never overwritten.
   *
   * @param {import("./api.js").Recipe} recipe
   */
  update(recipe) {
    const untouched = !this.#recipe || this.#text.value === this.#recipe.text;
    const meant = this.#text.value === recipe.text;
    this.#recipe = recipe;
    this.#name.textContent = recipe.name ?? "default";
    this.#text.readOnly = !recipe.editable;
    if (untouched) this.#take(recipe.text);
    else this.#offer();
    this.#elsewhere.hidden = untouched || meant;
    this.#elsewhere.textContent =
      "The recipe was changed elsewhere meanwhile. Revert shows it; Apply replaces it.";
  }

  open() {
    this.#subject(this.#options.subject());
    openDialog(this.#dialog);
    this.#text.setSelectionRange(0, 0);
    // A finger would bring up its keyboard, which hides half of what there is to see.
    if (matchMedia("(hover: hover)").matches) this.#text.focus();
    this.#text.scrollTop = 0;
  }

  get #changed() {
    return this.#text.value !== this.#recipe?.text;
  }

  /** @param {string} text */
  #take(text) {
    this.#text.value = text;
    this.#elsewhere.hidden = true;
    this.#number([]);
    void this.#check();
  }

  #typed() {
    this.#valid = false;
    this.#number([]);
    this.#offer();
    this.#checkSoon();
  }

  #checkSoon = settled(TYPING, () => void this.#check());

  async #check() {
    this.#checks += 1;
    const turn = this.#checks;
    try {
      const { ok, problems, summary } = await api.check(this.#text.value);
      if (turn !== this.#checks) return;
      this.#valid = ok;
      this.#tell(problems, summary);
    } catch (error) {
      if (turn === this.#checks) this.#fail(error);
    }
    this.#offer();
  }

  /**
   * @param {Problem[]} problems
   * @param {string} summary
   */
  #tell(problems, summary) {
    this.#number(problems.flatMap(({ line }) => line ?? []));
    this.#verdict.classList.toggle("bad", problems.length > 0);
    this.#text.setAttribute("aria-invalid", String(problems.length > 0));
    if (!problems.length) {
      this.#verdict.replaceChildren(element("p", {}, icon("check"), summary || "The recipe is sound."));
      return;
    }
    const items = problems.map(({ path, message, line }) => {
      const place = [line ? `line ${line}` : "", path].filter(Boolean).join(" · ");
      return element("li", {}, place && element("code", {}, place), " ", message);
    });
    this.#verdict.replaceChildren(element("ul", {}, ...items));
  }

  /** @param {unknown} error */
  #fail(error) {
    if (!(error instanceof api.ApiError)) throw error;
    if (error.problems.length) {
      this.#tell(error.problems, "");
      return;
    }
    this.#verdict.classList.add("bad");
    this.#verdict.replaceChildren(explained(error));
  }

  #offer() {
    this.#apply.disabled = !this.#valid || !this.#changed || !this.#recipe?.editable;
    this.#preview.disabled = !this.#valid || !this.#key;
    this.#revert.disabled = !this.#changed;
  }

  /**
   * Line numbers, those with a problem marked.
   *
   * @param {number[]} wrong
   */
  #number(wrong) {
    const count = this.#text.value.split("\n").length;
    const lines = Array.from({ length: count }, (_, n) =>
      element("span", { class: wrong.includes(n + 1) && "wrong" }, String(n + 1)),
    );
    this.#lines.replaceChildren(...lines);
    this.#scrolled();
  }

  #scrolled() {
    this.#lines.scrollTop = this.#text.scrollTop;
  }

  /** @param {string} key */
  #subject(key) {
    if (key === this.#key && key) return;
    this.#key = key;
    this.#picture.replaceChildren(
      ...(key ? ["On ", element("b", { title: key }, key)] : ["There is no picture to try it on."]),
    );
    this.#result.replaceChildren(
      element(
        "p",
        { class: "still" },
        key ? "Preview shows what this recipe makes of the picture. Nothing is stored." : "",
      ),
    );
    this.#offer();
  }

  /** @param {1 | -1} step */
  #another(step) {
    const key = this.#options.beside(this.#key, step);
    if (!key) return;
    const tried = Boolean(this.#result.querySelector("figure"));
    this.#subject(key);
    if (tried) void this.#try();
  }

  async #try() {
    if (this.#preview.disabled) return;
    const key = this.#key;
    this.#result.setAttribute("aria-busy", "true");
    try {
      const [made, now] = await Promise.all([api.preview(key, this.#text.value), api.original(key)]);
      if (key !== this.#key) return;
      this.#result.replaceChildren(
        ...(made.reason ? [explained(made.reason)] : previewed(made, now.outputs)),
      );
    } catch (error) {
      if (!(error instanceof api.ApiError)) throw error;
      if (key === this.#key) this.#result.replaceChildren(explained(error));
    } finally {
      this.#result.removeAttribute("aria-busy");
    }
  }

  async #applyToAll() {
    this.#apply.disabled = true;
    try {
      this.update(await api.apply(this.#text.value));
      toast("The recipe is applied.");
      this.#dialog.close();
    } catch (error) {
      this.#fail(error);
      complain(error);
      this.#offer();
    }
  }
}
