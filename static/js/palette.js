// The palette (Ctrl or Cmd K): every button of the page by its name, those of the lead under the hand first; then the
// pages, and while one types the leads and companies that the search finds. ">" asks for commands alone.
import { isComposing } from "./composition.js";

const palette = document.getElementById("palette");
const MOST = 60; // rows shown of a group
const WAITS = 150;
const PRESSED = "button, a.btn, a[role=tab], a.lq-chip, .lq-tabs a, lq-menu a[href], summary";

let options = [];
let at = 0;
let asked = 0;
let timer;

const fold = (text) => text.normalize("NFKC").toLowerCase()
  .replace(/[\u3041-\u3096]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) + 0x60));

// What is read out for a button: its label, else its words without the keys that it shows.
function nameOf(element) {
  if (element.ariaLabel) return element.ariaLabel.trim();
  const copy = element.cloneNode(true);
  for (const key of copy.querySelectorAll("kbd, svg")) key.remove();
  return (copy.textContent.trim() || element.title || "").replace(/\s+/g, " ");
}

// An entry of a closed menu counts as shown where its menu is; what opens a menu is named by its entries.
function isShown(element) {
  if (element.disabled || element.hasAttribute("popovertarget") || element.closest("[hidden]")) return false;
  const menu = element.closest("lq-menu");
  return (menu?.querySelector("[popovertarget]") ?? element).checkVisibility();
}

const rowOf = (element) => element.closest("[data-row], tbody tr");

function commands(current) {
  const words = palette.dataset;
  const bulk = document.querySelector("[data-bulk]:not([hidden])");
  const leads = document.querySelector("[data-lead-page]");
  const found = [];
  for (const element of document.querySelectorAll(PRESSED)) {
    if (!element.closest("main, #toasts, .lq-top") || element.closest("dialog") || !isShown(element)) continue;
    const row = rowOf(element);
    if (row && row !== current && current) continue;
    const name = nameOf(element);
    if (!name) continue;
    const isHere = (row && row === current) || (leads && element.closest("main"));
    const group = bulk?.contains(element) ? words.selected : isHere ? words.here : element.closest(".lq-top") ? words.go : words.page;
    found.push({ group, name, about: row ? rowName(row) : "", key: element.dataset.key, element, press: () => element.click() });
  }
  const rank = { [words.selected]: 0, [words.here]: 1, [words.page]: 2, [words.go]: 3 };
  found.sort((one, other) => rank[one.group] - rank[other.group]);
  for (const link of document.querySelectorAll(".lq-rail section a")) {
    const key = link.dataset.go ? `g ${link.dataset.go}` : "";
    found.push({ group: words.go, name: nameOf(link.querySelector(".lq-word") ?? link), about: "", key, press: () => link.click() });
  }
  return found;
}

const rowName = (row) => row.querySelector("[data-open], a[href]")?.textContent.trim().replace(/\s+/g, " ") ?? "";

function matching(all, text) {
  const words = fold(text.replace(/^>/, "")).split(/\s+/).filter(Boolean);
  return all.filter((option) => words.every((word) => fold(`${option.name} ${option.about}`).includes(word)));
}

function linksIn(html, group) {
  const box = document.createElement("template");
  box.innerHTML = html;
  return [...box.content.querySelectorAll("li > a[href]")].map((link) => ({
    group, name: link.querySelector("b")?.textContent.trim() ?? link.textContent.trim(),
    about: [...link.querySelectorAll("small")].map((each) => each.textContent.trim().replace(/\s+/g, " ")).join(" · "),
    press: () => location.assign(link.getAttribute("href")),
  }));
}

function draw(rows) {
  const list = palette.querySelector("[role=listbox]");
  const counted = {};
  options = rows.filter((row) => (counted[row.group] = (counted[row.group] ?? 0) + 1) <= MOST);
  list.replaceChildren();
  let group;
  let last;
  options.forEach((option, number) => {
    if (option.group !== last) {
      group = document.createElement("div");
      group.role = "group";
      group.ariaLabel = option.group;
      const head = document.createElement("p");
      head.className = "lq-palette-head";
      head.textContent = option.group;
      head.ariaHidden = "true";
      group.append(head);
      list.append(group);
      last = option.group;
    }
    group.append(drawn(option, number));
  });
  palette.querySelector("[data-none]").hidden = options.length > 0;
  at = 0;
  mark();
}

function drawn(option, number) {
  const row = document.createElement("div");
  row.role = "option";
  row.id = `palette-${number}`;
  const name = document.createElement("b");
  name.textContent = option.name;
  row.append(name);
  if (option.about) row.append(Object.assign(document.createElement("small"), { textContent: option.about }));
  if (option.key) row.append(Object.assign(document.createElement("kbd"), { textContent: option.key, ariaHidden: "true" }));
  row.addEventListener("click", () => choose(number));
  return row;
}

function mark() {
  const rows = [...palette.querySelectorAll("[role=option]")];
  rows.forEach((row, number) => { row.ariaSelected = String(number === at); });
  rows[at]?.scrollIntoView({ block: "nearest" });
  palette.querySelector("input").setAttribute("aria-activedescendant", rows[at]?.id ?? "");
}

// The page may have drawn a button anew while the palette was open.
const again = (option) => commands(null).find((each) => each.name === option.name && each.about === option.about) ?? option;

function choose(number) {
  const option = options[number];
  if (!option) return;
  palette.close();
  (option.element?.isConnected === false ? again(option) : option).press();
}

function show(current) {
  const all = commands(current);
  const field = palette.querySelector("input");
  const words = palette.dataset;
  const ask = async (url, group) => {
    const turn = ++asked;
    const answer = await fetch(url, { headers: { "HX-Request": "true" } });
    if (turn === asked && answer.ok) draw([...matching(all, field.value), ...linksIn(await answer.text(), group)]);
  };
  const look = () => {
    const text = field.value.trim();
    asked += 1;
    draw(matching(all, text));
    clearTimeout(timer);
    if (!words.searchAt || text.startsWith(">")) return;
    if (!text) ask(words.recent, words.last).catch(() => {});
    else timer = setTimeout(() => ask(`${words.searchAt}?q=${encodeURIComponent(text)}`, words.found).catch(() => {}), WAITS);
  };
  field.value = "";
  field.oninput = look;
  palette.showModal();
  field.focus();
  look();
}

function open() {
  if (palette.open) return;
  const focused = document.activeElement && rowOf(document.activeElement);
  for (const dialog of [...document.querySelectorAll("dialog[open]")].reverse()) dialog.close();
  show(focused);
}

if (palette) {
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || isComposing(event)) return;
    event.preventDefault();
    open();
  });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-palette]")) open(); });
  palette.addEventListener("keydown", (event) => {
    if (isComposing(event)) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && options.length) at = (at + step + options.length) % options.length;
    else if (event.key !== "Enter") return;
    event.preventDefault();
    if (event.key === "Enter") choose(at);
    else mark();
  });
  palette.addEventListener("click", (event) => { if (event.target === palette) palette.close(); });
}
