// <lq-conditions>: rows of conditions, each a plain set of controls that the server reads. Here rows are added, removed and
// put deeper into groups, and each offers what its field has: the operators, a list of choices instead of free text with
// the number of leads beside each, a date picker, a unit.
import "./combobox.js";

const DEEPEST = 4; // the engine reads six steps: the list itself, and what `not` may add
const read = () => JSON.parse(document.getElementById("guide")?.textContent ?? "{}");
let guide = {};
const counted = {};
const BARE = ["known", "unknown"];
const LISTS = ["in", "not_in"];
const SPANS = ["within_next", "within_last"];
const control = (row, name) => row.querySelector(`[name$="-${name}"]`);
const level = (row) => Number(control(row, "level").value) || 0;
const isGroup = (row) => control(row, "subject").value.startsWith("group:");
const listed = (text) => text.split(/[,、，\n]/).map((word) => word.trim()).filter(Boolean);

class Conditions extends HTMLElement {
  connectedCallback() {
    guide = read();
    this.list = this.querySelector("[data-rows]");
    this.total = this.querySelector('[name$="-TOTAL_FORMS"]');
    this.classList.add("is-live");
    for (const button of this.querySelectorAll("[data-add]")) button.hidden = false;
    this.addEventListener("click", (event) => this.clicked(event));
    this.addEventListener("keydown", (event) => this.pressed(event));
    this.addEventListener("change", (event) => this.changed(event));
    for (const row of this.rows) {
      row.hidden = control(row, "DELETE").checked;
      this.refresh(row);
    }
    this.arrange();
  }

  get rows() {
    return [...this.list.querySelectorAll("[data-condition]")];
  }

  get shown() {
    return this.rows.filter((row) => !row.hidden);
  }

  clicked(event) {
    const add = event.target.closest("[data-add]");
    if (add) this.add(add.dataset.add);
    const row = event.target.closest("[data-condition]");
    if (event.target.closest("[data-remove]")) this.remove_(row);
    if (event.target.closest("[data-inside]")) this.add("", row);
    if (event.target.closest("[data-indent]")) this.shift(row, 1);
    if (event.target.closest("[data-outdent]")) this.shift(row, -1);
  }

  pressed(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const row = event.target.closest("[data-condition]");
    if (!step || !event.altKey || !row) return;
    event.preventDefault();
    this.shift(row, step);
  }

  // A row at the end, or as the last one inside of a group; `subject` is what it looks at already.
  add(subject, group = null) {
    const html = this.querySelector("template").innerHTML.replaceAll("__prefix__", this.total.value);
    const after = group ? [group, ...this.inside(group)].at(-1) : this.rows.at(-1);
    if (after) after.insertAdjacentHTML("afterend", html);
    else this.list.insertAdjacentHTML("beforeend", html);
    const row = after ? after.nextElementSibling : this.list.lastElementChild;
    control(row, "level").value = group ? level(group) + 1 : 0;
    if (subject) control(row, "subject").value = subject;
    row.querySelector("lq-combobox").rest();
    this.total.value = Number(this.total.value) + 1;
    this.renumber();
    this.refresh(row, true);
    this.arrange();
    row.querySelector("lq-combobox").focus();
  }

  // The server reads the rows in the order of their numbers.
  renumber() {
    this.rows.forEach((row, at) => {
      for (const each of row.querySelectorAll("[name], [id], [for]")) {
        for (const name of ["name", "id", "for"]) {
          const value = each.getAttribute(name);
          if (value) each.setAttribute(name, value.replace(/-\d+-/, `-${at}-`));
        }
      }
    });
  }

  // The rows behind a group that stand deeper than it.
  inside(group) {
    const rows = this.shown.slice(this.shown.indexOf(group) + 1);
    const end = rows.findIndex((row) => level(row) <= level(group));
    return isGroup(group) ? rows.slice(0, end < 0 ? rows.length : end) : [];
  }

  shift(row, step) {
    for (const each of [row, ...this.inside(row)]) control(each, "level").value = Math.max(0, level(each) + step);
    this.arrange();
    this.tell();
  }

  // The row stays, marked, so that the numbers of the others stay true; what was in a group comes out of it.
  remove_(row) {
    for (const each of this.inside(row)) control(each, "level").value = level(each) - 1;
    control(row, "DELETE").checked = true;
    const next = this.shown[this.shown.indexOf(row) + 1] ?? this.shown[this.shown.indexOf(row) - 1];
    row.hidden = true;
    this.arrange();
    (next?.querySelector("lq-combobox") ?? this.querySelector("[data-add]")).focus();
    this.tell();
  }

