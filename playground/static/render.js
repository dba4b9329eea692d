/** Discord's Markdown as nodes: a tree from markdown.js with the names this person knows. */

import { h, isWeb } from "./dom.js";
import { parse } from "./markdown.js";
import { channel, channelName, role, userName } from "./store.js";
import { time } from "./time.js";

const TAGS = { strong: "strong", em: "em", underline: "u", strike: "s", quote: "blockquote" };

/** Content that is hidden until it is pressed. */
export function spoiler(content) {
  const inside = h("span", { class: "hidden", inert: true }, content);
  const show = (event) => {
    if (!inside.inert || (event.type === "keydown" && !["Enter", " "].includes(event.key))) return;
    event.preventDefault();
    inside.inert = false;
    for (const name of ["role", "tabindex", "aria-label"]) cover.removeAttribute(name);
    cover.classList.add("shown");
  };
  const cover = h(
    "span",
    { class: "spoiler", role: "button", tabindex: "0", "aria-label": "Spoiler: press to show", onclick: show, onkeydown: show },
    inside,
  );
  return cover;
}

const mention = (text, attributes = {}) => h("span", { class: "mention", ...attributes }, text);

function link({ url, title, content }) {
  const attributes = { href: url, title: title ?? url, target: "_blank", rel: "noopener noreferrer" };
  return isWeb(url) ? h("a", attributes, nodes(content)) : nodes(content);
}

function list({ start, items }) {
  const rows = items.map((item) => h("li", {}, nodes(item)));
  return start === null ? h("ul", {}, rows) : h("ol", { start: String(start) }, rows);
}

const MAKE = {
  text: ({ text }) => text,
  heading: ({ level, content }) => h(`h${level + 2}`, { class: `h${level}` }, nodes(content)),
  subtext: ({ content }) => h("small", { class: "subtext" }, nodes(content)),
  codeBlock: ({ text }) => h("pre", {}, h("code", {}, text)),
  code: ({ text }) => h("code", {}, text),
  time: ({ at, style }) => time(at, style, "stamp"),
  user: ({ id }) => mention(`@${userName(id) ?? "unknown-user"}`),
  role: ({ id }) => mention(`@${role(id)?.name ?? "unknown-role"}`),
  channel: ({ id }) => {
    const known = channel(id);
    return known ? h("a", { class: "mention", href: `#${id}` }, `#${channelName(known)}`) : mention("#unknown");
  },
  command: ({ name }) => h("button", { type: "button", class: "mention", "data-command": name }, `/${name}`),
  mention: ({ text }) => mention(text),
  link,
  list,
  spoiler: (node) => spoiler(nodes(node.content)),
};

function nodes(tree) {
  return tree.map((node) => (MAKE[node.type] ?? (() => h(TAGS[node.type], {}, nodes(node.content))))(node));
}

export const markdown = (text) => nodes(parse(text));
