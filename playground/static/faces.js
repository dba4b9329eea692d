/** Who somebody is, in a circle: initials for people, the mark for the bot. */

import { h } from "./dom.js";
import { faceColour, store } from "./store.js";

const initials = (name) => name.split(/\s+/).map((word) => [...word][0] ?? "").slice(0, 2).join("").toUpperCase();

export function face(id, name) {
  if (id === store.bot) return h("img", { class: "face", src: "/static/mark.svg", alt: "" });
  return h("span", { class: "face", "aria-hidden": "true", style: { "--face": faceColour(id) } }, initials(name));
}
