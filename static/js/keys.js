// Single-key shortcuts: off while typing, during composition, with modifiers, and for those who turned them off.
// An open dialog has its own keys only: those that its buttons show.
import { isComposing } from "./composition.js";

const handlers = new Map();
let leader = -Infinity;

// For pages: onKey("j", () => …). The handler returns false to leave the key to others.
export const onKey = (key, handler) => handlers.set(key, handler);

const enabled = () => document.body.dataset.singleKeys !== "off";

const typing = (target) => target.isContentEditable
  || target.matches?.("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])");

const ignored = (event) => event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey
  || isComposing(event) || typing(event.target);

const dialog = () => [...document.querySelectorAll("dialog[open]")].at(-1);

// An entry of a closed menu counts as shown where the button of its menu is: its key saves opening the menu.
const shown = (element) => {
  const seen = element?.closest("lq-menu")?.querySelector("[popovertarget]") ?? element;
  return seen?.checkVisibility() ? element : null;
};

const first = (root, selector) => [...root?.querySelectorAll(selector) ?? []].find(shown);

function focusSearch() {
  const field = shown(document.querySelector("[data-search]"));
  field?.focus();
  field?.select();
  return Boolean(field);
}

function go(letter) {
  const link = document.querySelector(`[data-go="${CSS.escape(letter)}"]`);
  if (link) location.assign(link.href);
  return Boolean(link);
}

// A key shown on a button presses it; the one of the selected row comes before the one of the page. What the selected row
// has not is never done to another row.
function press(key) {
  const selector = `[data-key="${CSS.escape(key)}"]`;
  const row = document.activeElement?.closest("[data-row]") ?? document.querySelector("[data-row][aria-selected=true]");
  const elsewhere = row ? `${selector}:not([data-row] *)` : selector;
  const target = dialog() ? first(dialog(), selector) : first(row, selector) ?? first(document, elsewhere);
  target?.click();
  return Boolean(target);
}

function act(event) {
  if (dialog()) return press(event.key);
  if (performance.now() - leader < 1200) {
    leader = -Infinity;
    if (go(event.key)) return true;
  }
  if (handlers.has(event.key)) return handlers.get(event.key)(event) !== false;
  if (event.key === "g") {
    leader = performance.now();
    return true;
  }
  if (event.key === "/") return focusSearch();
  if (event.key === "?") return document.getElementById("keys")?.showModal() ?? true;
  return press(event.key);
}

document.addEventListener("keydown", (event) => {
  if (enabled() && !ignored(event) && act(event)) event.preventDefault();
});
