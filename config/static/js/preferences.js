// Theme, density and keys: kept in cookies, so that the server writes them into the page before its first paint.

const YEAR = 365 * 24 * 3600;
const PLAIN = { theme: "auto", density: "calm", keys: "on" };

export function startPreferences() {
  const chosen = document.documentElement.dataset;
  for (const input of document.querySelectorAll("[data-preference]")) {
    const name = input.dataset.preference;
    input.checked = input.value === (chosen[name] ?? PLAIN[name]);
  }
  document.addEventListener("change", ({ target }) => {
    const name = target.dataset?.preference;
    if (!name) return;
    keep(name, target.value, YEAR);
    if (target.value === PLAIN[name]) delete chosen[name];
    else chosen[name] = target.value;
  });
  // What is saved in the account is meant for this browser too.
  document.addEventListener("submit", ({ target }) => {
    const fields = { theme: "theme", dense: "density", single_key_shortcuts: "keys" };
    for (const [field, name] of Object.entries(fields)) if (target.elements?.[field]) keep(name, "", 0);
  });
}

function keep(name, value, seconds) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `putki_${name}=${value}; Path=/; SameSite=Lax; Max-Age=${seconds}${secure}`;
}
