/* Finding one's commune: suggestions while typing (ARIA combobox with a list box). The form
   works without this, and knows more: slips of the pen are the server's. */

const SHORT = { st: "saint", ste: "sainte", sts: "saints" };
const MOST = 8;

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

class Finder {
  constructor(form, list) {
    this.form = form;
    this.input = form.querySelector("input[type=search]");
    this.box = form.querySelector("[role=listbox]");
    this.status = form.querySelector("[role=status]");
    this.rows = [...list.querySelectorAll("a")].map((link) => ({
      url: link.href,
      label: link.querySelector(".name").textContent,
      name: plain(link.querySelector(".name").textContent),
      codes: link.dataset.codes.split(" "),
    }));
    this.at = -1;
    const attributes = {
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-controls": this.box.id,
      "aria-expanded": "false",
    };
    for (const [name, value] of Object.entries(attributes)) this.input.setAttribute(name, value);
    this.input.addEventListener("input", () => this.suggest());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
    // The field keeps the focus, so that the list does not close before the click.
    this.box.addEventListener("mousedown", (event) => event.preventDefault());
    this.box.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) window.location.assign(option.dataset.url);
    });
  }

  suggest() {
    const typed = plain(this.input.value);
    const digits = this.input.value.replace(/\s/g, "");
    const found = this.rows
      .map((row) => [fit(row, typed, digits), row])
      .filter(([points]) => points > 0)
      .sort((one, other) => other[0] - one[0])
      .map(([, row]) => row);
    this.box.replaceChildren(...found.slice(0, MOST).map((row, number) => this.option(row, number)));
    this.at = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.show(found.length > 0);
    this.say(found.length);
  }

  option(row, number) {
    const item = document.createElement("li");
    item.setAttribute("role", "option");
    item.id = `${this.box.id}-${number}`;
    item.dataset.url = row.url;
    item.setAttribute("aria-selected", "false");
    const codes = document.createElement("span");
    codes.className = "codes";
    codes.textContent = row.codes.join(", ");
    item.append(row.label, " ", codes);
    return item;
  }

  say(count) {
    if (this.input.value.trim() === "") this.status.textContent = "";
    else {
      const { none, one, many } = this.form.dataset;
      this.status.textContent = (count === 0 ? none : count === 1 ? one : many).replace("#", count);
    }
  }

  show(open) {
    this.box.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
  }

  close() {
    this.show(false);
    this.at = -1;
    this.input.removeAttribute("aria-activedescendant");
  }

  mark(at) {
    const options = [...this.box.children];
    this.at = (at + options.length) % options.length;
    options.forEach((option, number) =>
      option.setAttribute("aria-selected", String(number === this.at)),
    );
    this.input.setAttribute("aria-activedescendant", options[this.at].id);
    options[this.at].scrollIntoView({ block: "nearest" });
  }

  key(event) {
    const open = !this.box.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) this.suggest();
      if (this.box.hidden) return;
      const down = event.key === "ArrowDown";
      this.mark(this.at < 0 ? (down ? 0 : -1) : this.at + (down ? 1 : -1));
    } else if (event.key === "Enter" && open && this.at >= 0) {
      event.preventDefault();
      window.location.assign(this.box.children[this.at].dataset.url);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      this.close();
    }
  }
}

for (const form of document.querySelectorAll("form[data-finds]")) {
  const list = document.getElementById(form.dataset.finds);
  if (list) new Finder(form, list);
}
