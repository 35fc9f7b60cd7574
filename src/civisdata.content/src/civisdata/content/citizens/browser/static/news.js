/**
 * The news of a space go on as one scrolls; the link to the next page does it without
 * this module. After a few pages it stops, so that what is below can be reached: then
 * the link is pressed. Coming back from an item leads to where it stands.
 */

/** Pages that come by themselves. */
const BY_ITSELF = 3;

const page = document.getElementById("my-news");
const list = page?.querySelector(".civ-feed");
const say = page?.querySelector(".civ-endless-status");
const nextLink = () => page.querySelector("a[rel='next']");

let pages = 1;
let byItself = 0;
let busy = false;

const remember = (id) => {
  history.replaceState({ ...history.state, news: { pages, id } }, "");
};

const fetched = async (url) => {
  const answer = await fetch(url, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  const other = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = other.getElementById("my-news");
  if (!found) throw new Error("no news");
  return found;
};

/** Add the next page; give its first new item, or null at the end or on failure. */
const more = async () => {
  const next = nextLink();
  if (!next || busy) return null;
  busy = true;
  page.setAttribute("aria-busy", "true");
  say.textContent = page.dataset.loading;
  try {
    const found = await fetched(next.href);
    // Something new on the site moves the pages: an item may come a second time.
    const items = [...found.querySelectorAll(".civ-feed > li")].filter(
      (item) => !document.getElementById(item.id),
    );
    list.append(...items.map((item) => document.adoptNode(item)));
    pages += 1;
    const after = found.querySelector("a[rel='next']");
    if (after) next.href = after.href;
    say.textContent = page.dataset.added.replace("{count}", String(items.length));
    if (!after) {
      if (document.activeElement === next) items[0]?.querySelector("h3 a")?.focus();
      next.remove();
      say.textContent += ` ${page.dataset.end}`;
    }
    remember();
    return items[0] ?? null;
  } catch {
    say.textContent = page.dataset.failed;
    watcher.disconnect();
    throw new Error("failed");
  } finally {
    busy = false;
    page.removeAttribute("aria-busy");
  }
};

const watcher = new IntersectionObserver(
  async (entries) => {
    if (!entries.some((entry) => entry.isIntersecting) || busy) return;
    byItself += 1;
    if (byItself >= BY_ITSELF) watcher.disconnect();
    try {
      await more();
    } catch {
      return;
    }
    const next = nextLink();
    if (next && byItself < BY_ITSELF) {
      // Still in sight: the observer tells of changes only.
      watcher.unobserve(next);
      watcher.observe(next);
    }
  },
  { rootMargin: "300px" },
);

/** Show again what was shown when an item was opened, and go back to it. */
const restore = async (past) => {
  byItself = BY_ITSELF;
  while (pages < Math.min(past.pages, 30) && nextLink()) await more();
  const item = past.id && document.getElementById(past.id);
  if (!item) return;
  item.querySelector("h3 a").focus({ preventScroll: true });
  item.scrollIntoView({ block: "center" });
};

const start = async () => {
  list.addEventListener("click", (event) => {
    const item = event.target.closest("h3 a")?.closest("li");
    if (item) remember(item.id);
  });
  nextLink()?.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const { href } = event.currentTarget;
    try {
      (await more())?.querySelector("h3 a").focus();
    } catch {
      location.assign(href);
    }
  });
  const past = history.state?.news;
  try {
    if (past) await restore(past);
    else if (nextLink() && !navigator.connection?.saveData) watcher.observe(nextLink());
  } catch {
    // What could not be loaded is said; the link is there.
  }
};

if (list) start();
