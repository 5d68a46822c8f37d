// <lq-rule-editor> around the form of a rule: a pause in typing tells #saved to save the draft by itself (event lq:pause);
// what cannot be saved yet holds the dialog open once, so that Esc loses nothing unseen.
import { isComposing } from "./composition.js";

const PAUSE = 1200;

class RuleEditor extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.dialog = this.closest("dialog");
    this.addEventListener("input", (event) => this.typed(event));
    this.addEventListener("change", (event) => this.typed(event));
    this.addEventListener("click", (event) => { if (event.target.closest("[data-close]")) this.close(); });
    this.form.addEventListener("submit", () => this.rest());
    this.dialog?.addEventListener("cancel", this);
    this.point();
  }

  // The field whose words were pressed gets the focus, once the dialog is open and its parts have come to life.
  point() {
    const field = this.dialog?.dataset.field;
    delete this.dialog?.dataset.field;
    const control = field && this.form.elements[field];
    if (!control) return;
    requestAnimationFrame(() => (control.closest("lq-combobox")?.querySelector("[role=combobox]") ?? control).focus());
  }

  disconnectedCallback() {
    this.rest();
    this.dialog?.removeEventListener("cancel", this);
  }

  typed(event) {
    if (!this.dialog || isComposing(event)) return;
    this.dirty = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  rest() {
    clearTimeout(this.timer);
    this.dirty = false;
  }

  save() {
    this.rest();
    this.form.dispatchEvent(new CustomEvent("lq:pause"));
  }

  get unsaved() {
    return this.dirty || Boolean(this.querySelector("#saved[data-unsaved]"));
  }

  handleEvent(event) {
    if (this.held(event)) event.preventDefault();
  }

  // The first time something typed would be lost, it is tried once more and the reader sees why it stays.
  held() {
    if (!this.unsaved || this.warned) return false;
    this.warned = true;
    this.save();
    return true;
  }

  close() {
    if (!this.held()) this.dialog?.close();
  }
}
customElements.define("lq-rule-editor", RuleEditor);
