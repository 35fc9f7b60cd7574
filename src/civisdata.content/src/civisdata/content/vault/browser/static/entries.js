// What was dropped, or chosen as a folder: files one after the other, with the names of
// the folders that they lie in. Folders are read as the files are asked for.

/** The entries of a drop; to be called before the event's handler ends. */
export function dropped(transfer) {
  const entries = [];
  for (const item of transfer.items ?? []) {
    if (item.kind !== "file") continue;
    const entry = item.webkitGetAsEntry?.();
    if (entry) entries.push(entry);
    else if (item.getAsFile()) entries.push(item.getAsFile());
  }
  return entries.length ? entries : Array.from(transfer.files ?? []);
}

/** Gives {path, open()} for each file, and {path} for a folder without any. */
export async function* walk(entries, path = []) {
  for (const entry of entries) {
    if (entry instanceof File) {
      const above = (entry.webkitRelativePath || "").split("/").slice(0, -1);
      yield { name: entry.name, path: [...path, ...above], open: async () => entry };
    } else if (entry.isFile) {
      yield {
        name: entry.name,
        path,
        open: () => new Promise((resolve, reject) => entry.file(resolve, reject)),
      };
    } else {
      yield* folder(entry, [...path, entry.name]);
    }
  }
}

async function* folder(entry, path) {
  const reader = entry.createReader();
  let empty = true;
  for (;;) {
    // At most a hundred come at once.
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) break;
    empty = false;
    yield* walk(some, path);
  }
  if (empty) yield { name: path.at(-1), path };
}
