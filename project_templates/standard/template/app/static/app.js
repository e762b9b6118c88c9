// What needs a script: live updates, and cards that are moved by hand or by the arrow keys.
// Without it, pages show what was there when they were opened, and cards have a button.
"use strict";

// Asks for the region anew if it shows what was changed: soon, and once for many changes; not
// while a card is being dragged.
let waiting;
let dragged = null;

function refresh(resource) {
  const region = document.getElementById("live");
  if (!region || (resource && !region.dataset.live.split(" ").includes(resource))) return;
  waiting ??= setTimeout(() => {
    waiting = undefined;
    if (dragged) refresh();
    else htmx.trigger(document.getElementById("live"), "refresh");
  }, 100);
}

// What was asked for in vain is asked for again, unless it is gone.
function askAgain(event) {
  if (event.target.id !== "live") return;
  const status = event.detail.ctx?.response?.status ?? 500;
  if (status >= 500) setTimeout(refresh, 1000);
  else if (status === 404) document.getElementById("notice").textContent = "It was deleted.";
}

document.addEventListener("htmx:error", askAgain);
document.addEventListener("htmx:response:error", askAgain);

let source;
let lastId = document.body.dataset.lastChange;

function listen() {
  source?.close();
  source = new EventSource(`/live?after=${encodeURIComponent(lastId)}`);
  source.addEventListener("change", (event) => {
    lastId = event.lastEventId;
    refresh(JSON.parse(event.data).resource);
  });
  source.addEventListener("reset", (event) => {
    lastId = event.lastEventId;
    refresh();
  });
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 5000);
  });
}

// A browser keeps few connections to a site: a page that nobody sees gives its own back.
function listenWhileSeen() {
  if (document.hidden) source?.close();
  else if (!source || source.readyState === EventSource.CLOSED) listen();
}

if (lastId && document.getElementById("live")) {
  listenWhileSeen();
  document.addEventListener("visibilitychange", listenWhileSeen);
}

// Puts a card into another column: it sends the form that the card has.
function move(card, value) {
  const form = card.querySelector("form");
  const select = form.querySelector("select");
  if (!value || select.value === value) return;
  select.value = value;
  form.requestSubmit();
}

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.(".card");
  if (dragged) event.dataTransfer.setData("text/plain", dragged.id);
});

document.addEventListener("dragend", () => {
  dragged = null;
});

document.addEventListener("dragover", (event) => {
  if (dragged && event.target.closest(".column")) event.preventDefault();
});

document.addEventListener("drop", (event) => {
  const column = event.target.closest(".column");
  if (!dragged || !column) return;
  event.preventDefault();
  move(dragged, column.dataset.value);
  dragged = null;
});

document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.(".card")) return;
  const step = { ArrowLeft: "previousElementSibling", ArrowRight: "nextElementSibling" }[event.key];
  const column = step && event.target.closest(".column")[step];
  if (!column) return;
  event.preventDefault();
  move(event.target, column.dataset.value);
});
