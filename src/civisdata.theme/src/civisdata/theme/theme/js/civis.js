/* Small comforts; every page works without them. */

/** Fold the menu on narrow screens, keep it open on wide ones. */
function foldMenu() {
  const menu = document.querySelector(".civ-menu");
  if (!menu) return;
  const narrow = window.matchMedia("(max-width: 61.99rem)");
  const apply = () => {
    menu.open = !narrow.matches;
  };
  apply();
  narrow.addEventListener("change", apply);
  menu.dataset.ready = "";
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && narrow.matches && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

/** « Ambarès » and « ambares » are the same to who searches. */
function plain(text) {
  return text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, " ")
    .trim();
}

/** Filter a list while typing; the form around it does the same on the server. */
function filterLists() {
  for (const form of document.querySelectorAll("form[data-filters]")) {
    const list = document.getElementById(form.dataset.filters);
    const status = form.querySelector("[role=status]");
    const input = form.querySelector("input[type=search]");
    if (!list || !input) continue;
    const rows = [...list.children].map((row) => [row, plain(row.textContent)]);
    const apply = () => {
      const wanted = plain(input.value);
      let shown = 0;
      for (const [row, text] of rows) {
        row.hidden = !text.includes(wanted);
        if (!row.hidden) shown += 1;
      }
      if (!status) return;
      const { none, one, many } = status.dataset;
      status.textContent = (shown === 0 ? none : shown === 1 ? one : many).replace("#", shown);
    };
    input.addEventListener("input", apply);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      apply();
    });
    form.querySelector("button")?.setAttribute("hidden", "");
  }
}

/** Plone's toolbar: names and keys for its two controls that have none. */
function nameToolbar() {
  const person = document.getElementById("personaltools-menulink");
  person?.setAttribute("aria-label", person.textContent.trim());
  // On narrow screens only the icons of its links are shown.
  for (const link of document.querySelectorAll("#edit-zone a[href]:not([aria-label])")) {
    const name = link.textContent.trim();
    if (name) link.setAttribute("aria-label", name);
  }
  for (const control of document.querySelectorAll("a.toolbar-collapse:not([href])")) {
    control.setAttribute("role", "button");
    control.tabIndex = 0;
    control.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      control.click();
    });
  }
}

/** Plone's forms: names for the frame of a text, its handle and the fields of files. */
function nameForms() {
  const form = document.querySelector("body.template-edit form, form.pat-formautofocus, form#form");
  if (!form) return;
  for (const input of form.querySelectorAll("input[type=file][id$='-input']")) {
    const label = form.querySelector(`label[for="${CSS.escape(input.id.slice(0, -6))}"]`);
    if (label && !input.labels.length) label.htmlFor = input.id;
  }
  const nameEditors = () => {
    for (const frame of form.querySelectorAll("iframe.tox-edit-area__iframe:not([title])")) {
      const label = form.querySelector(`label[for="${CSS.escape(frame.id.replace(/_ifr$/, ""))}"]`);
      frame.title = (label ?? document.querySelector("h1")).textContent.trim();
    }
    const handles = ".tox-statusbar__resize-handle[role=separator]:not([aria-valuenow])";
    for (const handle of form.querySelectorAll(handles)) {
      const editor = handle.closest(".tox-tinymce");
      const tell = () => handle.setAttribute("aria-valuenow", Math.round(editor.offsetHeight));
      handle.setAttribute("aria-valuemin", "100");
      handle.setAttribute("aria-valuemax", "2000");
      tell();
      new ResizeObserver(tell).observe(editor);
    }
  };
  // TinyMCE comes after the page.
  new MutationObserver(nameEditors).observe(form, { childList: true, subtree: true });
  nameEditors();
}

foldMenu();
nameForms();
nameToolbar();
filterLists();
