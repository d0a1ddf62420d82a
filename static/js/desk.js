// Django's search fields come without a name of their own: give each the words of its label, or of its column.
"use strict";

function words(select) {
  const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
  if (label) return label.textContent.trim();
  const cell = select.closest("td");
  const heading = cell && select.closest("table").querySelectorAll("thead th")[cell.cellIndex];
  return heading ? heading.textContent.trim() : select.name;
}

function put(element, text) {
  if (element && element.getAttribute("aria-label") !== text) element.setAttribute("aria-label", text);
}

function nameSearchFields() {
  for (const select of document.querySelectorAll("select.admin-autocomplete.select2-hidden-accessible")) {
    const box = select.nextElementSibling;
    const chosen = box.querySelector(".select2-selection__rendered[role=textbox]");
    const value = chosen ? chosen.textContent.trim() : "";
    put(chosen, value ? `${words(select)}: ${value}` : words(select));
    put(box.querySelector(".select2-search__field"), words(select));
    const open = box.classList.contains("select2-container--open");
    if (open) put(document.querySelector(".select2-dropdown .select2-search__field"), words(select));
  }
}

// A heading without words is no heading.
function dropEmptyHeadings() {
  for (const heading of document.querySelectorAll("th.original:empty")) {
    const cell = document.createElement("td");
    cell.className = heading.className;
    heading.replaceWith(cell);
  }
}

document.addEventListener("DOMContentLoaded", () => {
  dropEmptyHeadings();
  nameSearchFields();
  new MutationObserver(nameSearchFields).observe(document.body, { childList: true, subtree: true });
});
