// Buttons that copy: data-copy="text", or data-copy-from="element id" for a long text.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-copy-from]");
  if (!button) return;
  const source = button.dataset.copyFrom && document.getElementById(button.dataset.copyFrom);
  const text = source ? (source.value ?? source.textContent) : button.dataset.copy;
  say(button, await put(text));
});

const say = (button, done) => {
  const label = button.querySelector("[data-copy-label], code") ?? button;
  const before = label.dataset.label ?? label.textContent;
  label.dataset.label = before;
  label.textContent = done ? "Copied" : "Not copied";
  setTimeout(() => { label.textContent = before; }, 1400);
};

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
  for (const button of root.querySelectorAll("[data-copy][hidden], [data-copy-from][hidden], [data-copy-fetch][hidden]")) {
    button.hidden = false;
  }
};
show(document);
document.addEventListener("htmx:afterSettle", (event) => show(event.target));

// What must be copied byte for byte is fetched: a page cannot hold every kind of line end.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy-fetch]");
  if (!button) return;
  const form = button.form;
  const answer = await fetch(`${form.action}?${new URLSearchParams(new FormData(form))}`);
  say(button, answer.ok && await put(await answer.text()));
});

// A link to a place on the page: it goes into the address bar and the clipboard.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a.permalink");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.replaceState(history.state, "", link.href);
  const done = await put(link.href);
  const notice = document.createElement("div");
  notice.className = "notice";
  notice.textContent = done ? "Link copied." : "The link is in the address bar.";
  document.querySelector("#notices").replaceChildren(notice);
  setTimeout(() => notice.remove(), 3000);
});

// What is copied shows in a dialog over the page; without this module on a page of its own.
document.addEventListener("htmx:afterSettle", (event) => {
  const dialog = event.target.closest?.("#copy-dialog");
  if (!dialog) return;
  if (!dialog.open) dialog.showModal();
  (dialog.querySelector("[data-copy-from]") ?? dialog.querySelector("button")).focus();
});
// Closed, it keeps nothing: secrets may stand in it. The event does not bubble.
document.addEventListener("close", (event) => {
  if (event.target.id === "copy-dialog") event.target.replaceChildren();
}, true);
