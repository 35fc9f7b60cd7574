// Reads, one after the other, the documents whose text isn't read yet: only an open
// session has the key, so the server can't do it by itself.

const PAUSE = 500;
const LATER = 15_000;

class Reader {
  constructor(frame) {
    this.settings = JSON.parse(frame.dataset.settings);
    this.form = frame.querySelector("form");
    this.state = document.getElementById("vault-reading-state");
    this.told = false;
    this.running = false;
    if (this.settings.pending) this.run();
    // What is uploaded on this page is read as soon as it is stored.
    const uploads = document.getElementById("vault-uploads");
    if (uploads) {
      const seen = (changes) => {
        if (changes.some(({ target }) => target.dataset?.state === "done")) this.run();
      };
      const watched = { subtree: true, attributes: true, attributeFilter: ["data-state"] };
      new MutationObserver(seen).observe(uploads, watched);
    }
  }

  async run() {
    if (this.running) return;
    this.running = true;
    try {
      for (;;) {
        const answer = await fetch(this.settings.url, {
          method: "POST",
          credentials: "same-origin",
          headers: {
            Accept: "application/json",
            "X-CSRF-TOKEN": this.form.elements._authenticator.value,
          },
        });
        if (!answer.ok) break;
        const { left, later } = await answer.json();
        this.tell(left);
        if (!left) break;
        await new Promise((done) => setTimeout(done, later ? LATER : PAUSE));
      }
    } catch {
      // The next page goes on where this one stopped.
    } finally {
      this.running = false;
    }
  }

  tell(left) {
    if (left) {
      this.told = true;
      this.state.textContent = this.settings.text.replace("${count}", left);
    } else if (this.told) this.state.textContent = this.settings.done;
  }
}

const frame = document.getElementById("vault-search");
if (frame) new Reader(frame);
