// While something is being edited, and looked at, the page asks what others change meanwhile.
// The asking itself never takes the page away: a failure or a lost session waits for the save.
const watch = (event) => event.target.closest?.("[data-watch]");

document.addEventListener("htmx:beforeRequest", (event) => {
  const found = watch(event);
  if (found && (document.hidden || !document.querySelector(found.dataset.watch))) {
    event.preventDefault();
  }
});

document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (watch(event) && event.detail.xhr.status >= 400) event.preventDefault();
});
