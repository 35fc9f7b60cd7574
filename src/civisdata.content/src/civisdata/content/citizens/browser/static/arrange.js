/* The order of the blocks: by handle (mouse, finger, pen) and by button, without loading
   the page again. Without this module the buttons send the form. */

const PLACE = { up: -1, down: 1 };

function arrange(form) {
  const list = document.getElementById(form.dataset.arrange);
  const status = form.querySelector("[role=status]");
  // Not form.action: its buttons have that name.
  const url = form.getAttribute("action");
  let saving = Promise.resolve();

  const rows = () => [...list.children];
  const order = () => rows().map((row) => row.dataset.block).join(" ");

  function limits() {
    const all = rows();
    for (const [place, row] of all.entries()) {
      row.querySelector("[value^='up:']").disabled = place === 0;
      row.querySelector("[value^='down:']").disabled = place === all.length - 1;
    }
  }

  function tell(row) {
    const place = rows().indexOf(row) + 1;
    status.textContent = status.dataset.moved
      .replace("#", row.querySelector("strong").textContent)
      .replace("@", place)
      .replace("%", rows().length);
  }

  function save(row) {
    limits();
    tell(row);
    const body = new FormData(form);
    body.set("action", "order");
    body.set("order", order());
    // One after the other: the last order is the one that stays, also for who leaves the page.
    saving = saving.then(async () => {
      try {
        const answer = await fetch(url, { method: "POST", body, redirect: "error", keepalive: true });
        if (!answer.ok) throw new Error(answer.status);
      } catch {
        status.textContent = status.dataset.lost;
      }
    });
  }

  form.addEventListener("submit", (event) => {
    const [way, id] = (event.submitter?.value ?? "").split(":");
    if (!(way in PLACE)) return;
    event.preventDefault();
    const row = document.getElementById(`bloc-${id}`);
    if (way === "up") row.previousElementSibling?.before(row);
    else row.nextElementSibling?.after(row);
    save(row);
    const other = row.querySelector(`[value^='${way === "up" ? "down" : "up"}:']`);
    (event.submitter.disabled ? other : event.submitter).focus();
  });

  for (const row of rows()) {
    const grip = row.querySelector(".civ-grip");
    grip.hidden = false;
    let before = "";

    grip.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      before = order();
      grip.setPointerCapture(event.pointerId);
      row.classList.add("is-moving");
    });

    grip.addEventListener("pointermove", (event) => {
      if (!grip.hasPointerCapture(event.pointerId)) return;
      for (const other of rows()) {
        if (other === row) continue;
        const box = other.getBoundingClientRect();
        const middle = box.top + box.height / 2;
        const above = row.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_PRECEDING;
        if (above && event.clientY < middle) {
          other.before(row);
          break;
        }
        if (!above && event.clientY > middle) {
          other.after(row);
          break;
        }
      }
      // Moving it in the document lets the pointer go.
      if (!grip.hasPointerCapture(event.pointerId)) grip.setPointerCapture(event.pointerId);
    });

    const drop = () => {
      if (!row.classList.contains("is-moving")) return;
      row.classList.remove("is-moving");
      if (order() !== before) save(row);
    };
    grip.addEventListener("pointerup", drop);
    grip.addEventListener("pointercancel", drop);
  }
  form.querySelector("[data-arrange-hint]").hidden = false;
}

for (const form of document.querySelectorAll("form[data-arrange]")) arrange(form);
