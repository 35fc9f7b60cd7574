// Photographs: they gather from both inputs, can be put in another order and taken away.
// Without this module, the form sends them in the order in which they were chosen.

const form = document.getElementById("photos-form");
const list = document.getElementById("photos-pages");
const status = document.getElementById("photos-status");
const settings = JSON.parse(form.dataset.settings);
const { texts } = settings;
const inputs = ["photos-files", "photos-camera"].map((id) => document.getElementById(id));
let pages = [];

function button(text, label, disabled, action) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-sm btn-outline-secondary";
  made.textContent = text;
  made.setAttribute("aria-label", `${text} : ${label}`);
  made.disabled = disabled;
  made.addEventListener("click", action);
  return made;
}

function swap(one, other, focus) {
  [pages[one], pages[other]] = [pages[other], pages[one]];
  show();
  // The button that was pressed moved along; at an end, its neighbour takes the focus.
  const buttons = list.children[other].querySelectorAll("button");
  (buttons[focus].disabled ? buttons[1 - focus] : buttons[focus]).focus();
}

function show() {
  list.replaceChildren(
    ...pages.map(({ file, url }, index) => {
      const item = document.createElement("li");
      const image = document.createElement("img");
      image.src = url;
      image.alt = "";
      const label = `${texts.page} ${index + 1}, ${file.name}`;
      const name = document.createElement("span");
      name.className = "text-break";
      name.textContent = label;
      item.append(
        image,
        name,
        button(texts.earlier, label, index === 0, () => swap(index, index - 1, 0)),
        button(texts.later, label, index === pages.length - 1, () => swap(index, index + 1, 1)),
        button(texts.remove, label, false, () => {
          URL.revokeObjectURL(url);
          pages.splice(index, 1);
          show();
          inputs[0].focus();
        }),
      );
      return item;
    }),
  );
  list.hidden = !pages.length;
}

for (const input of inputs) {
  input.addEventListener("change", () => {
    for (const file of input.files) {
      if (pages.length < settings.largest) pages.push({ file, url: URL.createObjectURL(file) });
    }
    input.value = "";
    show();
  });
}

form.addEventListener("submit", () => {
  // The pages as they are ordered now go with the form itself, in one of its inputs.
  const order = new DataTransfer();
  for (const { file } of pages) order.items.add(file);
  inputs[0].files = order.files;
  status.textContent = texts.sending;
});
