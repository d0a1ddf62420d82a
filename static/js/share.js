// The button that passes the page on: by the menu of the device where it has one, else by copying the link.
"use strict";

const button = document.querySelector("[data-share]");

async function share() {
  const { share: url, title, copied } = button.dataset;
  if (navigator.share) {
    // Whoever closes the menu has changed their mind.
    await navigator.share({ title, url }).catch(() => {});
  } else {
    await navigator.clipboard.writeText(url);
    button.parentElement.querySelector("[role=status]").textContent = copied;
  }
}

if (navigator.share || navigator.clipboard) {
  button.hidden = false;
  button.addEventListener("click", share);
}
