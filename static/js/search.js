// The search at the top answers while one types. Arrow keys walk from the field through what was found, Escape goes
// back to the field and closes the list, and so does leaving both.
const form = document.querySelector("[data-search]")?.form;
const list = document.getElementById("found");

if (form && list) {
  const field = form.querySelector("[data-search]");
  const stops = () => [field, ...list.querySelectorAll("a[href], button")];

  form.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.isComposing || event.keyCode === 229) return;
    if (step && !list.hidden && list.childElementCount) {
      const all = stops();
      all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
      event.preventDefault();
    } else if (event.key === "Escape" && !list.hidden && list.childElementCount) {
      list.hidden = true;
      field.focus();
      event.preventDefault();
    }
  });
  field.addEventListener("input", () => { list.hidden = false; });
  field.addEventListener("focus", () => { list.hidden = false; });
  form.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !form.contains(event.relatedTarget)) list.hidden = true;
  });
  document.addEventListener("pointerdown", (event) => {
    if (!form.contains(event.target)) list.hidden = true;
  });
}
