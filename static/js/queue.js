// One queue: rows move by Alt+arrows and by drag, through the same form as their buttons; what is
// ticked stays so when the order is fetched anew, and nothing is fetched while a hand is on it.
const queue = () => document.getElementById("queue");
const rowOf = (element) => element.closest?.("#queue [data-entry]");
let dragged = null;
let ticked = [];

const ready = () => {
  queue().dataset.live = "";
  for (const part of queue().querySelectorAll("[data-grip][hidden], .all[hidden]")) part.hidden = false;
  for (const grip of queue().querySelectorAll("[data-grip]")) grip.draggable = true;
};

// A button of the form says what to do; here one is made for a place that has no button.
const send = (wish) => {
  const button = document.createElement("button");
  button.name = "do";
  button.value = wish;
  button.hidden = true;
  queue().querySelector("[data-order]").append(button);
  button.click();
};

document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey) return;
  const verb = { ArrowUp: "up", ArrowDown: "down" }[event.key];
  const row = verb && rowOf(event.target);
  if (!row || !("moves" in row.dataset)) return;
  event.preventDefault();
  send(`${verb} ${row.dataset.entry}`);
});

const unmark = () => {
  for (const row of document.querySelectorAll(".drop-before, .drop-after")) {
    row.classList.remove("drop-before", "drop-after");
  }
};

document.addEventListener("dragstart", (event) => {
  if (!event.target.matches?.("[data-grip]")) return;
  dragged = rowOf(event.target);
  dragged.classList.add("dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.entry);
  event.dataTransfer.setDragImage(dragged, 24, dragged.offsetHeight / 2);
});

document.addEventListener("dragover", (event) => {
  const row = dragged && rowOf(event.target);
  if (!row) return;
  event.preventDefault();
  unmark();
  const { top, height } = row.getBoundingClientRect();
  if (row !== dragged) row.classList.add(event.clientY < top + height / 2 ? "drop-before" : "drop-after");
});

document.addEventListener("drop", (event) => {
  const row = dragged && rowOf(event.target);
  if (!row) return;
  event.preventDefault();
  const side = row.classList.contains("drop-before") ? "before" : "after";
  if (row !== dragged) send(`${side} ${dragged.dataset.entry} ${row.dataset.entry}`);
});

document.addEventListener("dragend", () => {
  dragged?.classList.remove("dragged");
  dragged = null;
  unmark();
});

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-all]")) return;
  for (const box of queue().querySelectorAll("input[name=task]")) box.checked = event.target.checked;
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const asksAgain = event.detail.elt === queue();
  if (asksAgain && (dragged || document.activeElement?.matches("#queue select"))) event.preventDefault();
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target !== queue()) return;
  const asked = event.detail.requestConfig.verb === "get";
  ticked = asked ? [...queue().querySelectorAll("input[name=task]:checked")].map((box) => box.value) : [];
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.elt !== queue()) return;
  ready();
  for (const uid of ticked) {
    const box = document.getElementById(`pick-${uid}`);
    if (box) box.checked = true;
  }
});

ready();
