/**
 * The sign-up in steps, without loading the page: back and forward of the browser work, and
 * a reload loses nothing (what was typed is kept in this tab, until it is sent). Meanwhile a
 * worker does the form's small computation. All of it works without this module too.
 */

const KEPT = "civisdata.sign-up";
/** Seconds that « send » waits for the computation at most. */
const PATIENCE = 20;
/** Not kept: they belong to one page, or to one sending. */
const NOT_KEPT = new Set(["_authenticator", "action", "website"]);

let form = document.getElementById("sign-up");

/* The computation */

let worker;
let solving = "";

const proofField = () => form.elements.proof;
const stampOf = () => form.elements.shown_at.value;

function compute() {
  const stamp = stampOf();
  if (proofField().value || solving === stamp || !window.Worker) return;
  const [, bits, nonce] = stamp.split(".");
  solving = stamp;
  worker?.terminate();
  try {
    worker = new Worker(new URL("proof.js", import.meta.url), { type: "module" });
  } catch {
    return;
  }
  worker.addEventListener("message", ({ data }) => {
    if (stampOf() !== data.stamp) return;
    proofField().value = String(data.number);
    form.dispatchEvent(new Event("civis-proof"));
  });
  worker.addEventListener("error", () => form.dispatchEvent(new Event("civis-proof")));
  worker.postMessage({ stamp, nonce, bits: Number(bits) });
}

/** Wait until the computation is done, or for too long. */
function computed() {
  if (proofField().value || !worker) return Promise.resolve();
  return new Promise((done) => {
    form.addEventListener("civis-proof", done, { once: true });
    setTimeout(done, PATIENCE * 1000);
  });
}

/* What is kept in this tab */

function keep() {
  const rows = [...new FormData(form)].filter(
    ([name, value]) => !NOT_KEPT.has(name) && typeof value === "string",
  );
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(rows));
  } catch {
    // Storage is closed or full: a reload begins anew, as without this module.
  }
}

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  } catch {
    return null;
  }
}

function forget() {
  try {
    sessionStorage.removeItem(KEPT);
  } catch {
    // Nothing was kept.
  }
}

/* The steps */

const status = () => form.querySelector("[data-status]");

/** Send the form; not to « form.action »: its buttons have that name. */
async function fetched(body) {
  const answer = await fetch(form.getAttribute("action"), { method: "POST", body, redirect: "error" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.getElementById("sign-up");
  if (!found) throw new Error(String(answer.status));
  const crumbs = page.querySelector(".civ-crumbs");
  return { found: document.adoptNode(found), title: page.title, crumbs };
}

/** Show the page of a step in place of the one at hand. */
async function show(body, remember) {
  form.setAttribute("aria-busy", "true");
  const proof = proofField().value;
  const { found, title, crumbs } = await fetched(body);
  const stamp = stampOf();
  form.replaceWith(found);
  form = found;
  document.title = title;
  if (crumbs) document.querySelector(".civ-crumbs")?.replaceWith(document.adoptNode(crumbs));
  document.querySelector(".civ-head-text .civ-lead").hidden = form.dataset.step !== "qui";
  if (stampOf() === stamp && !proofField().value) proofField().value = proof;
  begin();
  keep();
  if (remember) history.pushState({ step: form.dataset.step }, "");
  else history.replaceState({ step: form.dataset.step }, "");
  const wrong = form.querySelector("[autofocus]") ?? document.getElementById("errors");
  (wrong ?? form.querySelector(".civ-stage-now")).focus();
  (wrong ? document.getElementById("errors") : form).scrollIntoView({ block: "start" });
}

function body(action) {
  const data = new FormData(form);
  data.set("action", action);
  return data;
}

async function submitted(event) {
  const action = event.submitter?.value || "next";
  if (form.hasAttribute("aria-busy")) {
    event.preventDefault();
    return;
  }
  if (action === "send") {
    if (proofField().value || !worker) {
      form.setAttribute("aria-busy", "true");
      forget();
      return;
    }
    event.preventDefault();
    form.setAttribute("aria-busy", "true");
    status().textContent = form.dataset.working;
    await computed();
    worker = undefined;
    form.removeAttribute("aria-busy");
    form.requestSubmit(event.submitter);
    return;
  }
  event.preventDefault();
  try {
    await show(body(action), true);
  } catch {
    // The network, or an answer that is no form: the browser says which.
    form.removeAttribute("aria-busy");
    const field = Object.assign(document.createElement("input"), {
      type: "hidden",
      name: "action",
      value: action,
    });
    form.append(field);
    form.submit();
  }
}

addEventListener("popstate", ({ state }) => {
  if (!state?.step || !form || state.step === form.dataset.step) return;
  show(body(`go:${state.step}`), false).catch(() => location.reload());
});

/** After a reload: put back what was typed, and the step. */
async function restore() {
  const rows = kept();
  if (!rows || form.dataset.step !== "qui" || form.querySelector("#errors")) return false;
  const data = new FormData();
  for (const [name, value] of rows) data.append(name, value);
  if (!data.get("first_name") && !data.get("email") && !data.get("vu")) return false;
  const step = data.get("etape");
  data.set("_authenticator", form.elements._authenticator?.value ?? "");
  data.set("action", `go:${history.state?.step ?? step}`);
  const invitation = form.elements.invitation?.value;
  if (invitation) data.set("invitation", invitation);
  await show(data, false);
  return true;
}

/* The commune, from the postal code */

function suggest(code, commune) {
  const wanted = code.value.replace(/\s/g, "");
  if (!/^\d{5}$/.test(wanted)) return;
  const near = [...commune.options].filter((option) =>
    (option.dataset.codes || "").split(" ").includes(wanted),
  );
  if (near.length === 1 && (!commune.value || commune.dataset.suggested === "yes")) {
    commune.value = near[0].value;
    commune.dataset.suggested = "yes";
  }
  const hint = document.getElementById("commune-hint");
  hint.dataset.usual ??= hint.textContent;
  const names = near.map((option) => option.textContent.trim()).join(", ");
  hint.textContent =
    near.length > 1
      ? hint.dataset.several.replace("${communes}", names)
      : hint.dataset.usual;
}

function begin() {
  form.addEventListener("submit", submitted);
  form.addEventListener("input", keep);
  const code = document.getElementById("postal_code");
  const commune = document.getElementById("commune");
  code?.addEventListener("input", () => suggest(code, commune));
  commune?.addEventListener("change", () => {
    commune.dataset.suggested = "no";
  });
  compute();
}

/** A page that comes back as it was left (« back » after sending) can be sent again. */
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) form?.removeAttribute("aria-busy");
});

if (form) {
  begin();
  const restored = await restore().catch(() => false);
  if (!restored) {
    if (form.dataset.step !== "qui") keep();
    history.replaceState({ step: form.dataset.step }, "");
    (form.querySelector("[autofocus]") ?? document.getElementById("errors"))?.focus();
  }
}
