// One file on its way: start or take up again, pieces, lost connections.

const TRIES = 6;

/** The file can't be stored; `kept` where the server keeps what it has of it. */
export class Stop extends Error {
  constructor(message, { link = null, kept = false, reason = "" } = {}) {
    super(message);
    this.link = link;
    this.kept = kept;
    this.reason = reason;
  }
}

export class Cancelled extends Error {}

/** One request; resolves to {status, data}, rejects where the network fails. */
export function send(method, url, { token, body, type, onProgress, onSent, signal } = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    if (token) request.setRequestHeader("X-CSRF-TOKEN", token);
    if (type) request.setRequestHeader("Content-Type", type);
    if (onProgress) {
      request.upload.addEventListener("progress", (event) => onProgress(event.loaded));
    }
    if (onSent) request.upload.addEventListener("load", onSent);
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

const hexadecimal = (bytes) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** An id as the server draws them. */
export const newId = () => hexadecimal(crypto.getRandomValues(new Uint8Array(16)));

/** SHA-256 (hexadecimal) of a file; empty where it can't be made. */
export async function sha256(file) {
  if (!globalThis.crypto?.subtle) return "";
  const data = await file.arrayBuffer();
  return hexadecimal(new Uint8Array(await crypto.subtle.digest("SHA-256", data)));
}

const FILES = "application/vnd.civisdata.files";

/** Uploads to one depot: its settings, its texts, and a function that gives the token. */
export class Transfer {
  constructor(settings, token) {
    this.settings = settings;
    this.texts = settings.texts;
    this.token = token;
  }

  /**
   * Store a file; `line` has signal, say(state, text) and progress(bytes).
   * Throws Stop and Cancelled. What was begun is dropped unless the server keeps it.
   */
  async store(file, { category, folder }, line) {
    const { settings, texts } = this;
    let id = null;
    try {
      if (line.signal.aborted) throw new Cancelled();
      if (!file.size) throw new Stop(texts.empty);
      if (file.size > settings.largest) throw new Stop(texts.too_big);
      line.say("sending", texts.sending);
      let first = "";
      try {
        if (file.size > settings.piece) first = await sha256(file.slice(0, settings.piece));
      } catch {
        throw new Stop(texts.unreadable);
      }
      const { data } = await this.patiently(line, () =>
        this.ask("POST", settings.url, {
          body: JSON.stringify({ name: file.name, size: file.size, category, folder, first }),
          type: "application/json",
          signal: line.signal,
        }),
      );
      id = data.id;
      if (data.offset) line.say("resumed", texts.resumed);
      await this.pieces(file, data, line);
    } catch (error) {
      if (id && !(error instanceof Stop && error.kept)) this.drop(id);
      throw error;
    }
  }

  async pieces(file, { id, piece, offset }, line) {
    const url = `${this.settings.url}?id=${encodeURIComponent(id)}`;
    let tries = 0;
    while (offset < file.size) {
      const end = Math.min(offset + piece, file.size);
      const from = offset;
      line.progress(offset);
      try {
        if (end === file.size) line.say("checking", this.texts.checking);
        const { status, data } = await this.ask("PUT", `${url}&offset=${offset}`, {
          body: file.slice(offset, end),
          type: "application/octet-stream",
          onProgress: (loaded) => line.progress(Math.min(from + loaded, file.size)),
          signal: line.signal,
        });
        if (data.document) return;
        offset = data.offset;
        if (status === 200) tries = 0;
        else tries += 1;
        if (tries >= TRIES) throw new Stop(this.texts.failed, { kept: true });
      } catch (error) {
        if (error instanceof Stop || error instanceof Cancelled) throw error;
        tries += 1;
        await this.pause(tries, line);
        offset = await this.awaited(url, offset, line);
        line.say("sending", this.texts.sending);
      }
    }
  }

  /**
   * Store whole small files at once: `files` have id, blob, folder, category and line. Gives
   * an answer for each. What was cancelled before all was sent isn't stored: Cancelled.
   */
  async storeFiles(files) {
    const parts = [];
    for (const { id, blob, target, category } of files) {
      const head = { id, name: blob.name, size: blob.size, category, folder: target };
      parts.push(`${JSON.stringify(head)}\n`, blob);
    }
    const body = new Blob(parts);
    const controller = new AbortController();
    let sent = false;
    const stop = () => sent || controller.abort();
    for (const { line } of files) {
      line.say("sending", this.texts.sending);
      if (line.signal.aborted) stop();
      line.signal.addEventListener("abort", stop);
    }
    const total = files.reduce((sum, { blob }) => sum + blob.size, 0);
    const onProgress = (loaded) => {
      let before = 0;
      for (const { line, blob } of files) {
        line.progress(Math.max(0, Math.min((loaded * total) / body.size - before, blob.size)));
        before += blob.size;
      }
    };
    const onSent = () => {
      sent = true;
      for (const { line } of files) line.say("checking", this.texts.checking);
    };
    const { data } = await this.ask("POST", this.settings.url, {
      body,
      type: FILES,
      onProgress,
      onSent,
      signal: controller.signal,
    });
    return data.files;
  }

  /** Ask again while the network fails. */
  async patiently(line, request) {
    for (let tries = 1; ; tries += 1) {
      try {
        return await request();
      } catch (error) {
        if (error instanceof Stop || error instanceof Cancelled) throw error;
        await this.pause(tries, line);
        line.say("sending", this.texts.sending);
      }
    }
  }

  async pause(tries, line) {
    if (tries >= TRIES) throw new Stop(this.texts.failed, { kept: true });
    line.say("retrying", this.texts.retrying);
    await new Promise((done) => setTimeout(done, 500 * 2 ** tries));
  }

  /** Where the server wants the upload to go on; the old place while it is away. */
  async awaited(url, offset, line) {
    try {
      const { data } = await this.ask("GET", url, { signal: line.signal });
      return data.offset;
    } catch (error) {
      if (error instanceof Stop || error instanceof Cancelled) throw error;
      return offset;
    }
  }

  /** A request of the protocol: 2xx and 409 are answers, the rest is a Stop. */
  async ask(method, url, options) {
    const answer = await send(method, url, { token: this.token(), ...options });
    const { status, data } = answer;
    if (status >= 500 && status !== 507) throw new Error("server");
    // An error that isn't one of the protocol: the address is gone with the session.
    if (!data || (status >= 300 && !data.error)) {
      const link = { href: this.settings.login, text: this.texts.login };
      throw new Stop(this.texts.expired, { link, kept: true });
    }
    if (status === 423) {
      const link = { href: this.settings.unlock, text: this.texts.unlock };
      throw new Stop(this.texts.locked, { link, kept: true });
    }
    if (status === 409 || (status >= 200 && status < 300)) {
      // Only what says how far it is has done something.
      if (method !== "DELETE" && !Number.isInteger(data.offset)) throw new Error("server");
      return answer;
    }
    throw new Stop(data.message || this.texts.failed, { reason: data.error });
  }

  drop(id) {
    const url = `${this.settings.url}?id=${encodeURIComponent(id)}`;
    send("DELETE", url, { token: this.token() }).catch(() => {});
  }
}
