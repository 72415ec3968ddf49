// data-var-h="3" becomes the custom property --h: a style attribute would need a weaker Content-Security-Policy.

/** Set the custom properties that the data-var- attributes under `root` ask for. */
export function setVars(root = document) {
  for (const element of root.querySelectorAll("[data-vars]")) {
    for (const [name, value] of Object.entries(element.dataset)) {
      if (name.startsWith("var") && name !== "vars") element.style.setProperty(`--${name.slice(3).toLowerCase()}`, value);
    }
  }
}

export function startVars() {
  setVars();
  document.addEventListener("htmx:load", (event) => setVars(event.target.parentElement ?? document));
  document.addEventListener("putki:shown", (event) => setVars(event.target));
}
