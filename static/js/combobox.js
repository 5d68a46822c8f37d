// <lq-combobox> around a <select>: type a part of a word to find a choice, in any group. The select stays what the server
// reads; without this script it is used as it is.
const plain = (text) => text.normalize("NFKC").toLowerCase();
let number = 0;

class Combobox extends HTMLElement {
  connectedCallback() {
    if (this.input) return;
    this.select = this.querySelector("select");
    this.list = Object.assign(document.createElement("ul"), { id: `choices-${++number}`, className: "lq-combobox-list", role: "listbox", popover: "manual" });
    this.list.ariaLabel = this.select.ariaLabel;
    this.input = Object.assign(document.createElement("input"), { type: "text", className: "form-control", role: "combobox", autocomplete: "off" });
    this.input.ariaLabel = this.select.ariaLabel;
    this.input.ariaExpanded = "false";
    this.input.ariaAutoComplete = "list";
    for (const name of ["aria-invalid", "aria-describedby"]) {
      if (this.select.hasAttribute(name)) this.input.setAttribute(name, this.select.getAttribute(name));
    }
    this.input.setAttribute("aria-controls", this.list.id);
    this.input.placeholder = this.select.options[0]?.text ?? "";
    this.select.hidden = true;
    this.append(this.input, this.list);
    this.rest();
    this.input.addEventListener("focus", () => this.input.select());
    this.input.addEventListener("click", () => this.open(""));
    this.input.addEventListener("input", (event) => { event.stopPropagation(); this.open(this.input.value); });
    this.input.addEventListener("change", (event) => event.stopPropagation());
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    this.input.addEventListener("blur", () => { this.close(); this.rest(); });
    this.list.addEventListener("pointerdown", (event) => this.pointed(event));
  }

  focus() {
    this.input.focus();
  }

  // The words of what is chosen; nothing while nothing is.
  rest() {
    const option = this.select.selectedOptions[0];
    this.input.value = option?.value ? option.text : "";
  }

  get found() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  open(typed) {
    const words = plain(typed).split(/\s+/).filter(Boolean);
    this.list.replaceChildren(...this.groups(words));
    if (!this.found.length) return this.close();
    if (!this.list.matches(":popover-open")) this.list.showPopover();
    this.input.ariaExpanded = "true";
    this.place();
    this.activate(typed ? this.found[0] : this.found.find((each) => each.dataset.value === this.select.value) ?? this.found[0]);
  }

  groups(words) {
    const groups = [];
    for (const group of this.select.querySelectorAll("optgroup")) {
      const fitting = [...group.children].filter((option) => {
        const text = plain(`${group.label} ${option.text} ${option.value}`);
        return words.every((word) => text.includes(word));
      });
      if (fitting.length) groups.push(this.group(group.label, fitting));
    }
    return groups;
  }

  group(label, options) {
    const list = Object.assign(document.createElement("ul"), { role: "group" });
    const head = Object.assign(document.createElement("li"), { role: "presentation", className: "lq-combobox-head", textContent: label });
    list.ariaLabel = label;
    list.append(head, ...options.map((option) => this.option(option)));
    const item = Object.assign(document.createElement("li"), { role: "presentation" });
    item.append(list);
    return item;
  }

  option(option) {
    const item = Object.assign(document.createElement("li"), { role: "option", textContent: option.text, id: `${this.list.id}-${option.index}` });
    item.dataset.value = option.value;
    item.ariaSelected = "false";
    return item;
  }

  place() {
    const box = this.input.getBoundingClientRect();
    const below = box.bottom < innerHeight * 0.6;
    Object.assign(this.list.style, {
      inset: "auto",
      left: `${box.left}px`,
      width: `${Math.max(box.width, Math.min(288, innerWidth - box.left - 8))}px`,
      maxHeight: `${Math.min(384, (below ? innerHeight - box.bottom : box.top) - 16)}px`,
      [below ? "top" : "bottom"]: `${below ? box.bottom + 4 : innerHeight - box.top + 4}px`,
    });
  }

  activate(item) {
    for (const each of this.found) each.ariaSelected = String(each === item);
    this.active = item;
    this.input.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  }

  pressed(event) {
    const open = this.list.matches(":popover-open");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !event.altKey) {
      event.preventDefault();
      if (!open) return this.open("");
      const items = this.found;
      this.activate(items[(items.indexOf(this.active) + step + items.length) % items.length]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (open) this.choose(this.active.dataset.value);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
      this.rest();
    }
  }

  pointed(event) {
    event.preventDefault();
    const item = event.target.closest("[role=option]");
    if (item) this.choose(item.dataset.value);
  }

  choose(value) {
    this.close();
    this.select.value = value;
    this.rest();
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  close() {
    if (this.list.matches(":popover-open")) this.list.hidePopover();
    this.input.ariaExpanded = "false";
    this.input.removeAttribute("aria-activedescendant");
  }
}
customElements.define("lq-combobox", Combobox);
