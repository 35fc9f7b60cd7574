/* Finding one's commune: suggestions while typing (ARIA combobox with a list box). The form
   works without this, and knows more: slips of the pen are the server's. */

import { Combobox } from "./combobox.js";

const SHORT = { st: "saint", ste: "sainte", sts: "saints" };

function plain(text) {
  return text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, " ")
    .trim()
    .split(" ")
    .map((word) => SHORT[word] ?? word);
}

/** How well a commune fits what was typed: 0 not at all; the higher, the better. */
function fit(row, typed, digits) {
  if (/^\d+$/.test(digits)) return row.codes.some((code) => code.startsWith(digits)) ? 3 : 0;
  const words = typed.filter((word) => !/^\d{5}$/.test(word));
  if (!words.length || words[0] === "") return 0;
  if (row.name.join(" ").startsWith(words.join(" "))) return 3;
  if (words.every((word) => row.name.some((part) => part.startsWith(word)))) return 2;
  return row.name.join("").includes(words.join("")) ? 1 : 0;
}

class Finder extends Combobox {
  constructor(form, list) {
    super(form);
    this.communes = [...list.querySelectorAll("a")].map((link) => ({
      url: link.href,
      label: link.querySelector(".name").textContent,
      note: link.dataset.codes.split(" ").join(", "),
      name: plain(link.querySelector(".name").textContent),
      codes: link.dataset.codes.split(" "),
    }));
  }

  rows(text) {
    const typed = plain(text);
    const digits = text.replace(/\s/g, "");
    return this.communes
      .map((row) => [fit(row, typed, digits), row])
      .filter(([points]) => points > 0)
      .sort((one, other) => other[0] - one[0])
      .map(([, row]) => row);
  }
}

for (const form of document.querySelectorAll("form[data-finds]")) {
  const list = document.getElementById(form.dataset.finds);
  if (list) new Finder(form, list);
}
