// The form of a section: more rows without asking the server, Ctrl+Enter saves, and nobody leaves
// what was typed by mistake.
const form_at = (element) => element.closest?.("form[data-section-form]");
const forms = () => [...document.querySelectorAll("form[data-section-form]")];
let leaving = false; // saving is no leaving

const changed = (field) => {
  if (field.type === "hidden" || !field.name) return false;
  if (field.tagName === "SELECT") return [...field.options].some((one) => one.selected !== one.defaultSelected);
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  return "defaultValue" in field && field.value !== field.defaultValue;
};
const unsaved = (form) => "unsaved" in form.dataset || [...form.elements].some(changed);

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-add-rows]");
  if (!button) return;
  event.preventDefault();
  addRow(form_at(button));
});

const addRow = (form) => {
  const rows = [...form.querySelectorAll("input[name=row]")];
  const place = Math.max(-1, ...rows.map((each) => Number(each.value))) + 1;
  const row = form.querySelector("template[data-new-row]").content.cloneNode(true);
  for (const field of row.querySelectorAll("[name]")) {
    if (field.name === "row") field.value = place;
    else field.name = field.name.replace(/^new-/, `${place}-`);
  }
  form.querySelector("tbody").append(row);
  form.querySelector("tbody tr:last-child .of-name input:not([type=hidden])").focus();
};

document.addEventListener("keydown", (event) => {
  const form = form_at(event.target);
  if (!form || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  form.requestSubmit();
});

document.addEventListener("submit", (event) => {
  if (form_at(event.target)) leaving = true;
});

// Links of the form: to its other parts, and back to reading.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("form[data-section-form] [data-leaves]");
  if (!link || !unsaved(form_at(link))) return;
  if (window.confirm("Leave without saving what you typed?")) {
    leaving = true;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

window.addEventListener("beforeunload", (event) => {
  if (!leaving && forms().some(unsaved)) event.preventDefault();
});

document.addEventListener("htmx:afterSettle", (event) => {
  leaving = false;
  const form = event.detail.elt.querySelector?.("form[data-section-form]");
  form?.querySelector("[aria-invalid], .refused [type=radio], .refused [type=checkbox]")?.focus();
});
