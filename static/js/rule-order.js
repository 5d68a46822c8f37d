// <lq-studio>: rules go to another place by dragging their points, or with Alt and the arrow keys while the focus is in
// one. The server says how it is then, and the focus stays with the rule. Ctrl+Z and Ctrl+Shift+Z press undo and redo.
const NEAR = 6;

class Studio extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", (event) => this.pressed(event));
    this.addEventListener("pointerdown", (event) => this.grabbed(event));
    this.addEventListener("click", (event) => this.clicked(event));
    this.addEventListener("submit", (event) => event.target.closest("[popover]")?.hidePopover());
  }

  // The whole sentence opens the editor, not only the name, at the field that says the words pressed; selecting text
  // in it does not. Every other press forgets the field: a form that did not come leaves none for the next one.
  clicked(event) {
    const dialog = document.getElementById("dialog");
    delete dialog.dataset.field;
    if (this.dragged || event.target.closest("a, button, form, lq-menu, input") || String(getSelection())) return;
    const words = event.target.closest("[data-rule] :is(.lq-rule-words, .lq-rule-points)");
    if (!words) return;
    words.closest("[data-rule]").querySelector("[data-edit]").click();
    dialog.dataset.field = event.target.closest("[data-field]")?.dataset.field ?? "";
  }

  pressed(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const rule = event.target.closest("[data-rule]");
    if (!step || !event.altKey || !rule) return;
    event.preventDefault();
    this.shift(rule, step);
  }

  // Past the end of a group the rule goes into the neighbouring one.
  shift(rule, step) {
    const list = rule.parentElement;
    const to = [...list.children].indexOf(rule) + step;
    if (to >= 0 && to < list.children.length) return this.move(rule, list, to);
    const lists = [...this.querySelectorAll("[data-group]")];
    const next = lists[lists.indexOf(list) + step];
    if (next) this.move(rule, next, step > 0 ? 0 : next.children.length);
  }

  async move(rule, list, to) {
    const seen = this.closest("[data-seen]").dataset.seen;
    const name = rule.querySelector("[data-edit]").textContent;
    const group = list.dataset.group;
    await htmx.ajax("POST", rule.dataset.move, { target: "#rules", swap: "outerMorph", values: { seen, to_group: group, to_rule: to + 1 } });
    const rows = document.querySelectorAll(`[data-group="${group}"] > [data-rule] [data-edit]`);
    [...rows].find((link) => link.textContent === name)?.focus();
  }

  grabbed(event) {
    const rule = event.target.closest(".lq-rule-points")?.closest("[data-rule]");
    if (!rule || event.button) return;
    event.preventDefault();
    this.dragged = false;
    const began = event.clientY;
    const moved = (each) => this.drag(rule, each, began);
    const ended = () => {
      removeEventListener("pointermove", moved);
      removeEventListener("pointerup", ended);
      removeEventListener("pointercancel", ended);
      this.drop(rule);
    };
    addEventListener("pointermove", moved);
    addEventListener("pointerup", ended);
    addEventListener("pointercancel", ended);
  }

  drag(rule, event, began) {
    if (!this.dragged && Math.abs(event.clientY - began) < NEAR) return;
    this.dragged = true;
    rule.classList.add("is-dragged");
    const under = document.elementFromPoint(event.clientX, event.clientY);
    const group = under?.closest(".lq-group")?.querySelector("[data-group]");
    if (!group) return;
    const before = [...group.children].find((each) => each !== rule && event.clientY < middle(each));
    this.target = { group, before };
    this.mark(group, before);
  }

  mark(group, before) {
    this.unmark();
    (before ?? group).classList.add(before ? "is-before" : "is-last");
  }

  unmark() {
    for (const each of this.querySelectorAll(".is-before, .is-last")) each.classList.remove("is-before", "is-last");
  }

  drop(rule) {
    this.unmark();
    rule.classList.remove("is-dragged");
    const target = this.target;
    this.target = null;
    setTimeout(() => { this.dragged = false; });
    if (!target) return;
    const others = [...target.group.children].filter((each) => each !== rule);
    const to = target.before ? others.indexOf(target.before) : others.length;
    if (target.group !== rule.parentElement || [...target.group.children].indexOf(rule) !== to) this.move(rule, target.group, to);
  }
}

const middle = (row) => {
  const box = row.getBoundingClientRect();
  return box.top + box.height / 2;
};
customElements.define("lq-studio", Studio);

const typing = (target) => target.matches?.("input, textarea, select, [contenteditable]");
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  const id = key === "y" || (key === "z" && event.shiftKey) ? "redo" : key === "z" ? "undo" : null;
  const button = id && document.getElementById(id);
  if (!button || button.disabled) return;
  event.preventDefault();
  button.click();
});
