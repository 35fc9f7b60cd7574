// Uploads of documents in pieces: progress, cancel, several files, and going on after
// a lost connection. Without this module the form does it all at once.

const TRIES = 6;

class Stop extends Error {
  constructor(message, link = null) {
    super(message);
    this.link = link;
  }
}

class Cancelled extends Error {}

/** One request; resolves to {status, data}, rejects where the network fails. */
function send(method, url, { token, body, type, onProgress, signal } = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    if (token) request.setRequestHeader("X-CSRF-TOKEN", token);
    if (type) request.setRequestHeader("Content-Type", type);
    if (onProgress) {
      request.upload.addEventListener("progress", (event) => onProgress(event.loaded));
    }
    request.addEventListener("load", () => {
      let data = null;
      try {
        data = JSON.parse(request.responseText);
      } catch {
        // Not ours: the page of a session that has ended.
      }
      resolve({ status: request.status, data });
    });
    request.addEventListener("error", () => reject(new Error("network")));
    request.addEventListener("abort", () => reject(new Cancelled()));
    signal?.addEventListener("abort", () => request.abort(), { once: true });
    if (signal?.aborted) {
      reject(new Cancelled());
      return;
    }
    request.send(body ?? null);
  });
}

/** The line of one file: name, progress, state, button. */
class Line {
  constructor(list, file, texts) {
    this.texts = texts;
    this.abort = new AbortController();
    this.item = document.createElement("li");
    this.item.className = "vault-upload card card-body mb-2";
    const name = document.createElement("p");
    name.className = "mb-1 text-break";
    name.textContent = file.name;
    this.progress = document.createElement("progress");
    this.progress.className = "vault-progress";
    this.progress.max = file.size || 1;
    this.progress.value = 0;
    this.progress.setAttribute("aria-label", `${texts.progress} ${file.name}`);
    this.state = document.createElement("p");
    this.state.className = "mb-1";
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "btn btn-sm btn-outline-secondary align-self-start";
    this.button.textContent = texts.cancel;
    this.button.setAttribute("aria-label", `${texts.cancel} ${file.name}`);
    this.button.addEventListener("click", () => this.abort.abort());
    this.item.append(name, this.progress, this.state, this.button);
    list.append(this.item);
    this.say("waiting", texts.waiting);
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
    if (state !== "done") this.progress.remove();
    this.say(state, text, link);
  }
}

class Depot {
  constructor(form, list) {
    this.form = form;
    this.list = list;
    this.settings = JSON.parse(form.dataset.settings);
    this.texts = this.settings.texts;
    this.queue = [];
    this.running = false;
    form.addEventListener("submit", (event) => this.submitted(event));
    form.addEventListener("dragover", (event) => {
      event.preventDefault();
      form.classList.add("vault-drop");
    });
    form.addEventListener("dragleave", () => form.classList.remove("vault-drop"));
    form.addEventListener("drop", (event) => {
      event.preventDefault();
      form.classList.remove("vault-drop");
      this.add(event.dataTransfer.files);
    });
    addEventListener("beforeunload", (event) => {
      if (this.running) event.preventDefault();
    });
  }

  get token() {
    return this.form.elements._authenticator.value;
  }

  submitted(event) {
    event.preventDefault();
    this.add(this.form.elements.file.files);
    const category = this.form.elements.category.value;
    this.form.reset();
    this.form.elements.category.value = category;
  }

  add(files) {
    for (const file of files) {
      const category = this.form.elements.category.value;
      this.queue.push({ file, category, line: new Line(this.list, file, this.texts) });
    }
    this.run();
  }

  async run() {
    if (this.running) return;
    this.running = true;
    try {
      while (this.queue.length) await this.one(this.queue.shift());
    } finally {
      this.running = false;
    }
    await this.refresh();
  }

