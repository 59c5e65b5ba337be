// The server writes absolute times in UTC; here their tooltips get the viewer's own time zone.
const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long" });

const localise = (root) => {
  for (const time of root.querySelectorAll("time[datetime]:not([data-local])")) {
    time.dataset.local = "";
    time.title = format.format(new Date(time.dateTime));
  }
};
localise(document);
document.addEventListener("htmx:afterSettle", (event) => localise(event.target));
