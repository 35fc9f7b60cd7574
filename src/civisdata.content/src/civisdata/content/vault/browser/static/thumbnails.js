// Small images that the server was too busy to draw are asked for again, one by one.

const PAUSE = 1500;
const TRIES = 20;
const waiting = [];
let running = false;

function load(image) {
  return new Promise((done) => {
    image.addEventListener("load", () => done(true), { once: true });
    image.addEventListener("error", () => done(false), { once: true });
    const url = new URL(image.src);
    url.searchParams.set("encore", String(Number(url.searchParams.get("encore")) + 1));
    image.loading = "eager";
    image.src = url;
  });
}

async function run() {
  running = true;
  let tries = TRIES;
  while (waiting.length && tries) {
    if (await load(waiting[0])) {
      waiting.shift();
      tries = TRIES;
    } else {
      tries -= 1;
      await new Promise((done) => setTimeout(done, PAUSE));
    }
  }
  waiting.length = 0;
  running = false;
}

function failed({ target: image }) {
  if (waiting.includes(image)) return;
  waiting.push(image);
  if (!running) run();
}

for (const image of document.querySelectorAll('img[src$="/vignette"]')) {
  if (image.complete && image.src && !image.naturalWidth && image.loading !== "lazy") {
    failed({ target: image });
  } else image.addEventListener("error", failed, { once: true });
}
