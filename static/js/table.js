// The experiment table: shift-click sorts by several columns, arrow keys and j/k walk the rows.
document.addEventListener("click", (event) => {
  const link = event.target.closest("#experiment-table th a[data-then]");
  if (!link || !event.shiftKey) return;
  event.preventDefault();
  event.stopPropagation();
  location.assign(link.dataset.then);
}, true);

const STEPS = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };

document.addEventListener("keydown", (event) => {
  const step = STEPS[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, details[open]")) return;
  const links = [...document.querySelectorAll("#experiment-table tbody .name a")];
  const here = links.indexOf(document.activeElement);
  if (here < 0 && event.key.startsWith("Arrow")) return;
  const next = links[here + step] ?? (here < 0 ? links[0] : null);
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: "nearest" });
});

// A search field with data-narrows hides the choices that do not contain its text.
document.addEventListener("input", (event) => {
  const target = event.target.dataset.narrows;
  if (!target) return;
  const text = event.target.value.toLowerCase();
  for (const group of document.querySelectorAll(`${target} [data-group]`)) {
    let left = 0;
    for (const choice of group.querySelectorAll("[data-find]")) {
      choice.hidden = !choice.dataset.find.toLowerCase().includes(text);
      left += choice.hidden ? 0 : 1;
    }
    group.hidden = left === 0;
  }
});
