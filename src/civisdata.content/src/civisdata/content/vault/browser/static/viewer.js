// Reading a document page by page: pages as images with their text over them, small
// images, zoom, keyboard, words found in all pages. Takes the place of the plain list of
// pages, which stays for browsers without scripts.

const STEPS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3];
const LARGE = 1.5;
const KEPT = 8;
const SMALL_BATCH = 12;
const SMALL_CHUNK = 120;
const PATIENCE = 30;

/** Wait as long as a server that has enough to do says. */
function pause(answer) {
  const seconds = Number(answer.headers.get("Retry-After")) || 2;
  return new Promise((done) => setTimeout(done, 1000 * Math.min(seconds, 10)));
}

/** Text as it is compared: without accents, case and ligatures. */
function fold(text) {
  return text
    .toLowerCase()
    .replaceAll("œ", "oe")
    .replaceAll("æ", "ae")
    .replaceAll("’", "'")
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "");
}

function make(name, options = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(options)) {
    if (key === "class") element.className = value;
    else if (key in element) element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

function button(text, action, symbol = null) {
  const made = make("button", { type: "button", class: "btn btn-sm btn-outline-secondary" });
  if (symbol === null) made.textContent = text;
  else {
    made.append(make("span", { "aria-hidden": "true" }, symbol));
    made.setAttribute("aria-label", text);
    made.title = text;
  }
  made.addEventListener("click", action);
  return made;
}

class Lost extends Error {}

async function json(url, options = {}) {
  let answer = null;
  for (let tries = 0; tries < PATIENCE; tries += 1) {
    answer = await fetch(url, {
      credentials: "same-origin",
      headers: { Accept: "application/json", ...options.headers },
      ...options,
    });
    if (answer.status !== 503) break;
    await pause(answer);
  }
  const kind = answer.headers.get("Content-Type") || "";
  if (!kind.startsWith("application/json")) throw new Lost(String(answer.status));
  return { status: answer.status, data: await answer.json() };
}

/** Wait for an image; one that the server was too busy to draw is asked for again. */
async function arrived(image) {
  const { src } = image;
  for (let tries = 1; ; tries += 1) {
    if (image.complete && image.naturalWidth) return;
    try {
      await image.decode();
      return;
    } catch (error) {
      const answer = await fetch(src, { credentials: "same-origin" });
      const again = answer.ok || answer.status === 503;
      if (!again || tries >= PATIENCE) throw error;
      if (!answer.ok) await pause(answer);
      const url = new URL(src, location.href);
      url.searchParams.set("encore", String(tries));
      image.src = url;
    }
  }
}

/** The words of a page over its image: invisible, to be selected and copied. */
class Layer {
  constructor() {
    this.element = make("div", { class: "vault-layer" });
    this.pen = document.createElement("canvas").getContext("2d");
    this.pen.font = "100px sans-serif";
  }

  /** Places are given through the object model: the page's policy forbids style attributes. */
  show(words) {
    const parts = [];
    for (const line of words.lines) {
      for (const [index, [x, y, width, height, text]] of line.entries()) {
        // The blank that follows is part of the word, so that it is copied too.
        const last = index === line.length - 1;
        const span = make("span", {}, last ? text : `${text} `);
        const percent = (value, whole) => `${(100 * value) / whole}%`;
        span.style.left = percent(x, words.width);
        span.style.top = percent(y, words.height);
        // The layer measures 100 cqw across, whatever the zoom.
        span.style.fontSize = `${(100 * height) / words.width}cqw`;
        const natural = (this.pen.measureText(text).width / 100) * height;
        if (natural) span.style.transform = `scaleX(${width / natural})`;
        span.dataset.word = fold(text);
        parts.push(span);
      }
      parts.push(make("br"));
    }
    this.element.replaceChildren(...parts);
  }

  clear() {
    this.element.replaceChildren();
  }

  /** Mark what was searched; returns the first word marked. */
  mark(query) {
    const wanted = fold(query).split(/\s+/).filter(Boolean);
    let first = null;
    const spans = [...this.element.querySelectorAll("span")];
    for (const span of spans) span.classList.remove("vault-mark");
    if (!wanted.length) return first;
    for (let start = 0; start + wanted.length <= spans.length; start += 1) {
      const run = spans.slice(start, start + wanted.length);
      const fits = run.every((span, index) => {
        const word = span.dataset.word;
        if (wanted.length === 1) return word.includes(wanted[0]);
        if (index === 0) return word.endsWith(wanted[0]);
        if (index === wanted.length - 1) return word.startsWith(wanted[index]);
        return word === wanted[index];
      });
      if (!fits) continue;
      for (const span of run) span.classList.add("vault-mark");
      first ??= run[0];
    }
    return first;
  }
}

/** Small images of the pages, asked for a dozen at a time when they come into view. */
class Smalls {
  constructor(viewer) {
    this.viewer = viewer;
    this.list = make("ol", { class: "vault-smalls list-unstyled" });
    this.element = make(
      "nav",
      { class: "vault-smalls-frame", "aria-label": viewer.texts.small, hidden: true },
      this.list,
    );
    this.asked = new Set();
    this.buttons = [];
    this.watch = new IntersectionObserver(
      (seen) => {
        for (const { isIntersecting, target } of seen) {
          if (!isIntersecting) continue;
          const page = Number(target.dataset.page);
          this.ask(page);
          // A document may say that it has a million pages: no more than are looked at.
          if (page > this.buttons.length - SMALL_BATCH) this.grow(page + SMALL_CHUNK);
        }
      },
      { root: this.element, rootMargin: "200px" },
    );
  }

  get open() {
    return !this.element.hidden;
  }

  toggle() {
    this.element.hidden = this.open;
    if (this.open) this.current(this.viewer.page);
  }

  grow(wanted) {
    const last = Math.min(wanted, this.viewer.settings.count);
    for (let page = this.buttons.length + 1; page <= last; page += 1) {
      const label = this.viewer.texts.hit.replace("${number}", page);
      const made = make(
        "button",
        { type: "button", class: "vault-small", "aria-label": label },
        make("span", { "aria-hidden": "true" }, String(page)),
      );
      made.dataset.page = page;
      made.addEventListener("click", () => this.viewer.go(page));
      this.buttons.push(made);
      this.list.append(make("li", {}, made));
      this.watch.observe(made);
    }
  }

  async ask(page) {
    const first = Math.floor((page - 1) / SMALL_BATCH) * SMALL_BATCH + 1;
    if (this.asked.has(first)) return;
    this.asked.add(first);
    try {
      const { data } = await json(`${this.viewer.settings.url}/vignettes?n=${first}`);
      for (const [index, image] of (data.images || []).entries()) {
        const target = this.buttons[first - 1 + index];
        if (!target || !image) continue;
        target.prepend(make("img", { src: `data:image/jpeg;base64,${image}`, alt: "" }));
      }
    } catch {
      this.asked.delete(first);
    }
  }

  current(page) {
    if (!this.open) return;
    this.grow(Math.min(page + SMALL_CHUNK, this.buttons.length + 20 * SMALL_CHUNK));
    for (const made of this.buttons) {
      if (Number(made.dataset.page) === page) {
        made.setAttribute("aria-current", "page");
        const frame = this.element;
        const middle = made.offsetTop - (frame.clientHeight - made.offsetHeight) / 2;
        frame.scrollTo({ top: middle, left: made.offsetLeft - frame.clientWidth / 2 });
      } else made.removeAttribute("aria-current");
    }
  }
}

/** Words in all pages of the document. */
class Finder {
  constructor(viewer, form) {
    this.viewer = viewer;
    this.form = form;
    this.status = make("p", { role: "status", class: "vault-find-status" });
    this.list = make("ol", { class: "vault-hits list-unstyled" });
    this.element = make("div", { class: "vault-find" }, this.status, this.list);
    this.query = "";
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.search();
    });
  }

  async search() {
    const { texts, settings } = this.viewer;
    const query = this.form.elements.q.value.trim();
    this.query = query;
    this.list.replaceChildren();
    this.status.textContent = query ? texts.searching : "";
    let count = 0;
    let next = query ? 1 : null;
    try {
      while (next && this.query === query) {
        const body = new URLSearchParams(new FormData(this.form));
        body.set("de", next);
        const { status, data } = await json(`${settings.url}/chercher`, {
          method: "POST",
          body,
        });
        if (this.query !== query) return;
        if (status !== 200) throw new Error(data.error);
        for (const hit of data.hits) this.add(hit);
        count += data.hits.length;
        if (data.hits.length && count === data.hits.length) this.viewer.go(data.hits[0].number);
        next = data.next;
      }
      if (query) {
        this.status.textContent = count
          ? texts.found.replace("${count}", count)
          : texts.nothing;
      }
    } catch (error) {
      this.status.textContent = error instanceof Lost ? texts.expired : texts.problem;
    }
    this.viewer.mark();
  }

  add(hit) {
    const go = make(
      "button",
      { type: "button", class: "btn btn-link" },
      this.viewer.texts.hit.replace("${number}", hit.number),
    );
    go.addEventListener("click", () => this.viewer.go(hit.number));
    const around = make("q", {}, hit.before, make("mark", {}, hit.match), hit.after);
    this.list.append(make("li", {}, go, " ", around));
  }
}