  tell() {
    this.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // No row stands deeper than the group above it allows; buttons that would do nothing say so.
  arrange() {
    let above = null;
    for (const row of this.shown) {
      const deepest = above ? Math.min(DEEPEST, level(above) + (isGroup(above) ? 1 : 0)) : 0;
      control(row, "level").value = Math.min(level(row), deepest);
      row.dataset.level = level(row);
      row.toggleAttribute("data-holds", isGroup(row));
      row.querySelector("[data-indent]").disabled = level(row) >= deepest;
      row.querySelector("[data-outdent]").disabled = level(row) === 0;
      row.querySelector("[data-inside]").disabled = level(row) >= DEEPEST;
      above = row;
    }
  }

  changed(event) {
    const row = event.target.closest("[data-condition]");
    if (!row) return;
    if (event.target.closest("[data-choices]")) this.collect(row);
    else if (/-(subject|op)$/.test(event.target.name)) this.refresh(row, event.target.name.endsWith("-subject"));
    if (/-subject$/.test(event.target.name)) this.arrange();
  }

  refresh(row, fresh = false) {
    const entry = guide[control(row, "subject").value];
    const op = control(row, "op");
    if (entry) this.offer(op, entry, fresh);
    if (fresh) control(row, "value").value = "";
    const spans = SPANS.includes(op.value) && entry;
    row.dataset.kind = control(row, "subject").value.split(":")[0];
    row.toggleAttribute("data-spans", Boolean(spans));
    this.edit(row, entry, op.value, spans);
  }

  offer(op, entry, fresh) {
    for (const option of op.options) option.hidden = option.disabled = !entry.ops.includes(option.value);
    if (fresh || (op.selectedOptions[0]?.disabled ?? true)) {
      const liked = ["integer", "decimal", "ordered"].includes(entry.type) ? ">=" : entry.choices.length ? "in" : entry.ops[0];
      op.value = entry.ops.includes(liked) ? liked : entry.ops[0];
    }
  }

  // Free text, a date, a number, or a choice: whatever it is, the text field carries it to the server.
  edit(row, entry, op, spans) {
    const value = control(row, "value");
    const box = row.querySelector("[data-choices]");
    const bare = BARE.includes(op);
    const choices = entry?.choices ?? [];
    const chosen = choices.length > 0 && !bare && !spans;
    value.hidden = bare || chosen;
    value.type = entry?.type === "date" && !spans && !LISTS.includes(op) ? "date" : "text";
    value.inputMode = spans || ["integer", "decimal"].includes(entry?.type) ? "decimal" : "text";
    box.hidden = !chosen;
    box.replaceChildren(...(chosen ? [this.chooser(value, choices, LISTS.includes(op))] : []));
    if (chosen) this.collect(row);
    if (chosen) this.count(row, box);
  }

  // How many leads have each choice; the numbers come when they come.
  async count(row, box) {
    const subject = control(row, "subject").value;
    if (!this.dataset.counts || !subject.startsWith("field:")) return;
    counted[subject] ??= fetch(`${this.dataset.counts}?field=${encodeURIComponent(subject.slice(6))}`).then((answer) => (answer.ok ? answer.json() : {}));
    const numbers = await counted[subject];
    const [open, close] = document.documentElement.lang === "ja" ? ["（", "）"] : [" (", ")"];
    for (const each of box.querySelectorAll("option[value], input[value]")) {
      const words = each.tagName === "OPTION" ? each : each.nextSibling;
      if (each.value && each.value in numbers) words.textContent += `${open}${numbers[each.value]}${close}`;
    }
  }

  chooser(value, choices, many) {
    const now = listed(value.value);
    if (many) return this.boxes(value, choices, now);
    const select = document.createElement("select");
    select.className = "form-select";
    select.ariaLabel = value.ariaLabel;
    for (const [code, label] of [["", "–"], ...choices]) select.add(new Option(label, code, false, code === (now[0] ?? "")));
    return select;
  }

  boxes(value, choices, now) {
    const group = document.createElement("span");
    group.className = "lq-choice-boxes";
    group.role = "group";
    group.ariaLabel = value.ariaLabel;
    for (const [code, label] of choices) {
      const item = document.createElement("label");
      const box = Object.assign(document.createElement("input"), { type: "checkbox", value: code, className: "form-check-input" });
      box.checked = now.includes(code);
      item.append(box, ` ${label}`);
      group.append(item);
    }
    return group;
  }

  collect(row) {
    const box = row.querySelector("[data-choices]");
    const select = box.querySelector("select");
    const checked = [...box.querySelectorAll("input:checked")].map((each) => each.value);
    control(row, "value").value = select ? select.value : checked.join(", ");
  }
}
customElements.define("lq-conditions", Conditions);
