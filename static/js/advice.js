// While somebody writes in Einfache Sprache, the advice beside it follows. Without this, a button asks for it.
"use strict";

const check = document.querySelector("[data-advise]");
let waiting;
let asking = new AbortController();

function typed() {
  const answers = new FormData(check.form);
  return new URLSearchParams([...answers].filter(([name]) => name === "csrfmiddlewaretoken" || name.endsWith("_de-simple")));
}

async function ask() {
  asking.abort();
  asking = new AbortController();
  try {
    const response = await fetch(check.dataset.advise, { method: "POST", body: typed(), signal: asking.signal });
    if (response.ok) renew(await response.text());
  } catch {
    // The next letter asks again, and the button is still there.
  }
}

function renew(html) {
  for (const fresh of new DOMParser().parseFromString(html, "text/html").querySelectorAll("[id]")) {
    document.getElementById(fresh.id)?.replaceChildren(...fresh.childNodes);
  }
}

check?.closest("details").addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(ask, 600);
});
