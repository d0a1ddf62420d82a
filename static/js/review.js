// Keys for the queue. Each presses a button, opens a fold or follows a link that stands on the page for everybody.
"use strict";

const KEPT = "review-keys";
const WRITING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
const cards = [...document.querySelectorAll(".cand")];
let place = 0;
let isSent = false;

const card = () => cards[place];

function go(number) {
  if (!cards.length) return;
  place = Math.min(Math.max(number, 0), cards.length - 1);
  for (const other of cards) other.classList.toggle("current", other === card());
  card().focus();
}

function send(form, button) {
  keep();
  isSent = true;
  form.requestSubmit(button);
}

// Where the next page begins: with the card that moves up to this place.
function keep() {
  sessionStorage.setItem(KEPT, JSON.stringify({ path: location.pathname, place }));
}

function take(step) {
  const form = card()?.querySelector(`footer input[name=to][value=${step}]`)?.form;
  if (!form) return;
  const fold = form.closest("details");
  if (!fold) return send(form);
  fold.open = true;
  fold.querySelector("input:not([type=hidden]), textarea").focus();
}

function choose(number) {
  const fold = document.activeElement.closest("details[open]") || card()?.querySelector("footer details[open]:has([type=radio])");
  const reason = fold?.querySelectorAll("[type=radio]")[number - 1];
  if (!reason) return;
  reason.checked = true;
  send(reason.form, fold.querySelector("button"));
}

function mark() {
  card()?.querySelector("[name=marked]")?.click();
}

function undo() {
  const form = document.querySelector(".undo form");
  if (form) send(form);
}

function help() {
  const fold = document.querySelector("[data-keys]");
  fold.open = !fold.open;
  fold.querySelector("summary").focus();
}

const DEEDS = {
  j: () => go(place + 1),
  k: () => go(place - 1),
  a: () => take("proposed"),
  p: () => take("parked"),
  x: () => take("declined"),
  m: mark,
  u: undo,
  n: () => document.querySelector("a[rel=next]")?.click(),
  b: () => document.querySelector("a[rel=prev]")?.click(),
  "?": help,
};

// On a keyboard with other letters the key counts by its place.
function letter(event) {
  if (/^[a-z0-9?]$/i.test(event.key)) return event.key.toLowerCase();
  return event.code.replace(/^(Key|Digit)/, "").toLowerCase();
}

function listen(event) {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.repeat || isSent) return;
  if (event.key === "Escape" && event.target.closest("details, .cand")) return card()?.focus();
  if (event.target.closest(WRITING)) return;
  const key = letter(event);
  const deed = /^[1-9]$/.test(key) ? () => choose(Number(key)) : DEEDS[key];
  if (!deed) return;
  event.preventDefault();
  deed();
}

function turn(isOn) {
  document.body.classList.toggle("with-keys", isOn);
  document[isOn ? "addEventListener" : "removeEventListener"]("keydown", listen);
}

function begin() {
  const fold = document.querySelector("[data-keys]");
  if (!fold) return;
  const box = fold.querySelector("[data-keys-on]");
  fold.hidden = false;
  box.checked = localStorage.getItem(KEPT) !== "off";
  box.addEventListener("change", () => {
    localStorage.setItem(KEPT, box.checked ? "on" : "off");
    turn(box.checked);
  });
  turn(box.checked);
  const kept = JSON.parse(sessionStorage.getItem(KEPT) || "null");
  sessionStorage.removeItem(KEPT);
  // A form with something to correct comes first.
  const wrong = cards.findIndex((other) => other.querySelector(".wrong"));
  if (wrong >= 0) go(wrong);
  else if (kept) go(kept.path === location.pathname ? kept.place : 0);
  else if (cards.length) cards[0].classList.add("current");
}

begin();
// Enter in a field is a key as well.
document.addEventListener("submit", () => {
  if (document.activeElement.matches(":focus-visible")) keep();
});
// Whoever comes back to this page by the browser's button may press again.
window.addEventListener("pageshow", () => {
  isSent = false;
});
