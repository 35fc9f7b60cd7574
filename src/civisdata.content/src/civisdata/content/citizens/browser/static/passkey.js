/**
 * Has a passkey made, or asked for, by the browser; the form carries its answer.
 *
 * data-passkey is « create » or « get », data-options what the server wants, as JSON.
 */

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const known = (list) => (list ?? []).map((entry) => ({ ...entry, id: bytes(entry.id) }));

async function ask(way, options) {
  const publicKey = { ...options, challenge: bytes(options.challenge) };
  if (way === "create") {
    publicKey.user = { ...options.user, id: bytes(options.user.id) };
    publicKey.excludeCredentials = known(options.excludeCredentials);
  } else {
    publicKey.allowCredentials = known(options.allowCredentials);
  }
  const found = await navigator.credentials[way]({ publicKey });
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature"]) {
    if (found.response[name]) response[name] = text(found.response[name]);
  }
  return { id: found.id, rawId: text(found.rawId), type: found.type, response };
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential || !navigator.credentials) continue;
  const button = form.querySelector("button[type='submit']");
  const failed = form.querySelector("[data-passkey-failed]");
  button.hidden = false;
  form.querySelector("[data-no-passkey]").hidden = true;
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    failed.hidden = true;
    button.disabled = true;
    try {
      const answer = await ask(form.dataset.passkey, JSON.parse(form.dataset.options));
      form.elements.credential.value = JSON.stringify(answer);
      button.disabled = false;
      form.requestSubmit(button);
    } catch {
      button.disabled = false;
      failed.hidden = false;
    }
  });
}
