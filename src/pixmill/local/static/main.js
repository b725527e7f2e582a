/** The page begins here: its parts are made and told of one another. */

import * as api from "./api.js";
import { Collection } from "./collection.js";
import { Details } from "./details.js";
import { element, part } from "./dom.js";
import { takeFiles } from "./drops.js";
import * as say from "./format.js";
import { Gallery } from "./gallery.js";
import { follow } from "./live.js";
import { colours, connection, filters, showPlaces, showTotals } from "./page.js";
import { RecipeEditor } from "./recipe.js";
import { complain, explained } from "./toasts.js";
import { Uploads } from "./uploads.js";

/** @type {api.State | null} */
let state = null;

const collection = new Collection();
/** @type {PromiseWithResolvers<() => number>} */
const limit = Promise.withResolvers();
const uploads = new Uploads(limit.promise);
const gallery = new Gallery(part("cards", HTMLUListElement), collection, {
  open: (key) => void details.open(key),
  local: (key) => uploads.picture(key),
  bar: part("filters", HTMLFormElement),
});
const details = new Details({
  beside: (key, step) => gallery.beside(key, step),
  closed: (key) => gallery.focus(key),
  deletes: () => state?.writable ?? false,
});
const editor = new RecipeEditor({
  subject: () => gallery.active,
  beside: (key, step) => gallery.beside(key, step),
});
const filter = filters((query) => void collection.ask(query));

colours();
part("open-recipe", HTMLButtonElement).addEventListener("click", () => editor.open());
part("show-all", HTMLButtonElement).addEventListener("click", () => filter.clear());
takeFiles((brought, left) => uploads.add(brought, left));
collection.addEventListener("change", show);
collection.addEventListener("trouble", (event) => {
  if (event instanceof CustomEvent) trouble(event.detail);
});

/** The picture that was open when the page was left, or that a link names. */
const named = decodeURIComponent(location.hash.slice(1));
history.replaceState(null, "", location.pathname + location.hash); // a token has no place in the history
if (named && named !== "gallery") void details.open(named);

follow({
  connection: connection(),
  opened: () => void load(),
  failed: () => void load(),
  on: (event, data) => {
    if (event === "original") changed(data);
    else if (event === "removed") removed(data.key);
    else if (event === "totals") totals(data);
    else editor.update(data);
  },
});

async function load() {
  try {
    state = await api.state();
  } catch (error) {
    trouble(error);
    return;
  }
  limit.resolve(() => state?.limits.max_bytes ?? Infinity);
  showPlaces(state);
  editor.update(state.recipe);
  totals(state.totals);
  await collection.renew();
}

/** @param {api.Item} item */
function changed(item) {
  if (item.thumbnail || item.status === "rejected") uploads.forget(item.key);
  collection.put(item);
  details.changed(item.key);
}

/** @param {string} key */
function removed(key) {
  uploads.forget(key);
  collection.remove(key);
  details.removed(key);
}

/** @param {api.Totals} now */
function totals(now) {
  if (state) state.totals = now;
  showTotals(now);
  show();
}

/** Gallery, invitation, or nothing found. */
function show() {
  if (!collection.known || !state) return;
  const { search, status } = collection.query;
  const filtered = search !== "" || status !== "all";
  const bare = collection.total === 0 && !filtered;
  part("trouble", HTMLElement).hidden = true;
  part("totals", HTMLElement).hidden = bare;
  part("filters", HTMLFormElement).hidden = bare;
  part("empty", HTMLElement).hidden = !bare;
  part("gallery", HTMLElement).hidden = collection.total === 0;
  part("nothing", HTMLElement).hidden = !filtered || collection.total > 0;
  part("nothing-words", HTMLElement).textContent = search
    ? `No name has “${search}” in it.`
    : `No original is ${status} now.`;
  const found = filtered ? say.counted(collection.total, "original") : "";
  if (part("found", HTMLOutputElement).value !== found) part("found", HTMLOutputElement).value = found;
}

/**
 * Before there is anything to show an error takes its place; later it is a message.
 *
 * @param {unknown} error
 */
function trouble(error) {
  if (collection.known || !(error instanceof api.ApiError)) {
    // The page says by itself that the connection is lost.
    if (!(error instanceof api.ApiError && error.code === "no-connection")) complain(error);
    return;
  }
  const again = element(
    "button",
    { class: "button strong", type: "button", onclick: () => void load() },
    "Try again",
  );
  part("trouble", HTMLElement).replaceChildren(explained(error), element("p", { class: "row" }, again));
  part("trouble", HTMLElement).hidden = false;
}
