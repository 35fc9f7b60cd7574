// Uploads: several at a time, progress and cancel of each, folders, going on after a lost
// connection. Without this module the form does it all at once.

import { dropped, walk } from "./entries.js";
import { Cancelled, Stop, Transfer, send } from "./transfer.js";

const PARALLEL = 3;
/** Files that wait with a line of their own; the others are counted. */
const SHOWN = 12;
/** Lines of files that were stored, and of those that weren't. */
const KEPT_DONE = 12;
const KEPT_FAILED = 200;

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

/** The line of one file: name, progress, state, button. */
class Line {
  constructor(list, name, texts) {
    this.texts = texts;
    this.name = name;
    this.abort = new AbortController();
    this.item = document.createElement("li");
    this.item.className = "vault-upload";
    const title = document.createElement("p");
    title.className = "text-break";
    title.textContent = name;
    this.bar = document.createElement("progress");
    this.bar.className = "vault-progress";
    this.bar.max = 1;
    this.bar.value = 0;
    this.bar.setAttribute("aria-label", `${texts.progress} ${name}`);
    this.state = document.createElement("p");
    this.item.append(title, this.bar, this.state);
    this.offer(texts.cancel, () => this.abort.abort());
    list.append(this.item);
    this.say("waiting", texts.waiting);
  }

  get signal() {
    return this.abort.signal;
  }

  offer(text, action) {
    this.button?.remove();
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "btn btn-sm btn-outline-secondary";
    this.button.textContent = text;
    this.button.setAttribute("aria-label", `${text} ${this.name}`);
    this.button.addEventListener("click", action);
    this.item.append(this.button);
  }

  progress(bytes) {
    this.bar.value = bytes;
  }

  say(state, text, link = null) {
    this.item.dataset.state = state;
    this.state.textContent = text;
    if (link) {
      const anchor = document.createElement("a");
      anchor.href = link.href;
      anchor.textContent = link.text;
      this.state.append(" ", anchor);
    }
  }

  end(state, text, link) {
    this.button.remove();
    if (state !== "done") this.bar.remove();
    this.say(state, text, link);
  }
}

class Depot {
  constructor(form, list) {
    this.form = form;
    this.list = list;
    this.page = document.getElementById("files");
    this.queue = document.getElementById("vault-queue");
    this.summary = document.getElementById("vault-summary");
    this.settings = JSON.parse(form.dataset.settings);
    this.texts = this.settings.texts;
    this.transfer = new Transfer(this.settings, () => this.token);
    this.sources = [];
    this.waiting = [];
    this.again = [];
    this.active = new Set();
    this.folders = new Map();
    this.making = Promise.resolve();
    this.clear();
    form.addEventListener("submit", (event) => this.submitted(event));
    document.getElementById("vault-cancel-all").addEventListener("click", () => this.cancel());
    this.listen();
  }

  clear() {
    this.total = 0;
    this.done = 0;
    this.failed = 0;
    this.doneLines = [];
  }

  get token() {
    return this.form.elements._authenticator.value;
  }

  listen() {
    const folder = document.getElementById("vault-folder");
    folder.webkitdirectory = true;
    folder.addEventListener("change", () => {
      this.add(Array.from(folder.files));
      folder.value = "";
    });
    document
      .getElementById("vault-folder-button")
      .addEventListener("click", () => folder.click());
    document.getElementById("vault-folder-pick").hidden = false;
    document.querySelector(".files-drop-hint").hidden = false;

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
    addEventListener("beforeunload", (event) => {
      if (this.busy) event.preventDefault();
    });
    addEventListener("online", () => {
      for (const retry of this.again.splice(0)) retry();
    });
  }

  get busy() {
    return this.active.size > 0 || this.waiting.length > 0 || this.sources.length > 0;
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
      this.list.replaceChildren();
    }
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

  take(file) {
    if (!file.open) {
      this.place(file.folder, file.path).catch(() => {});
      return;
    }
    this.total += 1;
    this.waiting.push(file);
    if (this.waiting.length <= SHOWN) file.line = new Line(this.list, file.name, this.texts);
    this.next();
  }

