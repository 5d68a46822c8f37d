// A form on a visitor's page: errors on leaving a field, readings from what is typed, addresses from post codes, fields
// that depend on others, the height for the page around. Without this script the form works as well.
import "./composition.js";

const form = document.querySelector("form[data-key]");
const told = new URLSearchParams(location.hash.slice(1));

// --- the page around ---
function report() {
  if (parent !== window) parent.postMessage({ lqHeight: document.documentElement.offsetHeight + 4 }, "*");
}
new ResizeObserver(report).observe(document.documentElement);
if (document.body.dataset.sent && parent !== window) parent.postMessage({ lqSent: document.body.dataset.sent }, "*");

// --- what the page around told us: the browser's id, the page, where the visit came from ---
if (form && told.size) {
  form.elements.visitor.value = told.get("v") || "";
  form.elements.url.value = told.get("u") || form.elements.url.value;
  form.elements.referrer.value = told.get("r") || "";
}

const fieldOf = (input) => input.closest("[data-field]");
const address = (end) => `/f/${form.dataset.key}/${end}${form.dataset.test ? `?test=${encodeURIComponent(form.dataset.test)}` : ""}`;

// --- errors beside the field on leaving it, and fields that depend on others ---
async function check(field) {
  const names = new Set([...field.querySelectorAll("[name]")].map((input) => input.name));
  for (const name of form.dataset.watched.split(" ")) names.add(name);
  const body = new URLSearchParams({ left: field.dataset.field, language: form.elements.language.value });
  for (const [name, value] of new FormData(form)) if (names.has(name)) body.append(name, value);
  const answer = await fetch(address("check"), { method: "POST", body });
  if (answer.ok) show(field, await answer.json());
}

function show(left, { error, hidden, required }) {
  if (!left.contains(document.activeElement) && (error || left.dataset.left)) mark(left, error);
  for (const field of form.querySelectorAll("[data-field]")) {
    field.toggleAttribute("data-hidden", hidden.includes(field.dataset.field));
    const sign = field.querySelector(".mark");
    const needed = required.includes(field.dataset.field);
    sign.toggleAttribute("data-is-needed", needed);
    sign.textContent = needed ? sign.dataset.needed : sign.dataset.free;
  }
}

function mark(field, error) {
  field.querySelector(".error").textContent = error;
  for (const input of field.querySelectorAll("input, select, textarea")) input.setAttribute("aria-invalid", String(Boolean(error)));
}

// --- readings: what the keyboard shows before it becomes characters ---
function readings(field) {
  const katakana = (text) => text.replace(/[ぁ-ゖ]/g, (each) => String.fromCharCode(each.charCodeAt(0) + 0x60));
  for (const part of ["family", "given"]) {
    const name = field.querySelector(`[data-part=${part}]`), kana = field.querySelector(`[data-part=${part}_kana]`);
    if (!name || !kana) continue;
    let typing = "", own = Boolean(kana.value);
    kana.addEventListener("input", () => { own = Boolean(kana.value); });
    name.addEventListener("compositionupdate", (event) => {
      const text = (event.data || "").replace(/[a-zA-Zａ-ｚＡ-Ｚ]+$/, "");
      if (text && /^[ぁ-ゖァ-ヶー]+$/.test(text)) typing = text;
    });
    name.addEventListener("compositionend", () => {
      if (!own && typing) kana.value += katakana(typing);
      typing = "";
    });
    name.addEventListener("input", () => { if (!name.value && !own) kana.value = ""; });
  }
}

// --- post codes ---
async function locate(field) {
  const part = (name) => field.querySelector(`[data-part=${name}]`);
  const answer = await fetch(`/f/postcode?code=${encodeURIComponent(part("postcode").value)}`);
  const found = answer.ok ? await answer.json() : {};
  if (!found.region) return;
  part("region").value = found.region;
  if (!part("line").value) part("line").value = found.line;
}

// --- how far somebody came: names of fields only ---
const reached = new Set(), returned = new Set();
let last = "", isSent = false;

if (form) {
  for (const field of form.querySelectorAll("[data-field]")) {
    readings(field);
    const postcode = field.querySelector("[data-part=postcode]");
    if (!postcode) continue;
    postcode.addEventListener("change", () => locate(field));
    const fill = field.querySelector(".fill");
    fill.type = "button";
    fill.addEventListener("click", () => locate(field));
  }
  form.addEventListener("focusin", (event) => {
    const field = fieldOf(event.target);
    if (!field) return;
    const code = field.dataset.field;
    if (reached.has(code) && last !== code) returned.add(code);
    reached.add(code);
    last = code;
  });
  form.addEventListener("focusout", (event) => {
    const field = fieldOf(event.target);
    if (!field || field.contains(event.relatedTarget)) return;
    const inputs = [...field.querySelectorAll("input, select, textarea")];
    if (!field.dataset.left && !inputs.some((input) => (input.matches("[type=checkbox],[type=radio]") ? input.checked : input.value))) return;
    field.dataset.left = "1";
    check(field).catch(() => {});
  });
  form.addEventListener("change", (event) => {
    const field = fieldOf(event.target);
    if (field && form.dataset.watched.split(" ").includes(event.target.name)) check(field).catch(() => {});
  });
  form.addEventListener("submit", () => { isSent = true; });
  addEventListener("pagehide", () => {
    if (!reached.size) return;
    const steps = { reached: [...reached], returned: [...returned], last: isSent ? "" : last };
    navigator.sendBeacon(address("steps"), JSON.stringify(steps));
  });
  document.querySelector("#problems")?.focus();
}
report();
