// Find a skill while somebody tells: the groups open where a name fits, Enter chooses the first one.
"use strict";

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/ß/g, "ss");

document.addEventListener("DOMContentLoaded", () => {
  const line = document.getElementById("find-skill");
  const field = line.querySelector("input");
  const said = line.querySelector("[role=status]");
  const groups = [...document.querySelectorAll("#skills details")];
  const fits = () => groups.flatMap((group) => [...group.querySelectorAll("label:not([hidden])")]);

  function show() {
    const wanted = fold(field.value.trim());
    for (const group of groups) {
      const labels = [...group.querySelectorAll("label")];
      for (const label of labels) label.hidden = !fold(label.textContent).includes(wanted);
      const found = labels.some((label) => !label.hidden);
      group.hidden = !found;
      group.open = wanted ? found : labels.some((label) => label.firstElementChild.checked);
    }
    const number = wanted ? fits().length : -1;
    const words = number > 1 ? said.dataset.some : number === 1 ? said.dataset.one : said.dataset.none;
    said.textContent = number < 0 ? "" : words.replace("…", number);
  }

  function choose(event) {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const [first] = field.value.trim() ? fits() : [];
    if (!first) return;
    first.firstElementChild.checked = true;
    field.value = "";
    show();
  }

  line.hidden = false;
  field.addEventListener("input", show);
  field.addEventListener("keydown", choose);
});
