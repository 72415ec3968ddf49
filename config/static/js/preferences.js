// Theme, density and keys: kept in cookies, so that the server writes them into the page before its first paint.

const YEAR = 365 * 24 * 3600;

export function startPreferences() {
  for (const input of document.querySelectorAll("[data-preference]")) {
    input.checked = input.value === (document.documentElement.dataset[input.dataset.preference] ?? "");
  }
  document.addEventListener("change", ({ target }) => {
    const name = target.dataset?.preference;
    if (!name) return;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `putki_${name}=${target.value}; Path=/; SameSite=Lax; Max-Age=${target.value ? YEAR : 0}${secure}`;
    if (target.value) document.documentElement.dataset[name] = target.value;
    else delete document.documentElement.dataset[name];
  });
}
