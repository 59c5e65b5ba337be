// Text of configuration objects: folding, wrapping, choosing lines. Links and forms do without it.
const texts = (root) => [
  ...(root.matches?.("[data-object-text]") ? [root] : []),
  ...root.querySelectorAll("[data-object-text]"),
];

const prepare = (root) => {
  const text = root.closest?.("[data-object-text]");
  for (const each of text ? [text] : texts(root)) addFolds(each);
  for (const each of texts(root)) each.querySelector(".line.chosen")?.scrollIntoView({ block: "center" });
};

// One fold button of a text is in the tab order; the arrows go to the others.
const addFolds = (text) => {
  for (const line of text.querySelectorAll(".line[data-fold]:not([data-foldable])")) {
    line.dataset.foldable = "";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "fold";
    button.tabIndex = text.querySelector("button.fold[tabindex='0']") ? -1 : 0;
    button.setAttribute("aria-expanded", "true");
    button.setAttribute("aria-label", `Lines ${line.dataset.line} to ${line.dataset.fold}`);
    line.prepend(button);
  }
  const all = text.closest(".object")?.querySelector("[data-fold-all]");
  if (all) all.hidden = !text.querySelector("button.fold");
};

const setFolded = (button, folded) => {
  button.setAttribute("aria-expanded", String(!folded));
  redraw(button.closest("[data-object-text]"));
};

// A line is hidden while any line above that it folds under is folded.
const redraw = (text) => {
  let until = 0;
  for (const line of text.querySelectorAll(".line")) {
    const number = Number(line.dataset.line);
    line.hidden = number <= until;
    const folded = line.querySelector("button.fold[aria-expanded='false']");
    if (folded) until = Math.max(until, Number(line.dataset.fold));
  }
};

const foldAll = (button) => {
  const text = button.closest(".object").querySelector("[data-object-text]");
  const folds = [...text.querySelectorAll("button.fold")];
  const folded = folds.some((each) => each.ariaExpanded === "true");
  for (const each of folds) each.setAttribute("aria-expanded", String(!folded));
  button.textContent = folded ? "Unfold" : "Fold";
  redraw(text);
};

const wrap = (button) => {
  const text = button.closest(".object").querySelector("[data-object-text]");
  const wraps = text.toggleAttribute("data-wraps");
  button.setAttribute("aria-pressed", String(wraps));
  button.value = wraps ? "0" : "1";
};

const choose = (link, extend) => {
  const text = link.closest("[data-object-text]");
  const line = Number(link.parentElement.dataset.line);
  const from = extend ? Number(text.querySelector(".line.chosen")?.dataset.line ?? line) : line;
  const [first, last] = [Math.min(from, line), Math.max(from, line)];
  for (const each of text.querySelectorAll(".line")) {
    const number = Number(each.dataset.line);
    each.classList.toggle("chosen", number >= first && number <= last);
  }
  const address = new URL(link.href);
  address.searchParams.set("line", last > first ? `${first}-${last}` : `${first}`);
  history.replaceState(history.state, "", address);
};

document.addEventListener("click", (event) => {
  const fold = event.target.closest("button.fold");
  if (fold) return setFolded(fold, fold.ariaExpanded === "true");
  const all = event.target.closest("[data-fold-all]");
  if (all) return foldAll(all);
  const wrapping = event.target.closest("[data-wrap]");
  const link = event.target.closest("[data-object-text] .line-link");
  if (!wrapping && !(link && !event.ctrlKey && !event.metaKey)) return;
  event.preventDefault();
  if (wrapping) wrap(wrapping);
  else choose(link, event.shiftKey);
});

document.addEventListener("keydown", (event) => {
  const button = event.target.closest?.("button.fold");
  if (!button) return;
  const folds = [...button.closest("[data-object-text]").querySelectorAll(".line:not([hidden]) > button.fold")];
  const place = folds.indexOf(button);
  const next = { ArrowDown: folds[place + 1], ArrowUp: folds[place - 1], Home: folds[0], End: folds.at(-1) }[event.key];
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") setFolded(button, event.key === "ArrowLeft");
  else if (!next) return;
  event.preventDefault();
  if (!next) return;
  button.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
});

prepare(document);
document.addEventListener("htmx:load", (event) => {
  if (event.target !== document.body) prepare(event.target);
});
