// Sends an archive in pieces and goes on after a lost connection; then takes the steps
// of verifying and importing by itself. Without this module, forms and buttons do it.

const TRIES = 6;
const root = document.getElementById("import");
const settings = JSON.parse(root.dataset.settings);
const { texts } = settings;

class Stop extends Error {}

function pause(tries) {
  return new Promise((done) => setTimeout(done, 500 * 2 ** tries));
}

function fail(message) {
  const box = document.getElementById("import-failure");
  box.textContent = message;
  box.hidden = false;
}

/** One request; the answer's JSON, or a Stop with what to say. */
async function ask(url, options) {
  const answer = await fetch(url, { credentials: "same-origin", ...options });
  if (answer.status >= 500 && answer.status !== 507) throw new Error("server");
  let data = null;
  try {
    data = await answer.json();
  } catch {
    throw new Stop(texts.expired);
  }
  if (!answer.ok && answer.status !== 409) throw new Stop(data.message || texts.expired);
  return data;
}

/** Ask again while the network is away. */
async function insist(work) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Stop || tries >= TRIES) throw error;
      await pause(tries);
    }
  }
}

class Sending {
  constructor(form) {
    this.form = form;
    this.box = document.getElementById("import-sending");
    this.bar = this.box.querySelector("progress");
    this.line = document.getElementById("import-sent");
    form.addEventListener("submit", (event) => {
      const file = form.elements.file.files[0];
      if (!file) return;
      event.preventDefault();
      this.send(file);
    });
  }

  get headers() {
    return { "X-CSRF-TOKEN": this.form.elements._authenticator.value };
  }

  async send(file) {
    const button = this.form.querySelector("button[name=action]");
    button.disabled = true;
    document.getElementById("import-failure").hidden = true;
    try {
      await this.pieces(file);
      location.assign(settings.page);
    } catch (error) {
      button.disabled = false;
      fail(error instanceof Stop ? error.message : texts.failed);
    }
  }

  async begin(file) {
    const known = settings.resume;
    if (known) {
      if (known.size !== file.size || known.name !== file.name) throw new Stop(texts.other);
      return known;
    }
    const begun = await ask(settings.depot, {
      method: "POST",
      headers: { ...this.headers, "Content-Type": "application/json" },
      body: JSON.stringify({ name: file.name, size: file.size }),
    });
    settings.resume = { ...begun, size: file.size, name: file.name };
    return settings.resume;
  }

  async pieces(file) {
    const state = await this.begin(file);
    const address = `${settings.depot}?id=${encodeURIComponent(state.id)}`;
    this.box.hidden = false;
    this.bar.max = file.size;
    while (state.offset < file.size) {
      this.show(state.offset, file.size);
      const answer = await insist(async () => {
        const { offset } = state;
        try {
          return await ask(`${address}&offset=${offset}`, {
            method: "PUT",
            headers: { ...this.headers, "Content-Type": "application/octet-stream" },
            body: file.slice(offset, offset + state.piece),
          });
        } catch (error) {
          if (!(error instanceof Stop)) this.line.textContent = texts.retrying;
          throw error;
        }
      });
      state.offset = answer.offset;
    }
  }

  show(done, size) {
    this.bar.value = done;
    this.line.textContent = `${texts.sending} ${Math.floor((100 * done) / size)} %`;
  }
}

/** Take steps until the page has something else to say. */
async function steps(form) {
  const bar = document.getElementById("import-progress");
  const line = document.getElementById("import-progress-text");
  form.querySelector("button").hidden = true;
  try {
    for (;;) {
      const body = new FormData(form);
      body.set("action", "step");
      body.set("script", "1");
      const state = await insist(() => ask(settings.page, { method: "POST", body }));
      if (state.phase !== settings.phase || state.problem) break;
      bar.value = state.done;
      line.textContent = state.text;
    }
    location.assign(settings.page);
  } catch (error) {
    form.querySelector("button").hidden = false;
    fail(error instanceof Stop ? error.message : texts.failed);
  }
}

const sending = document.getElementById("import-form");
if (sending) new Sending(sending);
const stepping = document.getElementById("import-steps");
if (stepping && !stepping.dataset.problem) steps(stepping);
