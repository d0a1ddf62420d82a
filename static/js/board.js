// An answer changes the board in place: the page of the new search is fetched, and its live parts are put in.
"use strict";

const form = document.querySelector("form.ask");
let asking = new AbortController();

function addressOf(form) {
  const answers = [...new FormData(form)].filter(([, value]) => value);
  return `${location.pathname}?${new URLSearchParams(answers)}`;
}

async function fetchPage(address) {
  asking.abort();
  asking = new AbortController();
  const response = await fetch(address, { signal: asking.signal });
  if (!response.ok) throw new Error(response.status);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

function renew(page) {
  const { name, value } = document.activeElement;
  for (const part of document.querySelectorAll("[data-live]")) {
    const fresh = page.getElementById(part.id);
    if (fresh) part.replaceChildren(...fresh.childNodes);
  }
  document.title = page.title;
  // Whoever is at a choice stays there.
  if (name) [...form.elements].find((one) => one.name === name && (one.type !== "checkbox" && one.type !== "radio" || one.value === value))?.focus();
}

async function ask(event) {
  event.preventDefault();
  const address = addressOf(form);
  try {
    const page = await fetchPage(address);
    if (address !== location.pathname + location.search) history.pushState(null, "", address);
    renew(page);
  } catch (error) {
    if (error.name !== "AbortError") location.assign(address);
  }
}

form.addEventListener("change", ask);
form.addEventListener("submit", ask);
// Back and forward lead to whole pages: the answers have to be those of the address.
addEventListener("popstate", () => location.reload());
