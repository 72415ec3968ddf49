// "3 minutes ago" stays true while the page is open; all other times are written whole by the server.

const STEPS = [["day", 86400], ["hour", 3600], ["minute", 60]];

export function startTime() {
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
  const refresh = () => {
    for (const element of document.querySelectorAll("time[data-ago]")) {
      const seconds = (new Date(element.dateTime) - Date.now()) / 1000;
      const [unit, size] = STEPS.find(([, length]) => Math.abs(seconds) >= length) ?? ["minute", 60];
      const text = words.format(Math.trunc(seconds / size), unit);
      if (element.textContent !== text) element.textContent = text;
    }
  };
  setInterval(refresh, 30_000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
}
