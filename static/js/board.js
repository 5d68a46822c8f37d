// <lq-board> around #board: what colleagues do is in it within two seconds. While a pointer rests on it, or the focus is
// in it, nothing moves: numbers and rows that stay where they are change in place, the rest waits behind [data-show].
// [data-item] rows can be dragged onto a [data-person]; j and k walk the [data-row] links, a assigns.
import { onKey } from "./keys.js";
import "./live.js";

const POLL = 15_000; // also where nothing can be heard
const TOGETHER = 150; // milliseconds and more in which news is gathered; not all pages ask at the same instant
const HEARD = ["lq:news", "lq:catch-up", "lq:handoff"];

class Board extends HTMLElement {
  connectedCallback() {
    onKey("j", () => this.step(1));
    onKey("k", () => this.step(-1));
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
    if (at) document.getElementById(at)?.querySelector("[data-row]")?.focus({ preventScroll: true });
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

  step(by) {
    const rows = [...this.querySelectorAll("[data-row]")];
    const at = rows.indexOf(document.activeElement);
    const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1)];
    next?.focus();
    return Boolean(next);
  }

  select() {
    const box = document.activeElement?.closest("[data-item]")?.querySelector("[data-select]");
    box?.click();
    return Boolean(box);
  }

  // The selected ones together, else the one with the focus.
  assign() {
    const together = this.selected.length > 0 && this.querySelector("[data-assign-selected]");
    if (together) {
      together.click();
      return true;
    }
    const url = document.activeElement?.dataset.assign;
    if (url) htmx.ajax("GET", url, { target: "#dialog", swap: "innerHTML" });
    return Boolean(url);
  }

  dragstart(event) {
    this.dragged = event.target.closest?.("[data-item]")?.dataset.pk;
    event.dataTransfer.setData("text/plain", this.dragged ?? "");
    setTimeout(() => this.toggleAttribute("data-dragging", Boolean(this.dragged))); // not before the picture is taken
    addEventListener("dragend", () => {
      this.dragged = null;
      this.removeAttribute("data-dragging");
    }, { once: true });
  }

  dragover(event) {
    const person = event.target.closest("[data-person]");
    if (!person || !this.dragged) return;
    event.preventDefault();
    person.dataset.over = "";
  }

  dragleave(event) {
    const person = event.target.closest("[data-person]");
    if (person && !person.contains(event.relatedTarget)) delete person.dataset.over;
  }

  drop(event) {
    const person = event.target.closest("[data-person]");
    if (!person || !this.dragged) return;
    event.preventDefault();
    delete person.dataset.over;
    const pks = this.chosen(this.dragged);
    this.dragged = null;
    const values = { act: "assign", to: person.dataset.person, pk: pks };
    htmx.ajax("POST", this.dataset.bulkUrl, { values, target: "#dialog", swap: "innerHTML" });
  }

  // All that are selected, where the one that is dragged is among them.
  chosen(pk) {
    return this.selected.includes(pk) ? this.selected : [pk];
  }
}
customElements.define("lq-board", Board);
