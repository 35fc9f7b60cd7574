// Works out a paper's last day while one types, and shows the name of an own type only
// where it is wanted. Without this module, a button asks the server.

const paper = document.getElementById("p-paper");
const issued = document.getElementById("p-issued");
const valid = document.getElementById("p-valid");
const note = document.getElementById("p-proposed");
const category = document.getElementById("p-category");
const own = document.getElementById("p-own");

/** The day before the anniversary; the 29th of February has the 1st of March as one. */
function lastDay(rule, day) {
  if (typeof rule === "string") return rule;
  const [year, month, date] = day.split("-").map(Number);
  if (!rule || !year) return "";
  const end = new Date(Date.UTC(year + rule, month - 1, date));
  end.setUTCDate(end.getUTCDate() - 1);
  return end.toISOString().slice(0, 10);
}

function propose() {
  const day = lastDay(JSON.parse(paper.dataset.rules)[paper.value], issued.value);
  if (!day || !issued.value) return;
  valid.value = day;
  if (note) note.hidden = false;
}

if (paper) {
  document.getElementById("p-propose").hidden = true;
  paper.addEventListener("change", propose);
  issued.addEventListener("change", propose);
}

if (category) {
  const show = () => {
    own.hidden = category.value !== "+";
    own.querySelector("input").required = category.value === "+";
  };
  category.addEventListener("change", show);
  show();
}
