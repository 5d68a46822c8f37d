// <lq-here>: says again and again that this page of a lead is open, at once when somebody begins to write, and last
// when it is left; and shows who else is there. Parts of it may be redrawn: only the last one on the page speaks.
import "./live.js";

const EVERY = 12_000;
const WRITES_FOR = 20_000;

class Here extends HTMLElement {
  connectedCallback() {
    this.timer = setInterval(() => this.say(), EVERY);
    document.addEventListener("input", this);
    document.addEventListener("lq:news", this);
    document.addEventListener("lq:catch-up", this);
    addEventListener("pagehide", this);
    this.say();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    document.removeEventListener("input", this);
    document.removeEventListener("lq:news", this);
    document.removeEventListener("lq:catch-up", this);
    removeEventListener("pagehide", this);
  }

  get writes() {
    return performance.now() - (this.typed ?? -Infinity) < WRITES_FOR;
  }

  handleEvent(event) {
    if (event.type === "input") return this.wrote(event.target);
    if (event.type === "pagehide") return this.leave();
    if (event.type === "lq:catch-up") return this.say();
    const { kind, handoffs } = event.detail;
    if (!handoffs.includes(Number(this.dataset.handoff))) return;
    this.say().then(() => { if (kind === "step" && !this.isGone) this.redraw(); });
  }

  // A colleague has claimed the lead, and the reader sees it no more.
  get isGone() {
    return Boolean(this.querySelector("[data-gone]"));
  }

  // The search at the top is about other leads.
  wrote(field) {
    if (!field.closest("main, dialog") || !field.matches("textarea, input, [contenteditable]")) return;
    const began = !this.writes;
    this.typed = performance.now();
    if (began) this.say();
  }

  async say() {
    if (this.isGone) return;
    await htmx.ajax("POST", this.dataset.here, {
      source: this, target: this.querySelector("[role=status]"), swap: "innerHTML", values: { writes: this.writes ? 1 : 0 },
    });
  }

  // The panel as it is now; not while somebody is about to press something in it.
  redraw() {
    const panel = document.getElementById("lead-handoff");
    if (panel && !panel.querySelector(":popover-open")) htmx.ajax("GET", this.dataset.panel, { target: panel, swap: "innerMorph" });
  }

  leave() {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", JSON.parse(document.body.getAttribute("hx-headers:inherited"))["X-CSRFToken"]);
    navigator.sendBeacon(this.dataset.away, body);
  }
}
customElements.define("lq-here", Here);
