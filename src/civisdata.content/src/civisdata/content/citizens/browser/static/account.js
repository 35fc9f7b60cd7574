/** Shows passwords on demand, prints the recovery code, moves to the errors. */

for (const button of document.querySelectorAll(".civ-secret > button")) {
  const field = document.getElementById(button.getAttribute("aria-controls"));
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
    button.textContent = shown ? button.dataset.hide : button.dataset.show;
  });
  field.form?.addEventListener("submit", () => {
    field.type = "password";
  });
}

for (const button of document.querySelectorAll("[data-do='print']")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

document.getElementById("errors")?.focus();
