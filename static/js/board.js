// <lq-board> around #board: what colleagues do is in it within two seconds. While a pointer rests on it, or the focus is
// in it, nothing moves: numbers and rows that stay where they are change in place, the rest waits behind [data-show].
// [data-item] rows can be dragged onto a [data-person] or onto what they are to become ([data-to]), several where they are
// selected; j and k walk the rows, x selects, and the keys of a row are those of its menu.
import { onKey } from "./keys.js";
import "./live.js";

const POLL = 15_000; // also where nothing can be heard
const TOGETHER = 150; // milliseconds and more in which news is gathered; not all pages ask at the same instant
const HEARD = ["lq:news", "lq:catch-up", "lq:handoff"];

class Board extends HTMLElement {
  connectedCallback() {
    onKey("j", () => this.step(1));
    onKey("k", () => this.step(-1));
    onKey("Enter", (event) => this.open(event));
    onKey("a", () => this.assign());
    onKey("x", () => this.select());
    for (const name of HEARD) document.addEventListener(name, this);
    for (const name of ["dragstart", "dragover", "dragleave", "drop", "click"]) this.addEventListener(name, this);
    this.polls = setInterval(() => this.gather(), POLL);
  }

  disconnectedCallback() {
    for (const name of HEARD) document.removeEventListener(name, this);
    clearInterval(this.polls);
  }

  handleEvent(event) {
    if (event.type.startsWith("lq:")) this.gather(event.type === "lq:handoff");
    else this[event.type](event);
  }

  get board() {
    return this.querySelector("#board");
  }

  get selected() {
    return [...this.querySelectorAll("[data-select]:checked")].map((box) => box.value);
  }

  get rests() {
    return this.matches(":hover") || this.board.contains(document.activeElement) || this.selected.length > 0;
  }

  // One's own step shows at once, whatever rests where.
  gather(isOwn = false) {
    this.isOwn ||= isOwn;
    this.gathers ??= setTimeout(() => this.ask(), TOGETHER * (1 + Math.random()));
  }

