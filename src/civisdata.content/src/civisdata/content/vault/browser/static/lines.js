// The line of one file: name, progress, state, button.

export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

export class Line {
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
    if (link) this.state.append(" ", anchor(link));
  }

  end(state, text, link) {
    this.button.remove();
    if (state !== "done") this.bar.remove();
    this.say(state, text, link);
  }
}

export function anchor({ href, text }) {
  const found = document.createElement("a");
  found.href = href;
  found.textContent = text;
  return found;
}
