// Words for script come from the page, so that they stand in the same catalogue as all others.

/** The sentence the page keeps under `key` (`<p data-word="key">` in a template.words or #words), filled with values. */
export function word(key, values = {}) {
  for (const template of document.querySelectorAll("template#words, template.words")) {
    const found = template.content.querySelector(`[data-word="${key}"]`);
    if (found) return found.textContent.replace(/%\((\w+)\)s/g, (all, name) => values[name] ?? all);
  }
  return key;
}
