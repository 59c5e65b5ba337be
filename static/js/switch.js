// Links with data-switch show one of several panels; without this module all are shown.
const links = [...document.querySelectorAll("[data-switch]")];

const show = (name) => {
  for (const link of links) {
    const here = link.dataset.switch === name;
    if (here) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
    document.getElementById(link.dataset.switch).hidden = !here;
  }
};

for (const link of links) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    show(link.dataset.switch);
  });
}
if (links.length) show(links[0].dataset.switch);
