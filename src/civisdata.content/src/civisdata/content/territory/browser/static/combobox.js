/* A field with suggestions (ARIA combobox with a list box), whatever they come from: a
   subclass gives `rows(text)`, a list of { url, label, note }, at once or as a promise. */

export const MOST = 8;

export class Combobox {
  constructor(form) {
    this.form = form;
    this.input = form.querySelector("input[type=search]");
    this.box = form.querySelector("[role=listbox]");
    this.status = form.querySelector("[role=status]");
    this.at = -1;
    this.asked = 0;
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
    this.asked += 1;
    const rows = this.rows(this.input.value);
    if (!(rows instanceof Promise)) return this.fill(rows);
    const asked = this.asked;
    // An answer that comes late is an answer to something else.
    return rows.then((found) => {
      if (asked === this.asked) this.fill(found);
    });
  }

  fill(rows) {
    this.box.replaceChildren(...rows.slice(0, MOST).map((row, number) => this.option(row, number)));
    this.at = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.show(rows.length > 0);
    this.say(rows.length);
  }

  option(row, number) {
    const item = document.createElement("li");
    item.setAttribute("role", "option");
    item.id = `${this.box.id}-${number}`;
    item.dataset.url = row.url;
    item.setAttribute("aria-selected", "false");
    item.append(row.label);
    if (row.note) {
      const note = document.createElement("span");
      note.className = "codes";
      note.textContent = row.note;
      item.append(" ", note);
    }
    return item;
  }

  say(count) {
    const { none = "", one, many } = this.form.dataset;
    const text = count === 0 ? none : count === 1 ? one : many;
    this.status.textContent = this.input.value.trim() === "" ? "" : text.replace("#", count);
  }

  show(open) {
    this.box.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
  }

  close() {
    this.asked += 1;
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
