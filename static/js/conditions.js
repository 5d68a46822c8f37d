// <lq-conditions>: rows of conditions, each a plain set of controls that the server reads. Here rows are added and removed,
// and each offers what its field has: the operators, a list of choices instead of free text, a date picker, a unit.
const read = () => JSON.parse(document.getElementById("guide")?.textContent ?? "{}");
let guide = {};
const BARE = ["known", "unknown"];
const LISTS = ["in", "not_in"];
const SPANS = ["within_next", "within_last"];
const control = (row, name) => row.querySelector(`[name$="-${name}"]`);
const listed = (text) => text.split(/[,、，\n]/).map((word) => word.trim()).filter(Boolean);

class Conditions extends HTMLElement {
  connectedCallback() {
    guide = read();
    this.list = this.querySelector("[data-rows]");
    this.total = this.querySelector('[name$="-TOTAL_FORMS"]');
    this.classList.add("is-live");
    for (const button of this.querySelectorAll("[data-add], [data-remove]")) button.hidden = false;
    this.addEventListener("click", (event) => this.clicked(event));
    this.addEventListener("change", (event) => this.changed(event));
    for (const row of this.rows) {
      row.hidden = control(row, "DELETE").checked;
      this.refresh(row);
    }
  }

  get rows() {
    return [...this.list.querySelectorAll("[data-condition]")];
  }

  clicked(event) {
    if (event.target.closest("[data-add]")) this.add();
    const remove = event.target.closest("[data-remove]");
    if (remove) this.remove_(remove.closest("[data-condition]"));
  }

  add() {
    const html = this.querySelector("template").innerHTML.replaceAll("__prefix__", this.total.value);
    this.list.insertAdjacentHTML("beforeend", html);
    this.total.value = Number(this.total.value) + 1;
    const row = this.list.lastElementChild;
    for (const button of row.querySelectorAll("[data-remove]")) button.hidden = false;
    this.refresh(row);
    control(row, "subject").focus();
  }

  // The row stays, marked, so that the numbers of the others stay true; focus goes to a neighbour.
  remove_(row) {
    control(row, "DELETE").checked = true;
    row.hidden = true;
    const next = this.rows.find((other) => !other.hidden);
    (next ? control(next, "subject") : this.querySelector("[data-add]")).focus();
    this.dispatchEvent(new Event("change", { bubbles: true }));
  }

  changed(event) {
    const row = event.target.closest("[data-condition]");
    if (!row) return;
    if (event.target.closest("[data-choices]")) this.collect(row);
    else if (/-(subject|op)$/.test(event.target.name)) this.refresh(row, event.target.name.endsWith("-subject"));
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
