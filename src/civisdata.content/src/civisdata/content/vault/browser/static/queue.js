// A queue of files: what is sent when, what becomes of each, and when all has to wait.

import { Line } from "./lines.js";
import { Known, gather } from "./sending.js";
import { Cancelled, Stop, Transfer, newId, send } from "./transfer.js";

const PARALLEL = 3;
/** How often the network may fail for files that are sent together. */
const TRIES = 6;
/** Files without room, one after the other, before the rest isn't tried. */
const WITHOUT_ROOM = 10;
const FULL = ["quota", "arrivals", "too_many_documents"];
/** Files that wait with a line of their own; the others are counted. */
export const SHOWN = 12;
/** Lines of files that were stored, and of those that weren't. */
const KEPT_DONE = 12;
export const KEPT_FAILED = 200;

/** `tell()` says how far it is, `finish()` is called where nothing is left to do. */
export class Queue {
  constructor(settings, list) {
    this.settings = settings;
    this.texts = settings.texts;
    this.list = list;
    this.transfer = new Transfer(settings, () => this.token);
    this.known = new Known(settings);
    this.waiting = [];
    this.again = [];
    this.lanes = 0;
    this.lines = new Set();
    this.halted = null;
    /** Grows when all is cancelled: what was begun before isn't gone on with. */
    this.round = 0;
    this.turn = Promise.resolve();
    this.making = Promise.resolve();
    this.clear();
  }

  clear() {
    this.total = 0;
    this.done = 0;
    this.failed = 0;
    this.already = 0;
    this.withoutRoom = 0;
    this.doneLines = [];
    this.again = [];
    this.halted = null;
    this.folders = new Map();
    this.known.forget();
    this.list.replaceChildren();
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
    while (!this.halted && this.lanes < PARALLEL && this.waiting.length) {
      this.lanes += 1;
      this.lane().finally(() => {
        this.lanes -= 1;
        this.next();
        this.finish();
      });
    }
    for (const file of this.waiting.slice(0, SHOWN)) this.lineOf(file);
    this.tell();
  }

  lineOf(file) {
    file.line ??= new Line(this.list, file.name, this.texts);
    return file.line;
  }

  /** Send what is at the front of the queue. */
  async lane() {
    const { round } = this;
    const files = await gather(this.waiting, this.settings.together, (file) => this.ready(file));
    if (!files.length || this.isOver(files, round)) return;
    if (files[0].blob.size > this.settings.piece) {
      await this.large(files[0]);
      return;
    }
    // One such request at a time: the server would do them one after the other anyway.
    const sent = this.turn.then(async () => {
      if (!this.isOver(files, round)) await this.together(files);
    });
    this.turn = sent.catch(() => {});
    await sent;
  }

  /** Whether files that were gathered aren't to be sent now, or not at all. */
  isOver(files, round) {
    if (round !== this.round) {
      this.total -= files.length;
      for (const file of files) file.line?.item.remove();
      return true;
    }
    if (!this.halted) return false;
    this.waitAgain(files);
    return true;
  }

  waitAgain(files) {
    for (const file of files) {
      this.lines.delete(file.line);
      file.line?.item.remove();
      file.line = null;
    }
    this.waiting.unshift(...files);
  }

  /** Open a file and find its place; says no where there is nothing to be sent. */
  async ready(file) {
    try {
      if (file.line?.signal.aborted) throw new Cancelled();
      try {
        file.blob ??= await file.open();
      } catch {
        throw new Stop(this.texts.unreadable);
      }
      if (!file.blob.size) throw new Stop(this.texts.empty);
      if (file.blob.size > this.settings.largest) throw new Stop(this.texts.too_big);
      file.id ??= newId();
      file.target ??= await this.place(file.folder, file.path);
      if (await this.known.holds(file.target, file.blob)) {
        this.already += 1;
        this.stored(file, this.texts.already);
        return false;
      }
      return true;
    } catch (error) {
      this.lost(file, error);
      return false;
    }
  }

