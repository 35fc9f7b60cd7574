/** Suggests the commune from the postal code. The form works without it. */

const code = document.getElementById("postal_code");
const commune = document.getElementById("commune");

function suggest() {
  const wanted = code.value.replace(/\s/g, "");
  if (!/^\d{5}$/.test(wanted)) return;
  const near = [...commune.options].filter((option) =>
    (option.dataset.codes || "").split(" ").includes(wanted),
  );
  if (near.length === 1 && (!commune.value || commune.dataset.suggested === "yes")) {
    commune.value = near[0].value;
    commune.dataset.suggested = "yes";
  }
}

if (code && commune) {
  code.addEventListener("input", suggest);
  commune.addEventListener("change", () => {
    commune.dataset.suggested = "no";
  });
}

const errors = document.getElementById("errors");
if (errors) errors.focus();
