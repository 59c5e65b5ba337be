// The editor of a configuration object: Ctrl+Enter saves, Esc leaves the field, a fault is found.
const form = document.querySelector("[data-object-form]");
const field = form?.querySelector("#object-text");

const select = (line, column) => {
  const lines = field.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
  field.focus();
  field.setSelectionRange(start, Math.min(start + 1, field.value.length));
  const height = parseFloat(getComputedStyle(field).lineHeight);
  field.scrollTop = Math.max(0, (line - 5) * height);
};

form?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  } else if (event.key === "Escape" && event.target === field) {
    form.querySelector(".buttons .button").focus();
  }
});

for (const button of document.querySelectorAll("[data-goto-line]")) {
  button.hidden = false;
  const { gotoLine, gotoColumn } = button.dataset;
  button.addEventListener("click", () => select(Number(gotoLine), Number(gotoColumn)));
}

// What was typed is not lost by a slip: the browser asks before the page is left.
let changed = false;
let saving = false;
form?.addEventListener("input", () => { changed = true; });
form?.addEventListener("submit", () => { saving = true; });
window.addEventListener("beforeunload", (event) => {
  if (changed && !saving) event.preventDefault();
});
