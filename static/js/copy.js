// Buttons that copy: data-copy="text", or data-copy-from="element id" for a long text.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-copy-from]");
  if (!button) return;
  const source = button.dataset.copyFrom && document.getElementById(button.dataset.copyFrom);
  const text = source ? (source.value ?? source.textContent) : button.dataset.copy;
  const done = await put(text);
  const label = button.querySelector("[data-copy-label]") ?? button;
  const before = label.dataset.label ?? label.textContent;
  label.dataset.label = before;
  label.textContent = done ? "Copied" : "Press Ctrl+C";
  setTimeout(() => { label.textContent = before; }, 1400);
});

// The clipboard interface exists on https and localhost only; elsewhere select-and-copy remains.
async function put(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

// Copy buttons make no sense without this module, so the server sends them hidden.
const show = (root) => {
  for (const button of root.querySelectorAll("[data-copy][hidden], [data-copy-from][hidden]")) {
    button.hidden = false;
  }
};
show(document);
document.addEventListener("htmx:afterSettle", (event) => show(event.target));
