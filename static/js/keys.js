// Single-key shortcuts: off while typing, in dialogs, during composition, with modifiers, and for those who turned them off.
import { isComposing } from "./composition.js";

const handlers = new Map();
let leader = -Infinity;

// For pages: onKey("j", () => …). The handler returns false to leave the key to others.
export const onKey = (key, handler) => handlers.set(key, handler);

const enabled = () => document.body.dataset.singleKeys !== "off";

const typing = (target) => target.isContentEditable
  || target.matches?.("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])");

const ignored = (event) => event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey
  || isComposing(event) || typing(event.target) || document.querySelector("dialog[open]");

const shown = (element) => element && element.checkVisibility() ? element : null;

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

// A key shown on a button presses it; the one of the selected row comes before the one of the page.
function press(key) {
  const selector = `[data-key="${CSS.escape(key)}"]`;
  const row = document.activeElement?.closest("[data-row]") ?? document.querySelector("[data-row][aria-selected=true]");
  const target = shown(row?.querySelector(selector)) ?? shown(document.querySelector(selector));
  target?.click();
  return Boolean(target);
}

function act(event) {
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
