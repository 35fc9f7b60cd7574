// The list: choosing several lines, and moving them by dragging. The forms and links do
// all of it without this module, too.

import { send } from "./transfer.js";

const page = document.getElementById("files");
const settings = JSON.parse(document.getElementById("vault-upload")?.dataset.settings ?? "null");
let last = null;

const ticks = () => Array.from(page.querySelectorAll(".files-tick"));
const ticked = () => ticks().filter((tick) => tick.checked);

/** Show what is chosen: the count, the head box, the lines. */
function show() {
  const all = page.querySelector("#files-all");
  const chosen = ticked();
  for (const tick of ticks()) {
    tick.closest(".files-item").classList.toggle("is-chosen", tick.checked);
  }
  for (const box of page.querySelectorAll(".files-all")) box.hidden = false;
  if (all) {
    all.checked = chosen.length > 0 && chosen.length === ticks().length;
    all.indeterminate = chosen.length > 0 && !all.checked;
  }
  for (const button of page.querySelectorAll(".files-bar > button")) {
    button.disabled = !chosen.length;
  }
  const count = page.querySelector("#files-count");
  if (count) {
    const { chosen: some, none } = count.dataset;
    count.textContent = chosen.length ? some.replace("{count}", chosen.length) : none;
  }
}

page.addEventListener("change", ({ target }) => {
  if (target.id === "files-all") {
    for (const tick of ticks()) tick.checked = target.checked;
  } else if (!target.matches(".files-tick")) return;
  show();
});

page.addEventListener("click", (event) => {
  const { target } = event;
  if (!target.matches?.(".files-tick")) return;
  const all = ticks();
  const [from, to] = [all.indexOf(last), all.indexOf(target)].sort((a, b) => a - b);
  if (event.shiftKey && from >= 0) {
    for (const tick of all.slice(from, to + 1)) tick.checked = target.checked;
    show();
  }
  last = target;
});

document.addEventListener("vault-list", show);
// A page that comes back from the browser's store may have its boxes ticked.
addEventListener("pageshow", show);
show();

const TYPE = "application/x-civisdata-items";
const say = (text) => {
  document.getElementById("files-status").textContent = text;
};

page.addEventListener("dragstart", (event) => {
  const item = event.target.closest?.(".files-item[data-id]");
  if (!item || !settings) return;
  const tick = item.querySelector(".files-tick");
  const ids = tick.checked ? ticked().map((one) => one.value) : [item.dataset.id];
  event.dataTransfer.setData(TYPE, JSON.stringify(ids));
  event.dataTransfer.effectAllowed = "move";
});

/** The folder that something is dragged over, if it can be put there. */
function place(event) {
  if (!event.dataTransfer?.types.includes(TYPE)) return null;
  const found = event.target.closest("[data-target], .files-path [data-folder]");
  return found?.classList.contains("is-chosen") ? null : found;
}

page.addEventListener("dragover", (event) => {
  const found = place(event);
  for (const one of page.querySelectorAll(".is-over")) {
    if (one !== found && event.dataTransfer?.types.includes(TYPE)) one.classList.remove("is-over");
  }
  if (!found) return;
  event.preventDefault();
  found.classList.add("is-over");
});

page.addEventListener("dragend", () => {
  for (const one of page.querySelectorAll(".is-over")) one.classList.remove("is-over");
});

page.addEventListener("drop", async (event) => {
  const found = place(event);
  if (!found) return;
  event.preventDefault();
  const target = found.dataset.target ?? found.dataset.folder;
  const ids = JSON.parse(event.dataTransfer.getData(TYPE)).filter((id) => id !== target);
  if (!ids.length) return;
  say(settings.texts.moving);
  const body = new URLSearchParams({ action: "deplacer", format: "json", target });
  for (const id of ids) body.append("item", id);
  body.append("_authenticator", document.querySelector("[name=_authenticator]").value);
  let answer = { status: 0 };
  try {
    answer = await send("POST", settings.filing, {
      body: body.toString(),
      type: "application/x-www-form-urlencoded",
    });
  } catch {
    // Told below.
  }
  const { refresh } = await import("./depot.js");
  if (answer.status === 200) await refresh();
  const text = answer.data?.message || settings.texts.not_moved;
  say(text);
  toast(text, answer.status === 200);
});

/** Say it where it is seen, too; the status is for those who listen. */
function toast(text, good) {
  document.querySelector(".files-toast")?.remove();
  const note = document.createElement("p");
  note.className = `files-toast alert ${good ? "alert-success" : "alert-danger"}`;
  note.setAttribute("aria-hidden", "true");
  note.textContent = text;
  page.querySelector(".vault-list").prepend(note);
}