  next() {
    while (this.active.size < PARALLEL && this.waiting.length) {
      const file = this.waiting.shift();
      const work = this.one(file).finally(() => {
        this.active.delete(work);
        this.next();
        this.finish();
      });
      this.active.add(work);
    }
    for (const file of this.waiting.slice(0, SHOWN)) {
      file.line ??= new Line(this.list, file.name, this.texts);
    }
    this.tell();
  }

  async one(file) {
    const line = (file.line ??= new Line(this.list, file.name, this.texts));
    this.lines ??= new Set();
    this.lines.add(line);
    try {
      if (line.signal.aborted) throw new Cancelled();
      let opened;
      try {
        opened = await file.open();
      } catch {
        throw new Stop(this.texts.unreadable);
      }
      line.bar.max = opened.size || 1;
      const folder = await this.place(file.folder, file.path);
      await this.transfer.store(opened, { category: file.category, folder }, line);
      this.done += 1;
      line.end("done", this.texts.done);
      this.doneLines.push(line);
      if (this.doneLines.length > KEPT_DONE) this.doneLines.shift().item.remove();
    } catch (error) {
      this.lost(file, line, error);
    } finally {
      this.lines.delete(line);
    }
  }

  lost(file, line, error) {
    if (error instanceof Cancelled) {
      this.total -= 1;
      line.end("cancelled", this.texts.cancelled);
      return;
    }
    this.failed += 1;
    const stop = error instanceof Stop ? error : new Stop(this.texts.failed, { kept: true });
    line.end("failed", stop.message, stop.link);
    if (stop.kept && !stop.link) {
      const retry = () => {
        if (!line.item.isConnected) return;
        this.failed -= 1;
        line.item.remove();
        this.again = this.again.filter((one) => one !== retry);
        file.line = null;
        this.waiting.unshift(file);
        this.next();
      };
      line.offer(this.texts.retry, retry);
      this.again.push(retry);
    }
    if (this.failed > KEPT_FAILED) line.item.remove();
  }

  /** The id of the folder at `path` below `parent`; each is made once. */
  place(parent, path) {
    if (!path.length) return Promise.resolve(parent);
    const key = JSON.stringify([parent, path]);
    if (!this.folders.has(key)) {
      const made = this.making.then(() => this.makeFolder(parent, path));
      // The next one waits, so that folders above aren't made twice.
      this.making = made.catch(() => this.folders.delete(key));
      this.folders.set(key, made);
    }
    return this.folders.get(key);
  }

  async makeFolder(parent, path) {
    const body = new URLSearchParams({
      action: "chemin",
      format: "json",
      target: parent,
      path: JSON.stringify(path),
      _authenticator: this.token,
    });
    const type = "application/x-www-form-urlencoded";
    let answer;
    try {
      answer = await send("POST", this.settings.filing, { body: body.toString(), type });
    } catch {
      throw new Stop(this.texts.failed, { kept: true });
    }
    if (answer.status !== 200) throw new Stop(answer.data?.message || this.texts.folder_failed);
    return answer.data.folder;
  }

  cancel() {
    this.sources = [];
    for (const file of this.waiting.splice(0)) {
      this.total -= 1;
      file.line?.item.remove();
    }
    for (const line of this.lines ?? []) line.abort.abort();
    this.tell();
    this.finish();
  }

  /** Say how far all of it is. */
  tell() {
    const { texts, total, done, failed } = this;
    this.queue.hidden = total < 2 && !failed;
    const parts = [fill(texts.summary, { done, total })];
    if (failed) parts.push(fill(texts.summary_failed, { failed }));
    if (failed > KEPT_FAILED) {
      parts.push(fill(texts.more_failed, { count: failed - KEPT_FAILED }));
    }
    if (this.waiting.length > SHOWN) {
      parts.push(fill(texts.more_waiting, { count: this.waiting.length - SHOWN }));
    }
    this.summary.textContent = parts.join(" — ");
    document.getElementById("vault-cancel-all").hidden = !this.busy;
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
