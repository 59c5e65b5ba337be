// The server writes absolute times in UTC; here their tooltips get the viewer's own time zone.
const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long" });

const put = (element, moment) => {
  element.dataset.local = "";
  if (!Number.isNaN(moment.getTime())) element.title = format.format(moment);
};

const localise = (root) => {
  for (const time of root.querySelectorAll("time[datetime]:not([data-local])")) {
    put(time, new Date(time.dateTime));
  }
  // Table cells say it in their tooltip only: "2026-01-31 12:30:00 UTC".
  for (const cell of root.querySelectorAll("td.time[title]:not([data-local])")) {
    put(cell, new Date(cell.title.replace(" UTC", "Z").replace(" ", "T")));
  }
};
localise(document);
document.addEventListener("htmx:afterSettle", (event) => localise(event.target));
