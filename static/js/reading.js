// Reading a configuration: which section one is in, folding, and arriving where a link leads.
const index = () => document.querySelector(".index");
const parts = () => document.querySelectorAll(".panels > :is(.parameters, .object)");
const inView = new Set();

// The section at the top of the window is the one being read; its link says so.
const watcher = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (entry.isIntersecting) inView.add(entry.target);
    else inView.delete(entry.target);
  }
  const here = [...parts()].find((part) => inView.has(part));
  if (here) say(here.id);
}, { rootMargin: "-72px 0px -55% 0px" });

function say(id) {
  for (const link of index().querySelectorAll("nav a")) {
    const current = link.hash === `#${id}`;
    if (current === link.hasAttribute("aria-current")) continue;
    if (!current) link.removeAttribute("aria-current");
    else {
      link.setAttribute("aria-current", "location");
      const box = index();
      const top = link.getBoundingClientRect().top - box.getBoundingClientRect().top;
      if (top < 60 || top > box.clientHeight - 30) box.scrollTop += top - box.clientHeight / 2;
    }
  }
}

// A group's row hides what is in it: the rows that follow and lie deeper.
function refold(body) {
  let closed = Infinity;
  for (const row of body.rows) {
    const depth = Number(row.dataset.depth ?? 0);
    if (depth <= closed) closed = Infinity;
    row.hidden = closed < Infinity;
    if (!row.hidden && row.querySelector(".fold-group[aria-expanded=false]")) closed = depth;
  }
}

const foldAll = (button) => {
  const closing = button.getAttribute("aria-pressed") !== "true";
  for (const part of parts()) part.querySelector(":scope > details").open = !closing;
  button.setAttribute("aria-pressed", String(closing));
  button.textContent = closing ? "Expand all" : "Collapse all";
};

document.addEventListener("click", (event) => {
  const group = event.target.closest("tr.group");
  if (group) {
    const button = group.querySelector(".fold-group");
    button.setAttribute("aria-expanded", String(button.getAttribute("aria-expanded") !== "true"));
    refold(group.parentElement);
  }
  const all = event.target.closest("[data-fold-sections]");
  if (all) foldAll(all);
  const link = event.target.closest(".index nav a");
  if (link) {
    link.closest("details").open = false;
    const section = document.querySelector(link.hash);
    const folded = section?.querySelector(":scope > details");
    if (folded) folded.open = true;
  }
});

function prepare() {
  for (const control of document.querySelectorAll("tr.group .fold-group[hidden], [data-fold-sections][hidden]")) {
    control.hidden = false;
  }
  for (const body of document.querySelectorAll(".tree .parameters tbody:has(.fold-group[aria-expanded=false])")) {
    refold(body);
  }
  inView.clear();
  watcher.disconnect();
  for (const part of parts()) watcher.observe(part);
}

function arrive() {
  const id = document.querySelector("[data-arrival]")?.dataset.arrival;
  const place = id && document.getElementById(id);
  if (!place) return;
  for (let part = place; part; part = part.parentElement) if (part.matches("details")) part.open = true;
  place.classList.add("arrived");
  place.scrollIntoView({ block: place.matches("section") ? "start" : "center" });
}

if (index()) {
  prepare();
  arrive();
  document.addEventListener("htmx:afterSettle", prepare);
}