class Viewer {
  constructor(frame) {
    this.frame = frame;
    this.settings = JSON.parse(frame.dataset.settings);
    this.texts = this.settings.texts;
    this.page = Math.min(this.settings.page, this.settings.count);
    this.zoom = 1;
    this.images = new Map();
    this.words = new Map();
    for (const image of frame.querySelectorAll("img[data-page]")) {
      if (Number(image.dataset.page) === this.page) this.images.set(this.key(this.page), image);
      else image.removeAttribute("src");
    }
    this.build();
    this.show();
  }

  build() {
    const { texts, settings } = this;
    this.layer = new Layer();
    this.sheet = make("div", { class: "vault-sheet" });
    this.failure = make("p", { class: "alert alert-warning", role: "alert", hidden: true });
    this.stage = make(
      "div",
      { class: "vault-stage", tabIndex: 0, role: "group", "aria-label": texts.viewer },
      this.failure,
      this.sheet,
    );
    this.smaller = button(texts.smaller, () => this.step(-1), "−");
    this.larger = button(texts.larger, () => this.step(1), "+");
    this.fit = button(texts.fit, () => this.set(1));
    const tools = make("div", { class: "civ-toolbar vault-tools" });
    const parts = [];
    if (settings.count > 1) {
      this.smalls = new Smalls(this);
      this.small = button(texts.small, () => {
        this.smalls.toggle();
        this.small.setAttribute("aria-expanded", String(this.smalls.open));
        this.body.classList.toggle("vault-with-smalls", this.smalls.open);
      });
      this.small.setAttribute("aria-expanded", "false");
      this.previous = button(texts.previous, () => this.go(this.page - 1), "‹");
      this.next = button(texts.next, () => this.go(this.page + 1), "›");
      this.number = make("input", {
        class: "form-control vault-number",
        type: "text",
        inputMode: "numeric",
        "aria-label": texts.page,
      });
      this.number.addEventListener("change", () => {
        const wanted = Number.parseInt(this.number.value, 10);
        this.go(Number.isNaN(wanted) ? this.page : wanted);
      });
      parts.push(
        this.small,
        make("span", { class: "vault-paging" }, this.previous, this.number,
          make("span", { class: "vault-of" }, texts.of), this.next),
      );
    }
    parts.push(make("span", { class: "vault-zoom" }, this.smaller, this.fit, this.larger));
    tools.append(...parts);
    this.announce = make("p", { class: "visually-hidden", role: "status" });
    this.body = make("div", { class: "vault-viewer-body" });
    if (this.smalls) this.body.append(this.smalls.element);
    this.body.append(this.stage);
    const whole = [tools];
    const form = this.frame.querySelector("form");
    if (form) {
      this.finder = new Finder(this, form);
      whole.unshift(form);
      whole.push(this.finder.element);
    }
    this.frame.replaceChildren(...whole, this.announce, this.body);
    this.frame.classList.add("civ-viewer");
    this.stage.addEventListener("keydown", (event) => this.pressed(event));
  }

  pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const actions = {
      ArrowLeft: () => this.zoom <= 1 && this.go(this.page - 1),
      ArrowRight: () => this.zoom <= 1 && this.go(this.page + 1),
      PageUp: () => this.go(this.page - 1),
      PageDown: () => this.go(this.page + 1),
      Home: () => this.go(1),
      End: () => this.go(this.settings.count),
      "+": () => this.step(1),
      "-": () => this.step(-1),
      0: () => this.set(1),
    };
    const action = actions[event.key];
    if (!action || action() === false) return;
    event.preventDefault();
  }

  key(page) {
    return this.zoom >= LARGE ? `${page} large` : `${page}`;
  }

  go(page) {
    const wanted = Math.min(Math.max(1, page), this.settings.count);
    if (wanted === this.page) {
      this.labels();
      this.mark();
      return;
    }
    this.page = wanted;
    const url = new URL(location.href);
    url.searchParams.set("page", wanted);
    history.replaceState(history.state, "", url);
    this.stage.scrollTo({ top: 0 });
    this.show();
  }

  step(direction) {
    const now = STEPS.indexOf(this.zoom);
    this.set(STEPS[Math.min(Math.max(0, now + direction), STEPS.length - 1)]);
  }

  set(zoom) {
    this.zoom = zoom;
    this.show();
  }

  labels() {
    const { texts, settings } = this;
    this.smaller.disabled = this.zoom === STEPS[0];
    this.larger.disabled = this.zoom === STEPS.at(-1);
    if (!this.number) return;
    this.number.value = this.page;
    this.number.size = String(settings.count).length + 1;
    this.previous.disabled = this.page === 1;
    this.next.disabled = this.page === settings.count;
    this.announce.textContent = texts.label.replace("${number}", this.page);
    this.smalls.current(this.page);
  }

  /** An image of a page, asked for once. */
  image(page) {
    const key = this.key(page);
    const known = this.images.get(key);
    if (known) return known;
    const large = this.zoom >= LARGE ? "&large=1" : "";
    const alt = this.settings.text
      ? this.texts.label.replace("${number}", page)
      : this.settings.title;
    const image = make("img", { alt, src: `${this.settings.url}/page?n=${page}${large}` });
    this.images.set(key, image);
    for (const old of this.images.keys()) {
      if (this.images.size <= KEPT) break;
      if (old !== key && old !== this.key(this.page)) this.images.delete(old);
    }
    return image;
  }

  async show() {
    const { page } = this;
    const image = this.image(page);
    image.loading = "eager";
    image.className = "";
    this.labels();
    this.sheet.style.width = `${100 * this.zoom}%`;
    this.sheet.replaceChildren(image, this.layer.element);
    this.failure.hidden = true;
    if (this.shown !== page) this.layer.clear();
    this.shown = page;
    try {
      await arrived(image);
    } catch {
      if (this.page !== page) return;
      this.images.delete(this.key(page));
      this.failure.textContent = this.texts.failed;
      this.failure.hidden = false;
      return;
    }
    if (this.page !== page) return;
    this.frame.dataset.shown = page;
    await this.text(page);
    if (this.page === page && page < this.settings.count) this.image(page + 1);
  }

  async text(page) {
    if (!this.settings.text) return;
    if (!this.words.has(page)) {
      try {
        const { status, data } = await json(`${this.settings.url}/mots?n=${page}`);
        if (status !== 200) return;
        this.words.set(page, data);
      } catch {
        return;
      }
    }
    if (this.page !== page) return;
    if (!this.layer.element.hasChildNodes()) this.layer.show(this.words.get(page));
    this.mark();
  }

  mark() {
    if (!this.finder) return;
    const first = this.layer.mark(this.finder.query);
    if (first && this.marked !== `${this.page} ${this.finder.query}`) {
      this.marked = `${this.page} ${this.finder.query}`;
      first.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }
}

const frame = document.getElementById("vault-viewer");
if (frame) new Viewer(frame);