  /** A file in pieces; it goes on where it stopped. */
  async large(file) {
    const line = this.lineOf(file);
    this.lines.add(line);
    try {
      line.bar.max = file.blob.size;
      const { category, target } = file;
      await this.transfer.store(file.blob, { category, folder: target }, line);
      this.done += 1;
      this.stored(file, this.texts.done);
    } catch (error) {
      this.lost(file, error);
    } finally {
      this.lines.delete(line);
    }
  }

  /** Small files in one request; sent again as they are, the server stores them once. */
  async together(files) {
    for (let tries = 0; files.length; ) {
      for (const file of files) {
        this.lineOf(file).bar.max = file.blob.size;
        this.lines.add(file.line);
      }
      try {
        const answers = await this.transfer.storeFiles(files);
        files.forEach((file, index) => this.answered(file, answers[index]));
        files = [];
      } catch (error) {
        files = await this.left(files, error, (tries += 1));
      }
    }
  }

  answered(file, answer) {
    this.lines.delete(file.line);
    if (answer.document) {
      this.done += 1;
      this.stored(file, this.texts.done);
    } else {
      this.lost(file, new Stop(answer.message, { reason: answer.error }));
    }
  }

  /** Which of the files are to be sent once more. */
  async left(files, error, tries) {
    if (error instanceof Cancelled) {
      return files.filter((file) => {
        if (!file.line.signal.aborted) return true;
        this.lines.delete(file.line);
        this.lost(file, error);
        return false;
      });
    }
    if (!(error instanceof Stop) && tries < TRIES) {
      const found = [];
      for (const file of files) {
        try {
          await file.blob.slice(0, 1).arrayBuffer();
          found.push(file);
          file.line.say("retrying", this.texts.retrying);
        } catch {
          this.lines.delete(file.line);
          this.lost(file, new Stop(this.texts.unreadable));
        }
      }
      await new Promise((done) => setTimeout(done, 500 * 2 ** tries));
      return found;
    }
    const stop = error instanceof Stop ? error : new Stop(this.texts.failed, { kept: true });
    if (files.length > 1 && stop.kept) {
      // All of them wait, as those do that come after.
      this.waitAgain(files);
      this.halt(stop);
    } else {
      for (const file of files) {
        this.lines.delete(file.line);
        this.lost(file, stop);
      }
    }
    return [];
  }

  stored(file, text) {
    this.withoutRoom = 0;
    const line = this.lineOf(file);
    line.end("done", text);
    this.doneLines.push(line);
    if (this.doneLines.length > KEPT_DONE) this.doneLines.shift().item.remove();
  }

  /** Let the rest wait: it would only fail, too. */
  halt(stop) {
    this.halted = stop;
    this.tell();
  }

  goOn() {
    this.halted = null;
    this.withoutRoom = 0;
    for (const retry of this.again.splice(0)) retry();
    this.next();
  }

  lost(file, error) {
    const line = this.lineOf(file);
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
        this.halted = null;
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
    if (FULL.includes(stop.reason)) this.withoutRoom += 1;
    if (stop.kept || stop.reason === "ended" || this.withoutRoom >= WITHOUT_ROOM) this.halt(stop);
  }

  /** The id of the folder at `path` below `parent`; each is made once. */
  place(parent, path) {
    if (!path.length || !this.settings.filing) return Promise.resolve(parent);
    const key = JSON.stringify([parent, path]);
    if (!this.folders.has(key)) {
      const made = this.making.then(() => this.makeFolder(parent, path));
      // The next one waits, so that folders above aren't made twice.
      this.making = made.catch((error) => {
        if (error.kept) this.folders.delete(key);
      });
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
    if (answer.data.made) this.known.isNew(answer.data.folder);
    return answer.data.folder;
  }

  cancel() {
    this.halted = null;
    this.round += 1;
    for (const file of this.waiting.splice(0)) {
      this.total -= 1;
      file.line?.item.remove();
    }
    for (const line of this.lines) line.abort.abort();
    this.tell();
    this.finish();
  }
}
