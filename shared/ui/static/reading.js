// Show what her words sound like while she types, and let her choose a topic with one tap. Without this
// script nothing is missing: the words are read when they are sent.
"use strict";

const PAUSE = 500;
const ENOUGH = 8;

function readWhileTyping(words, shown, topic) {
  let timer;
  let asked = 0;

  async function read() {
    const mine = ++asked;
    if (words.value.trim().length < ENOUGH) return shown.replaceChildren();
    const body = new FormData();
    body.set("words", words.value);
    body.set("csrf_token", words.form.elements.csrf_token.value);
    let answer;
    try {
      answer = await fetch(shown.dataset.address, { method: "POST", body, credentials: "same-origin" });
    } catch {
      return;
    }
    // What was typed meanwhile asks anew; an answer to older words would only flicker.
    if (mine !== asked) return;
    // Her session may have ended meanwhile: then another page answers, which is no piece of this one.
    if (!answer.ok || answer.redirected) return shown.replaceChildren();
    const piece = new DOMParser().parseFromString(await answer.text(), "text/html");
    shown.replaceChildren(...piece.body.childNodes);
  }

  words.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(read, PAUSE);
  });
  shown.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-topic]");
    if (!chosen) return;
    topic.value = chosen.dataset.topic;
    for (const one of shown.querySelectorAll("[data-topic]")) {
      one.setAttribute("aria-pressed", String(one === chosen));
    }
  });
  if (words.value) read();
}

readWhileTyping(
  document.getElementById("words"),
  document.getElementById("reading"),
  document.getElementById("topic"),
);
