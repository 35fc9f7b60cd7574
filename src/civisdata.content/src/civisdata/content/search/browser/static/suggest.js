/* Suggestions while typing a search. The form works without this. */

import { Combobox } from "../++resource++civisdata.territory/combobox.js";

/* Milliseconds without a key before the server is asked, and the fewest letters. */
const PAUSE = 180;
const FEWEST = 2;

class Suggestions extends Combobox {
  async rows(text) {
    const words = text.trim();
    this.request?.abort();
    if (words.length < FEWEST) return [];
    const request = new AbortController();
    this.request = request;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    if (request.signal.aborted) return [];
    const url = new URL(this.form.dataset.suggestions);
    url.searchParams.set("q", words);
    try {
      const answer = await fetch(url, { signal: request.signal });
      if (!answer.ok) return [];
      return (await answer.json()).map(({ title, url }) => ({ label: title, url }));
    } catch {
      return [];
    }
  }
}

for (const form of document.querySelectorAll("form[data-suggestions]")) new Suggestions(form);
