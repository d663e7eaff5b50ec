// Follow a request while it is being planned: ask for the same page again and swap only what changed,
// so that a reader keeps her place. Without this script the page refreshes itself as a whole.
"use strict";

function follow(part) {
  if (!part.dataset.next) return;
  window.setTimeout(() => look(part), Number(part.dataset.seconds) * 1000);
}

async function look(part) {
  let answer;
  try {
    answer = await fetch(part.dataset.next, { credentials: "same-origin" });
  } catch {
    return follow(part);
  }
  if (!answer.ok) return follow(part);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("followed");
  if (!fresh) return window.location.reload();
  if (fresh.dataset.state === part.dataset.state) {
    part.dataset.next = fresh.dataset.next || "";
    part.dataset.seconds = fresh.dataset.seconds || "";
    part.querySelector("#looked").replaceWith(fresh.querySelector("#looked"));
    return follow(part);
  }
  part.replaceWith(fresh);
  document.title = page.title;
  document.getElementById("news").textContent = fresh.querySelector("h1").textContent;
  follow(fresh);
}

follow(document.getElementById("followed"));
