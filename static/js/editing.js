// Inline editing, where htmx has put a form in a row: Enter saves (Ctrl+Enter in a field of many
// lines), Tab saves what was changed and opens the next row, Shift+Tab the one before, Alt+↓ shows
// the other fields, Esc restores. The focus goes where the person is.
const form_of = (element) => element.closest?.("tr.editing [data-editing]");
let onward = null; // the row to open once the present one has been answered

document.addEventListener("keydown", (event) => {
  const form = form_of(event.target);
  if (!form || event.isComposing) return;
  if (event.key === "Escape") {
    take(event);
    form.querySelector("[data-cancel]")?.click();
  } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey || event.target.tagName === "SELECT")) {
    take(event);
    form.requestSubmit();
  } else if (event.key === "ArrowDown" && event.altKey && event.target.name === "value") {
    const more = form.querySelector(".more-fields");
    if (!more) return;
    take(event);
    more.open = true;
    more.querySelector("summary").focus();
  } else if (event.key === "Tab" && !event.ctrlKey && !event.altKey) {
    move(event, form);
  }
});

const take = (event) => {
  event.preventDefault();
  event.stopPropagation();
};

// Tab stays the browser's own where there is something to choose, or no row to go on to.
const move = (event, form) => {
  if (event.target.name !== "value" || form.querySelector("[role=alert]")) return;
  const next = neighbour(form.closest("tr"), event.shiftKey);
  if (!next) return;
  take(event);
  onward = next.id;
  if (changed(form)) form.requestSubmit();
  else form.querySelector("[data-cancel]").click();
};

const neighbour = (row, back) => {
  const rows = [...row.closest("table").querySelectorAll("tr.editing, tr[data-param]")];
  const after = back ? rows.slice(0, rows.indexOf(row)).reverse() : rows.slice(rows.indexOf(row) + 1);
  return after.find((each) => each.querySelector("button.edit"));
};

const changed = (form) => [...form.elements].some((field) => {
  if (field.tagName === "SELECT") return [...field.options].some((one) => one.selected !== one.defaultSelected);
  if (field.tagName !== "INPUT" && field.tagName !== "TEXTAREA") return false;
  return field.type !== "hidden" && field.value !== field.defaultValue;
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-drop-row]")) event.target.closest("tr").remove();
});

// A row that is gone leaves the focus to the one beside it.
document.addEventListener("htmx:beforeSwap", (event) => {
  const row = event.detail.target;
  if (!row.matches?.("tr.editing") || event.detail.serverResponse.trim()) return;
  const beside = [row.nextElementSibling, row.previousElementSibling].map((one) => one?.querySelector("button"));
  setTimeout(() => beside.find((one) => one)?.focus());
});

document.addEventListener("htmx:afterSettle", (event) => {
  const part = event.detail.elt;
  const field = part.querySelector?.("tr.editing [autofocus], [data-editing] [autofocus]");
  if (field) {
    onward = null;
    field.focus();
    field.select?.();
  } else if (part.matches?.("tr[data-param]") && !event.detail.requestConfig?.elt.closest("tr.more")) {
    // Not where more rows were loaded: who scrolls or walks hits stays where they are.
    const row = onward && document.getElementById(onward);
    onward = null;
    if (row) row.querySelector("button.edit").click();
    else part.querySelector("button.edit, .reveal")?.focus();
  }
});