  async ask() {
    this.gathers = null;
    if (document.hidden || this.dragged) return;
    const isOwn = this.isOwn;
    this.isOwn = false;
    const answer = await fetch(location.href, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    this.fresh = page.getElementById("board");
    if (!this.fresh) return;
    if (isOwn || !this.rests) this.show();
    else this.patch();
  }

  show() {
    const at = document.activeElement?.closest("[data-item]")?.id;
    this.board.replaceWith(document.importNode(this.fresh, true));
    htmx.process(this.board);
    if (at) document.getElementById(at)?.focus({ preventScroll: true });
    this.board.dispatchEvent(new Event("change", { bubbles: true })); // nothing is selected any more
    this.tell(0);
  }

  // What is in the same place in both is brought up to date; the number of the others is told.
  patch() {
    for (const now of this.fresh.querySelectorAll("[data-live]")) {
      const then = this.board.querySelector(`[data-live="${now.dataset.live}"]`);
      if (then) then.textContent = now.textContent;
    }
    const place = (item) => item.closest("[data-column]")?.dataset.column ?? "";
    let changes = 0;
    for (const now of this.fresh.querySelectorAll("[data-item]")) {
      const then = this.board.querySelector(`#${now.id}`);
      if (!then || place(then) !== place(now)) changes += 1;
      else if (then.textContent !== now.textContent && !then.contains(document.activeElement)) {
        then.replaceChildren(...document.importNode(now, true).childNodes);
        htmx.process(then);
      }
    }
    for (const then of this.board.querySelectorAll("[data-item]")) {
      const now = this.fresh.querySelector(`#${then.id}`);
      const isGone = !now || place(then) !== place(now);
      then.toggleAttribute("data-gone", isGone);
      if (!now) changes += 1;
    }
    this.tell(changes);
  }

  tell(changes) {
    this.querySelector("[data-changes]").textContent = changes;
    this.querySelector("[data-show]").hidden = changes === 0;
  }

  click(event) {
    if (event.target.closest("[data-show]") && this.fresh) this.show();
  }

  get current() {
    return document.activeElement?.closest("[data-row]");
  }

  step(by) {
    const rows = [...this.querySelectorAll("[data-row]")];
    const at = rows.indexOf(this.current);
    const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1)];
    next?.focus();
    return Boolean(next);
  }

  // On a link or button the browser's own Enter stays what it is.
  open(event) {
    const link = event.target.matches("[data-row]") && event.target.querySelector("[data-open]");
    if (link) link.click();
    return Boolean(link);
  }

  select() {
    const box = this.current?.querySelector("[data-select]");
    box?.click();
    return Boolean(box);
  }

  // The selected ones together, else the one with the focus.
  assign() {
    const together = this.selected.length > 0 && this.querySelector("[data-assign-selected]");
    const button = together || this.current?.querySelector("[data-step=assign]");
    const url = this.current?.dataset.assign;
    if (button) button.click();
    else if (url) this.openDialog(url);
    return Boolean(button || url);
  }

  dragstart(event) {
    this.dragged = event.target.closest?.("[data-item]");
    event.dataTransfer.setData("text/plain", this.dragged?.dataset.pk ?? "");
    setTimeout(() => this.toggleAttribute("data-dragging", Boolean(this.dragged))); // not before the picture is taken
    addEventListener("dragend", () => {
      this.dragged = null;
      this.removeAttribute("data-dragging");
    }, { once: true });
  }

  // Where what is dragged can be dropped: not into the column that it comes from.
  target(event) {
    const target = this.dragged && event.target.closest("[data-person], [data-to]");
    return target?.contains(this.dragged) || ["queued", "claimed"].includes(target?.dataset.to) ? null : target;
  }

  dragover(event) {
    const target = this.target(event);
    if (!target) return;
    event.preventDefault();
    target.dataset.over = "";
  }

  dragleave(event) {
    const target = event.target.closest("[data-person], [data-to]");
    if (target && !target.contains(event.relatedTarget)) delete target.dataset.over;
  }

  drop(event) {
    const target = this.target(event);
    if (!target) return;
    event.preventDefault();
    delete target.dataset.over;
    const item = this.dragged;
    this.dragged = null;
    const pks = this.chosen(item.dataset.pk);
    const { person, to } = target.dataset;
    if (person) this.post({ act: "assign", to: person, pk: pks });
    else if (pks.length > 1) this.moveAll(pks, to);
    else this.move(item, to);
  }

  post(values) {
    htmx.ajax("POST", this.dataset.bulkUrl, { values, target: "#dialog", swap: "innerHTML" });
  }

  openDialog(url) {
    htmx.ajax("GET", url, { target: "#dialog", swap: "innerHTML" });
  }

  // By the same step as its menu offers: a result asks for what it needs.
  move(item, to) {
    const named = { contacted: "contact", accepted: "accept", rejected: "reject" }[to] ?? "result";
    const step = item.querySelector(`[data-step=${named}]`);
    if (!step) this.say("[data-not-yet]");
    else if (named === "result") this.openDialog(`${step.getAttribute("hx-get")}&result=${to}`);
    else step.click();
  }

  moveAll(pks, to) {
    const act = { accepted: "accept", rejected: "reject" }[to] ?? to;
    if (["won", "contacted"].includes(act)) return this.say("[data-one-by-one]");
    const asked = new URLSearchParams([["act", act], ...pks.map((pk) => ["pk", pk])]);
    this.openDialog(`${this.dataset.bulkUrl}?${asked}`);
  }

  say(words) {
    document.getElementById("toasts").append(this.querySelector(words).content.cloneNode(true));
  }

  // All that are selected, where the one that is dragged is among them.
  chosen(pk) {
    return this.selected.includes(pk) ? this.selected : [pk];
  }
}
customElements.define("lq-board", Board);
