// Walking the hits of a search: Enter and Shift+Enter in its box, n and p or F3 elsewhere, and
// two buttons. Rows that are not loaded yet are loaded on the way.
const MARKS = ".panels mark";
let current = null;
let found = ""; // what the server said: "12 hits in 5 rows"

const isBox = (element) => element.id === "find-parameter";
const status = () => document.querySelector("#hits");
const searched = () => new URLSearchParams(location.search).get("q")?.trim() ?? "";
const searching = () => searched() !== "" && document.querySelector(MARKS) !== null;

const load = (row) => new Promise((done) => {
  const events = ["htmx:afterSettle", "htmx:responseError", "htmx:sendError"];
  const end = () => {
    for (const name of events) document.removeEventListener(name, end);
    done();
  };
  for (const name of events) document.addEventListener(name, end);
  row.querySelector("form").requestSubmit();
});

async function step(by) {
  const stops = () => [...document.querySelectorAll(`${MARKS}, .panels tr.more`)];
  let all = stops();
  let next = all[all.indexOf(current) + by];
  if (!next && by > 0) next = all[0];
  // Backwards from the first one goes round only where all are there.
  else if (!next) next = all.some((each) => each.matches("tr")) ? current ?? all[0] : all.at(-1);
  if (next?.matches("tr")) {
    const before = all[all.indexOf(next) - 1];
    await load(next);
    all = stops();
    next = all[before ? all.indexOf(before) + 1 : 0];
    if (next?.matches("tr")) return;
  }
  if (next) show(next);
}

// One after the other: a key pressed while rows are being loaded goes on from there.
let walk = Promise.resolve();
const go = (by) => { walk = walk.then(() => step(by)); };

function show(mark) {
  current?.classList.remove("current");
  current = mark;
  mark.classList.add("current");
  for (let part = mark; part; part = part.parentElement) if (part.matches("details")) part.open = true;
  mark.scrollIntoView({ block: "center", inline: "nearest" });
  found ||= status().textContent;
  const number = [...document.querySelectorAll(MARKS)].indexOf(mark) + 1;
  status().textContent = `${number} of ${found}`;
}

// A button that would lead nowhere is not there.
const start = () => {
  current = null;
  found = "";
  document.querySelector("[data-hit-buttons]").hidden = !searching();
};

const wanted = (event) => {
  if (event.key === "F3") return event.shiftKey ? -1 : 1;
  const typing = event.target.closest("input, textarea, select, [contenteditable], dialog");
  return typing || event.shiftKey ? 0 : { n: 1, p: -1 }[event.key];
};

document.addEventListener("keydown", (event) => {
  const box = event.target;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (isBox(box) && event.key === "Escape" && box.value) {
    event.preventDefault();
    box.value = "";
    box.dispatchEvent(new Event("search", { bubbles: true }));
  } else if (isBox(box) && event.key === "Enter") {
    if (!searching() || box.value.trim() !== searched()) return;
    event.preventDefault();
    go(event.shiftKey ? -1 : 1);
  } else if (searching() && wanted(event)) {
    event.preventDefault();
    go(wanted(event));
  }
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-hit]");
  if (button) go(Number(button.dataset.hit));
});

// Only where the results were swapped, not where a row of them was.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.matches?.(".panels, body")) start();
});
start();
