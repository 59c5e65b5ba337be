// Inline editing, where htmx has put a form in a row: Esc restores, Enter saves (Ctrl+Enter in
// a field of many lines), the focus goes where the person is.
document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("tr.editing [data-editing]");
  if (!form) return;
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    form.querySelector("[data-cancel]")?.click();
  } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  }
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-drop-row]")) event.target.closest("tr").remove();
});

document.addEventListener("htmx:afterSettle", (event) => {
  const part = event.detail.elt;
  const field = part.querySelector?.("tr.editing [autofocus], [data-editing] [autofocus]");
  if (field) {
    field.focus();
    field.select?.();
  } else if (part.matches?.("tr[data-param]")) {
    part.querySelector("button.edit")?.focus();
  }
});
