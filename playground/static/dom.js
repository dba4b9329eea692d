/** An element: h("button", { class: "run", onclick }, "Run"). Strings become text, never HTML. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") {
      for (const [property, set] of Object.entries(value)) element.style.setProperty(property, set);
    } else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const $ = (id) => document.getElementById(id);

/** Discord's colours are numbers: 0xRRGGBB. */
export const hex = (colour) => `#${colour.toString(16).padStart(6, "0")}`;

/** Only the web's own schemes may become a link. */
export const isWeb = (url) => /^https?:\/\//i.test(url ?? "");
