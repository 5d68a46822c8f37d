// Forms with data-draft="lead id": what is typed is kept on the server, given back when the form is opened again (also
// after a reload or a sign-out), and gone when the form is sent. Only what differs from the empty form is kept.
const WAITS = 700;
const address = document.body.dataset.drafts;
const pending = new Map();

const place = (form) => new URL(form.action, location.href).pathname;
const fields = (form) => [...form.elements].filter((field) => field.name && !field.matches("[type=hidden], [type=password], [type=file], button"));
const chosen = (field) => field.matches("[type=radio], [type=checkbox]");
const initial = (select) => [...select.options].find((option) => option.defaultSelected)?.value ?? select.options[0]?.value;

function typed(form) {
  const values = {};
  for (const field of fields(form)) {
    if (chosen(field)) {
      if (field.checked && !field.defaultChecked) values[field.name] = field.value;
    } else if (field.value !== (field.matches("select") ? initial(field) : field.defaultValue)) values[field.name] = field.value;
  }
  return values;
}

function fill(form, values) {
  for (const field of fields(form)) {
    if (!(field.name in values)) continue;
    if (chosen(field)) field.checked = field.value === values[field.name];
    else field.value = values[field.name];
    field.closest("details")?.setAttribute("open", "");
    if (!chosen(field) || field.checked) field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function save(form, values = typed(form)) {
  clearTimeout(pending.get(form));
  pending.delete(form);
  const body = new FormData();
  body.append("csrfmiddlewaretoken", JSON.parse(document.body.getAttribute("hx-headers:inherited"))["X-CSRFToken"]);
  body.append("place", place(form));
  body.append("about", form.dataset.draft);
  body.append("values", JSON.stringify(values));
  fetch(address, { method: "POST", body, keepalive: true }).catch(() => {});
}

async function restore(form) {
  form.dataset.asked = "1";
  if (form.querySelector("[aria-invalid=true], .lq-problems")) return; // it comes back with what was typed
  const answer = await fetch(`${address}?place=${encodeURIComponent(place(form))}`, { headers: { "HX-Request": "true" } });
  if (answer.status !== 200 || !form.isConnected || Object.keys(typed(form)).length) return;
  const box = document.createElement("template");
  box.innerHTML = await answer.text();
  const line = box.content.querySelector("[data-values]");
  fill(form, JSON.parse(line.dataset.values));
  line.querySelector("[data-discard]").addEventListener("click", () => {
    form.reset();
    save(form, {});
    line.remove();
  });
  form.prepend(line);
}

function look(root) {
  for (const form of root.querySelectorAll("form[data-draft]:not([data-draft='']):not([data-asked])")) restore(form).catch(() => {});
}

if (address) {
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form?.dataset.draft) return;
    clearTimeout(pending.get(form));
    pending.set(form, setTimeout(() => save(form), WAITS));
  });
  document.addEventListener("submit", (event) => {
    clearTimeout(pending.get(event.target));
    pending.delete(event.target);
  }, true);
  addEventListener("pagehide", () => { for (const form of [...pending.keys()]) save(form); });
  document.addEventListener("close", () => { for (const form of [...pending.keys()]) save(form); }, true);
  new MutationObserver(() => look(document)).observe(document.body, { childList: true, subtree: true });
  look(document);
}
