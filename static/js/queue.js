// <lq-queue>: j and k walk the rows, Enter opens, Space peeks. The row under the hand stays when it is redrawn.
import { onKey } from "./keys.js";

class Queue extends HTMLElement {
  connectedCallback() {
    onKey("j", () => this.step(1));
    onKey("k", () => this.step(-1));
    onKey("Enter", (event) => this.open(event));
    onKey(" ", (event) => this.peek(event));
    document.addEventListener("htmx:before:swap", this);
    document.addEventListener("htmx:after:swap", this);
  }

  disconnectedCallback() {
    document.removeEventListener("htmx:before:swap", this);
    document.removeEventListener("htmx:after:swap", this);
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
    const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1)];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
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

  // A redrawn row loses the focus it had: give it back.
  handleEvent(event) {
    if (event.type === "htmx:before:swap") this.held = this.current?.id ?? this.held;
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
