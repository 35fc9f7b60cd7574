/**
 * Warns two minutes before a session ends, and extends it on request (WCAG 2.2.1).
 *
 * Other pages of the same browser may have used the session meanwhile: the server is
 * asked before anything is said. Asking doesn't count as use.
 */

const WARN_SECONDS = 120;
const box = document.getElementById("civ-session");

if (box) {
  const form = box.querySelector("form");
  const over = box.querySelector("[data-over]");
  let timer;

  const wait = (seconds) => {
    clearTimeout(timer);
    timer = setTimeout(look, Math.max(1, seconds) * 1000);
  };

  const show = (seconds) => {
    const ended = seconds <= 0;
    over.hidden = !ended;
    form.hidden = ended || seconds > WARN_SECONDS;
    if (ended) return;
    wait(seconds > WARN_SECONDS ? seconds - WARN_SECONDS : Math.min(seconds, 15));
  };

  async function look() {
    try {
      const answer = await fetch(box.dataset.state, { cache: "no-store" });
      if (answer.ok) show((await answer.json()).seconds);
      else wait(15);
    } catch {
      wait(15);
    }
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
    }).catch(() => null);
    if (answer?.ok) show((await answer.json()).seconds);
    else look();
  });

  show(Number(box.dataset.seconds));
}