  async one({ file, category, line }) {
    let id = null;
    try {
      if (line.abort.signal.aborted) throw new Cancelled();
      if (!file.size) throw new Stop(this.texts.empty);
      if (file.size > this.settings.largest) throw new Stop(this.texts.too_big);
      line.say("sending", this.texts.sending);
      const started = await this.ask("POST", this.settings.url, {
        body: JSON.stringify({ name: file.name, size: file.size, category }),
        type: "application/json",
        signal: line.abort.signal,
      });
      id = started.data.id;
      await this.pieces(file, id, started.data.piece, line);
      line.progress.value = file.size;
      line.end("done", this.texts.done);
    } catch (error) {
      if (error instanceof Cancelled) {
        line.end("cancelled", this.texts.cancelled);
      } else {
        line.end("failed", error instanceof Stop ? error.message : this.texts.failed, error.link);
      }
      if (id) this.drop(id);
    }
  }

  async pieces(file, id, piece, line) {
    const url = `${this.settings.url}?id=${encodeURIComponent(id)}`;
    let offset = 0;
    let tries = 0;
    while (offset < file.size) {
      const end = Math.min(offset + piece, file.size);
      const from = offset;
      try {
        if (end === file.size) line.say("checking", this.texts.checking);
        const { status, data } = await this.ask("PUT", `${url}&offset=${offset}`, {
          body: file.slice(offset, end),
          type: "application/octet-stream",
          onProgress: (loaded) => {
            line.progress.value = Math.min(from + loaded, file.size);
          },
          signal: line.abort.signal,
        });
        if (data.document) return;
        offset = data.offset;
        if (status === 200) tries = 0;
        else tries += 1;
        if (tries >= TRIES) throw new Stop(this.texts.failed);
      } catch (error) {
        if (error instanceof Stop || error instanceof Cancelled) throw error;
        tries += 1;
        if (tries >= TRIES) throw new Stop(this.texts.failed);
        line.say("retrying", this.texts.retrying);
        await new Promise((done) => setTimeout(done, 500 * 2 ** tries));
        offset = await this.awaited(url, offset, line);
        line.say("sending", this.texts.sending);
      }
    }
  }

  /** Where the server wants the upload to go on; the old place while it is away. */
  async awaited(url, offset, line) {
    try {
      const { data } = await this.ask("GET", url, { signal: line.abort.signal });
      return data.offset;
    } catch (error) {
      if (error instanceof Stop || error instanceof Cancelled) throw error;
      return offset;
    }
  }

  /** A request of the protocol: 2xx and 409 are answers, the rest is a Stop. */
  async ask(method, url, options) {
    const answer = await send(method, url, { token: this.token, ...options });
    const { status, data } = answer;
    if (status >= 500 && status !== 507) throw new Error("server");
    // An error that isn't one of the protocol: the address is gone with the session.
    if (!data || (status >= 300 && !data.error)) {
      throw new Stop(this.texts.expired, {
        href: this.settings.login,
        text: this.texts.login,
      });
    }
    if (status === 423) {
      throw new Stop(this.texts.locked, {
        href: this.settings.unlock,
        text: this.texts.unlock,
      });
    }
    if (status === 409 || (status >= 200 && status < 300)) return answer;
    throw new Stop(data.message || this.texts.failed);
  }

  drop(id) {
    const url = `${this.settings.url}?id=${encodeURIComponent(id)}`;
    send("DELETE", url, { token: this.token }).catch(() => {});
  }

  /** Show the list as it now is, without leaving the page. */
  async refresh() {
    try {
      const answer = await fetch(this.settings.list, { credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const selector of [".vault-list", ".vault-quota"]) {
        const fresh = page.querySelector(selector);
        if (fresh) document.querySelector(selector)?.replaceWith(fresh);
      }
    } catch {
      // The list is as it was; the lines above say what was stored.
    }
  }
}

const form = document.getElementById("vault-upload");
const list = document.getElementById("vault-uploads");
if (form && list) new Depot(form, list);
