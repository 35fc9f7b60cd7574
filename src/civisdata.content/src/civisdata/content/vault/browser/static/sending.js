// How files of a queue are sent: large ones piece by piece, small ones many at a time.

import { sha256 } from "./transfer.js";

/** Bytes of a file that is sent with others. */
const SMALL = 1024 * 1024;
/** Bytes of a file that is compared with what is stored already. */
const COMPARED = 64 * 1024 * 1024;

/** What is stored in each folder already, so that it isn't sent again. */
export class Known {
  constructor(settings) {
    this.settings = settings;
    this.folders = new Map();
  }

  forget() {
    this.folders.clear();
  }

  /** A folder that was just made holds nothing. */
  isNew(folder) {
    this.folders.set(folder, Promise.resolve(new Map()));
  }

  async holds(folder, file) {
    if (file.size > COMPARED) return false;
    if (!this.folders.has(folder)) this.folders.set(folder, this.read(folder));
    const found = (await this.folders.get(folder)).get(file.name);
    if (!found?.some(([size]) => size === file.size)) return false;
    const hash = await sha256(file);
    return Boolean(hash) && found.some(([size, known]) => size === file.size && known === hash);
  }

  async read(folder) {
    const names = new Map();
    try {
      const url = `${this.settings.url}?dossier=${encodeURIComponent(folder)}`;
      const answer = await fetch(url, { credentials: "same-origin" });
      const { documents } = answer.ok ? await answer.json() : { documents: [] };
      for (const [name, size, hash] of documents) {
        if (!names.has(name)) names.set(name, []);
        names.get(name).push([size, hash]);
      }
    } catch {
      // Then they are sent.
    }
    return names;
  }
}

/** Takes files from the front of `waiting`, as many as go into one request. */
export async function gather(waiting, limits, ready) {
  const files = [];
  let bytes = 0;
  while (waiting.length && files.length < limits.files) {
    const file = waiting.shift();
    if (!(await ready(file))) continue;
    const { size } = file.blob;
    const alone = size > SMALL;
    if (files.length && (alone || bytes + size > limits.bytes)) {
      waiting.unshift(file);
      break;
    }
    files.push(file);
    bytes += size;
    if (alone) break;
  }
  return files;
}
