// While something is being edited, and looked at, the page asks what others change meanwhile.
// The asking itself never takes the page away: a failure or a lost session waits for the save.
const watch = (event) => event.target.closest?.("[data-watch]");

const ask = () => document.getElementById("changes")?.dispatchEvent(new Event("look"));

document.addEventListener("htmx:beforeRequest", (event) => {
  const found = watch(event);
  if (found && (document.hidden || !document.querySelector(found.dataset.watch))) {
    event.preventDefault();
  }
});

document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (watch(event) && event.detail.xhr.status >= 400) event.preventDefault();
});

// At once where a form opens, or somebody comes back to one.
document.addEventListener("visibilitychange", ask);
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.elt.querySelector?.("[data-editing]")) ask();
});
