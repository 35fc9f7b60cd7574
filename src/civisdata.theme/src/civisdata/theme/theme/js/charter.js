/* The preview of the charter while somebody chooses. The server works the shades and the
   contrasts out; without this module the button « Voir l'aperçu » asks it. */

const form = document.querySelector("form[data-charter]");
const preview = document.getElementById("charte-apercu");
const rows = document.querySelectorAll("#charte-contrastes tbody tr");
const status = document.getElementById("charte-annonce");
const COLOURS = ["primary", "river", "stone"];
let asked = 0;
let logo = "";

async function show() {
  const mine = ++asked;
  const values = COLOURS.map((name) => [name, form.elements[name].value]);
  const answer = await fetch(`${form.dataset.charter}?${new URLSearchParams(values)}`);
  if (!answer.ok || mine !== asked) return;
  const { rules, contrasts } = await answer.json();
  if (mine !== asked) return;
  for (const [name, value] of Object.entries(rules)) {
    preview.style.setProperty(`--civ-${name}`, value);
  }
  for (const [place, pair] of contrasts.entries()) {
    rows[place].querySelector("[data-ratio]").textContent = pair.ratio;
    rows[place].querySelector("[data-enough=yes]").hidden = !pair.enough;
    rows[place].querySelector("[data-enough=no]").hidden = pair.enough;
  }
  const fine = contrasts.every((pair) => pair.enough);
  status.textContent = fine ? status.dataset.fine : status.dataset.pale;
}

if (form && preview) {
  for (const name of COLOURS) {
    const field = form.elements[name];
    field.addEventListener("input", () => {
      field.parentElement.querySelector("code").textContent = field.value;
      show();
    });
  }
  form.elements.logo?.addEventListener("change", () => {
    const [file] = form.elements.logo.files;
    if (!file || !/^image\/(png|svg\+xml)$/.test(file.type)) return;
    URL.revokeObjectURL(logo);
    logo = URL.createObjectURL(file);
    for (const image of preview.querySelectorAll(".civ-preview-logo")) image.src = logo;
  });
  form.querySelector("[data-preview]").hidden = true;
}
