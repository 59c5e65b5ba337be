// Choosing rows to copy: shift-click takes a range, a section takes all its rows.
const boxes = () => [...document.querySelectorAll("input[name=key][form=select-form]")];
const LONGEST_ADDRESS = 7000;
let last = null;

document.addEventListener("click", (event) => {
  const box = event.target.closest("input[form=select-form]");
  if (!box) return;
  if (box.name === "section") {
    for (const row of rowsOf(box)) row.checked = row.disabled = box.checked;
  } else {
    const all = boxes();
    const ends = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    if (event.shiftKey && last?.isConnected) {
      for (const each of all.slice(ends[0], ends[1] + 1)) if (!each.disabled) each.checked = box.checked;
    }
    last = box;
  }
  count();
});

const rowsOf = (section) => section.closest("section").querySelectorAll("input[name=key]");
const ticked = (name) => document.querySelectorAll(`input[name=${name}][form=select-form]:checked:enabled`).length;
const words = (count, noun) => (count ? [`${count} ${noun}${count === 1 ? "" : "s"}`] : []);

function count() {
  const chosen = [...words(ticked("section"), "section"), ...words(ticked("key"), "parameter")];
  let text = chosen.length ? `${chosen.join(" and ")} ticked` : "Tick parameters or whole sections.";
  // What is ticked becomes an address, and those have an end.
  const form = document.querySelector("#select-form");
  const tooMany = new URLSearchParams(new FormData(form)).toString().length > LONGEST_ADDRESS;
  if (tooMany) text += "; too many to copy at once, tick whole sections";
  form.querySelector("button").disabled = tooMany;
  document.querySelector("[data-selected]").textContent = text;
}

// Rows that arrive later belong to their section, too.
document.addEventListener("htmx:afterSettle", () => {
  for (const section of document.querySelectorAll("input[name=section][form=select-form]:checked")) {
    for (const row of rowsOf(section)) row.checked = row.disabled = true;
  }
});
