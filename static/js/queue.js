// <lq-queue>: tells itself what is new and changes only rows that are there; new ones wait in the bar above. j and k walk the rows, Enter opens, Space peeks. The row under the hand stays when it is redrawn.
import { onKey } from "./keys.js";
import "./live.js";

const POLL = 15_000; // also where nothing can be heard
const TOGETHER = 150; // milliseconds and more in which news is gathered; not all pages ask at the same instant

const HEARD = ["htmx:before:swap", "htmx:after:swap", "lq:news", "lq:catch-up"];
const peeked = () => new URLSearchParams(location.search).get("peek");

class Queue extends HTMLElement {
  connectedCallback() {
    onKey("j", () => this.step(1));
    onKey("k", () => this.step(-1));
    onKey("Enter", (event) => this.open(event));
    onKey(" ", (event) => this.peek(event));
    onKey("x", () => this.select());
    for (const name of HEARD) document.addEventListener(name, this);
    this.addEventListener("click", (event) => this.clicked(event));
    addEventListener("popstate", this);
    document.addEventListener("keydown", this);
    document.addEventListener("lq:handoff", this);
    if (peeked()) this.showPeek(peeked());
    this.polls = setInterval(() => this.ask(), POLL);
  }

  disconnectedCallback() {
    for (const name of HEARD) document.removeEventListener(name, this);
    removeEventListener("popstate", this);
    document.removeEventListener("keydown", this);
    document.removeEventListener("lq:handoff", this);
    clearInterval(this.polls);
  }

  get rows() {
    return [...this.querySelectorAll("[data-row]")];
  }

  get current() {
    return document.activeElement?.closest("[data-row]");
  }

  step(by) {
    const rows = this.rows;
    const at = rows.indexOf(this.current);
    if (by > 0 && at === rows.length - 1) this.querySelector(".hq-more [hx-get]")?.click();
    const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1)];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
    const peek = next?.querySelector("[data-peek]");
    if (peeked() && peek) this.goToPeek(peek.dataset.peek, "replaceState");
    return Boolean(next);
  }

  // On a link or button the browser's own Enter and Space stay what they are.
  onRow(event) {
    return event.target.matches?.("[data-row]") ? event.target : null;
  }

  open(event) {
    const row = this.onRow(event);
    const target = row ? row.querySelector("[data-open]") : event.target === document.body ? document.querySelector("[data-next]") : null;
    target?.click();
    return Boolean(target);
  }

  peek(event) {
    const target = this.onRow(event)?.querySelector("[data-peek]");
    target?.click();
    return Boolean(target);
  }

  // A plain click shows the lead beside the list and in the address; with a modifier the browser opens its page.
  clicked(event) {
    const link = event.target.closest("[data-peek]");
    if (event.target.closest("[data-peek-close]")) return this.closePeek();
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (peeked() === link.dataset.peek) this.closePeek();
    else this.goToPeek(link.dataset.peek, peeked() ? "replaceState" : "pushState");
  }

  goToPeek(pk, how) {
    const address = new URL(location.href);
    address.searchParams.set("peek", pk);
    history[how]({ peek: pk }, "", address);
    this.showPeek(pk);
  }

  // As "Back" would, where it was opened here; a page that was opened with it stays.
  closePeek() {
    if (!peeked()) return;
    if (history.state?.peek && history.length > 1) return history.back();
    const address = new URL(location.href);
    address.searchParams.delete("peek");
    history.replaceState(null, "", address);
    this.showPeek(null);
  }

  async showPeek(pk) {
    const aside = document.getElementById("peek");
    if (!aside) return;
    for (const row of this.rows) row.ariaCurrent = row.id === `handoff-${pk}` ? "true" : null;
    if (pk) {
      const url = this.dataset.peekAt.replace("/0/", `/${encodeURIComponent(pk)}/`);
      await htmx.ajax("GET", `${url}?view=queue`, { source: aside, target: aside, swap: "innerHTML" });
    }
    if (peeked() === pk) aside.hidden = !pk || !aside.childElementCount;
  }

  select() {
    const box = this.current?.querySelector("[data-select]");
    box?.click();
    this.current?.focus({ preventScroll: true });
    return Boolean(box);
  }

  // What has happened since it was last asked; rows with an open menu are left alone.
  ask() {
    const bar = document.getElementById("queue-news");
    if (document.hidden || !bar) return;
    const seconds = bar.querySelector("[data-asked-at]")?.dataset.askedAt ?? bar.dataset.drawnAt;
    const rows = this.rows.filter((row) => !row.querySelector(":popover-open"));
    const key = (row) => row.id.replace("handoff-", "");
    const asked = new URLSearchParams(location.search);
    asked.set("query", location.search.slice(1));
    asked.set("newest", bar.dataset.newest);
    asked.set("drawn_at", bar.dataset.drawnAt);
    asked.set("since", seconds);
    asked.set("shown", rows.map(key).join(","));
    asked.set("here", rows.filter((row) => row.querySelector(".hq-here")?.textContent.trim()).map(key).join(","));
    if ("isWhole" in bar.dataset && rows.length === this.rows.length) asked.set("is_whole", "1");
    htmx.ajax("GET", `${bar.dataset.news}?${asked}`, { source: bar, target: bar, swap: "innerHTML" });
  }

  // A redrawn row loses the focus it had: give it back.
  handleEvent(event) {
    if (event.type === "popstate") return void this.showPeek(peeked());
    if (event.type === "lq:handoff") return void (peeked() && this.showPeek(peeked()));
    if (event.type === "keydown") {
      const isBusy = event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open], :popover-open:not(.lq-toasts)");
      return void (isBusy || this.closePeek());
    }
    if (event.type.startsWith("lq:")) {
      this.gathers ??= setTimeout(() => { this.gathers = null; this.ask(); }, TOGETHER * (1 + Math.random()));
    } else if (event.type === "htmx:before:swap") this.held = this.current?.id ?? this.held;
    else if (this.held && !this.current && !document.querySelector("dialog[open]")) {
      document.getElementById(this.held)?.focus({ preventScroll: true });
      this.held = null;
    }
  }
}
customElements.define("lq-queue", Queue);

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-refresh]")) return;
  event.preventDefault();
  location.reload();
});
