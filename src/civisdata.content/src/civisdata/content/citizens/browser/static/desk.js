/* The list of registrations: how many lines are ticked, all of a page at once, and, for who
   turns them on, single keys. Without this module all of it works by Tab, Space and Enter. */

const KEPT = "civisdata-desk-keys";

function desk(form) {
  const rows = [...document.getElementById(form.dataset.desk).rows];
  const tools = form.querySelector("[data-desk-keys]");
  if (!tools) return;
  const status = tools.querySelector("[role=status]");
  const keys = tools.querySelector("#desk-keys");
  const all = tools.querySelector("[data-desk-all]");
  const boxes = rows.map((row) => row.querySelector("input[name=ids]")).filter(Boolean);

  const tell = () => {
    const count = boxes.filter((box) => box.checked).length;
    status.textContent = status.dataset.ticked.replace("#", count);
  };

  const current = () => rows.findIndex((row) => row.contains(document.activeElement));

  function go(step) {
    const here = current();
    const next = here < 0 ? (step > 0 ? 0 : rows.length - 1) : here + step;
    rows[next]?.querySelector("a").focus();
  }

  function tick() {
    const box = rows[current()]?.querySelector("input[name=ids]");
    if (!box) return;
    box.checked = !box.checked;
    tell();
  }

  const does = { j: () => go(1), k: () => go(-1), x: tick };

  document.addEventListener("keydown", (event) => {
    if (!keys.checked || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.matches("textarea, select, input:not([type=checkbox])")) return;
    const key = does[event.key];
    if (!key) return;
    event.preventDefault();
    key();
  });

  let wanted = false;
  try {
    wanted = localStorage.getItem(KEPT) === "on";
  } catch {
    /* A browser that keeps nothing: off, each time. */
  }
  keys.checked = wanted;
  keys.addEventListener("change", () => {
    try {
      localStorage.setItem(KEPT, keys.checked ? "on" : "off");
    } catch {
      /* As above. */
    }
  });

  all?.addEventListener("click", () => {
    const every = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !every;
    tell();
  });
  // Enter in a box presses the hidden button, which decides nothing.
  form.addEventListener("submit", (event) => {
    if (event.submitter?.hidden) event.preventDefault();
  });
  form.addEventListener("change", tell);
  tools.hidden = false;
  if (boxes.length) tell();
}

for (const form of document.querySelectorAll("form[data-desk]")) desk(form);
document.getElementById("errors")?.focus();
