// Following a console: who reads further up is not moved, and a page left open does not grow.
const MOST_REPORTS = 5000;

let kept = null;
const scroller = () => document.querySelector(".console");

document.addEventListener("htmx:beforeSwap", (event) => {
  if (!event.target.matches?.("[data-follow]")) return;
  const box = scroller();
  // Reversed, the scroller counts from its end: 0 is the newest line, above it is negative.
  kept = box.scrollTop < -4 ? box.scrollHeight + box.scrollTop : null;
});

document.addEventListener("htmx:afterSwap", () => {
  const box = scroller();
  if (!box) return;
  if (kept !== null) {
    box.scrollTop = kept - box.scrollHeight;
    kept = null;
    return;
  }
  const reports = box.querySelectorAll(".report");
  for (let place = 0; place < reports.length - MOST_REPORTS; place += 1) reports[place].remove();
});
