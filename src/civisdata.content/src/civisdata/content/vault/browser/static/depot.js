// Uploads: several at a time, progress and cancel of each, folders, going on after a lost
// connection. Without this module the form does it all at once.

import { dropped, walk } from "./entries.js";
import { anchor, fill } from "./lines.js";
import { KEPT_FAILED, Queue, SHOWN } from "./queue.js";

/** Seconds between what those are told who listen. */
const SAID = 15;

class Depot extends Queue {
  constructor(form, list) {
    super(JSON.parse(form.dataset.settings), list);
    this.form = form;
    this.page = document.getElementById("files");
    this.queue = document.getElementById("vault-queue");
    this.summary = document.getElementById("vault-summary");
    this.sources = [];
    this.said = 0;
    form.addEventListener("submit", (event) => this.submitted(event));
    document.getElementById("vault-cancel-all").addEventListener("click", () => this.cancel());
    document.getElementById("vault-go-on").addEventListener("click", () => this.goOn());
    this.listen();
  }

  get token() {
    return this.form.elements._authenticator.value;
  }

  listen() {
    const folder = document.getElementById("vault-folder");
    if (folder) this.listenToFolder(folder);
    document.querySelector(".files-drop-hint").hidden = false;
    this.listenToDrops();
    addEventListener("beforeunload", (event) => {
      if (this.busy) event.preventDefault();
    });
    addEventListener("online", () => this.goOn());
  }

  listenToFolder(folder) {
    folder.webkitdirectory = true;
    folder.addEventListener("change", () => {
      this.add(Array.from(folder.files));
      folder.value = "";
    });
    document
      .getElementById("vault-folder-button")
      .addEventListener("click", () => folder.click());
    document.getElementById("vault-folder-pick").hidden = false;
  }

  listenToDrops() {
    const files = (event) => event.dataTransfer?.types.includes("Files") ?? false;
    const over = (element) => {
      this.page.querySelectorAll(".is-over").forEach((one) => one.classList.remove("is-over"));
      element?.classList.add("is-over");
    };
    const place = (event) => event.target.closest("[data-target], [data-folder]") ?? this.form;
    this.page.addEventListener("dragover", (event) => {
      if (!files(event)) return;
      event.preventDefault();
      const found = place(event);
      over(found.matches(".vault-list") ? this.form : found);
    });
    this.page.addEventListener("dragleave", (event) => {
      if (!this.page.contains(event.relatedTarget)) over(null);
    });
    this.page.addEventListener("drop", (event) => {
      const entries = dropped(event.dataTransfer ?? {});
      if (!entries.length) return;
      event.preventDefault();
      over(null);
      const { target, folder: step } = place(event).dataset;
      this.add(entries, target ?? step);
    });
  }

  get busy() {
    return this.lanes > 0 || this.waiting.length > 0 || this.sources.length > 0;
  }

  submitted(event) {
    event.preventDefault();
    this.add(Array.from(this.form.elements.file.files));
    const category = this.form.elements.category.value;
    this.form.reset();
    this.form.elements.category.value = category;
  }

  /** Take files and folders; they go into `folder`, the page's own unless told. */
  add(entries, folder = this.settings.folder) {
    if (!this.busy) {
      this.clear();
      this.said = 0;
    }
    this.halted = null;
    const more = { folder, category: this.form.elements.category.value };
    this.sources.push({ files: walk(entries), more });
    this.read();
  }

  /** Read what was dropped into the queue; one folder at a time. */
  async read() {
    if (this.reading) return;
    this.reading = true;
    while (this.sources.length) {
      const { files, more } = this.sources[0];
      try {
        for await (const file of files) {
          if (this.sources[0]?.files !== files) break;
          this.take({ ...file, ...more });
        }
      } catch {
        this.failed += 1;
        new Line(this.list, "…", this.texts).end("failed", this.texts.unreadable);
      }
      if (this.sources[0]?.files === files) this.sources.shift();
    }
    this.reading = false;
    this.tell();
    this.finish();
  }

  cancel() {
    this.sources = [];
    super.cancel();
  }

  /** Let the rest wait: it would only fail, too. */
  halt(stop) {
    super.halt(stop);
    if (this.done && !this.refreshing) this.refresh();
  }

  /** Say how far all of it is; once for all that happens before the page is drawn. */
  tell() {
    if (this.telling) return;
    this.telling = true;
    queueMicrotask(() => {
      this.telling = false;
      this.show();
    });
  }

  show() {
    const { texts, total, done, failed, already } = this;
    const halted = this.waiting.length > 0 && this.halted;
    this.queue.hidden = total < 2 && !failed && !halted;
    const parts = [fill(texts.summary, { done, total })];
    if (already) parts.push(fill(texts.summary_already, { count: already }));
    if (failed) parts.push(fill(texts.summary_failed, { failed }));
    if (failed > KEPT_FAILED) {
      parts.push(fill(texts.more_failed, { count: failed - KEPT_FAILED }));
    }
    if (this.waiting.length > SHOWN) {
      parts.push(fill(texts.more_waiting, { count: this.waiting.length - SHOWN }));
    }
    this.summary.textContent = parts.join(" — ");
    const bar = document.getElementById("vault-total");
    bar.max = Math.max(total, 1);
    bar.value = done + failed + already;
    document.getElementById("vault-cancel-all").hidden = !this.busy;
    document.getElementById("vault-halted").hidden = !halted;
    if (halted) {
      const text = document.getElementById("vault-halted-text");
      text.textContent = fill(texts.halted, { count: this.waiting.length, why: halted.message });
      if (halted.link) text.append(" ", anchor(halted.link));
    }
    this.speak(parts[0]);
  }

  /** For those who listen: now and then, and at the end. */
  speak(text) {
    const now = performance.now();
    if (this.busy && now - this.said < SAID * 1000) return;
    this.said = now;
    document.getElementById("vault-said").textContent = text;
  }

  finish() {
    if (this.busy || this.reading || this.refreshing) return;
    this.tell();
    if (this.done) this.refresh();
  }

  async refresh() {
    const shown = this.done;
    this.refreshing = true;
    await refresh();
    this.refreshing = false;
    if (this.done !== shown) this.finish();
  }
}

/** Show the list as it now is, without leaving the page. */
export async function refresh() {
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const selector of [".vault-list", ".vault-quota", ".files-interrupted"]) {
      const fresh = page.querySelector(selector);
      if (fresh) document.querySelector(selector)?.replaceWith(fresh);
      else if (selector === ".files-interrupted") document.querySelector(selector)?.remove();
    }
    document.dispatchEvent(new Event("vault-list"));
  } catch {
    // The list is as it was; the lines above say what was stored.
  }
}

const form = document.getElementById("vault-upload");
const list = document.getElementById("vault-uploads");
if (form && list) new Depot(form, list);
