/** The places and the people: channels with their unread dots, and who one is. */

import { $, h } from "./dom.js";
import { face } from "./faces.js";
import { channel, channelName, isDirect, me, store } from "./store.js";

const CATEGORY = 4;
const SIGNS = { 0: "#", 2: "🔊", 5: "📣", 13: "🎙", 15: "🗂" };

/** Newest message seen, by person and channel; what was there when the page first looked counts as seen. */
const seen = new Map();

const key = (id) => `${store.me} ${id}`;

export const see = (id, message) => seen.set(key(id), message ?? null);

/** A channel's newest message has become known. */
export function arrived(id, message) {
  const one = channel(id);
  if (one) one.last_message_id = message;
  if (id === store.channel) see(id, message);
}

function unread(one) {
  const latest = one.last_message_id ?? null;
  if (!seen.has(key(one.id))) seen.set(key(one.id), latest);
  return one.id !== store.channel && seen.get(key(one.id)) !== latest;
}

function row(one) {
  const fresh = unread(one);
  const thread = "thread_metadata" in one;
  const sign = isDirect(one) ? face(store.bot, "") : h("span", { class: "sign", "aria-hidden": "true" }, thread ? "↳" : SIGNS[one.type] ?? "#");
  return h(
    "a",
    {
      href: `#${one.id}`,
      class: `place${thread ? " thread" : ""}${fresh ? " fresh" : ""}`,
      "aria-current": one.id === store.channel ? "page" : undefined,
    },
    sign,
    h("span", { class: "label" }, channelName(one)),
    one.nsfw && h("small", {}, "18+"),
    fresh && h("span", { class: "dot", role: "img", "aria-label": "new messages" }),
  );
}

const byPosition = (a, b) => (a.position ?? 0) - (b.position ?? 0);

function withThreads(one) {
  const threads = store.channels.filter((other) => other.parent_id === one.id && other.thread_metadata && !other.thread_metadata.archived);
  return [row(one), ...threads.map(row)];
}

function inside(category) {
  const id = category?.id ?? null;
  return store.channels
    .filter((one) => one.type !== CATEGORY && !isDirect(one) && !one.thread_metadata && (one.parent_id ?? null) === id)
    .sort(byPosition)
    .flatMap(withThreads);
}

export function drawChannels() {
  const categories = store.channels.filter(({ type }) => type === CATEGORY).sort(byPosition);
  $("guild").textContent = store.guild.name;
  $("places").replaceChildren(
    ...inside(null),
    ...categories.flatMap((one) => [h("h2", {}, one.name), ...inside(one)]),
    h("h2", {}, "Direct messages"),
    ...store.channels.filter(isDirect).map(row),
  );
  const waiting = store.channels.filter(unread).length;
  const here = channel(store.channel);
  document.title = `${waiting ? `(${waiting}) ` : ""}${here ? channelName(here) : store.guild.name} · Cliffhanger`;
  $("menu").classList.toggle("fresh", waiting > 0);
}

export function drawHead() {
  const here = channel(store.channel);
  const sign = isDirect(here) ? "@" : here.thread_metadata ? "↳" : "#";
  $("place").replaceChildren(h("span", { "aria-hidden": "true" }, sign), " ", channelName(here));
  $("topic").textContent = here.topic ?? "";
}

/** Who one is, and everybody one may become. */
export function drawPeople(become) {
  const { id, name, about } = me();
  $("who").replaceChildren(face(id, name), h("span", { class: "words" }, h("strong", {}, name), h("small", {}, about)));
  $("who").setAttribute("aria-label", `You are ${name}, ${about}. Switch person`);
  $("people").replaceChildren(
    h("p", {}, "Be somebody else"),
    ...store.people.map((person) =>
      h(
        "button",
        { type: "button", "aria-current": person.id === id ? "true" : undefined, onclick: () => become(person.id) },
        face(person.id, person.name),
        h("span", { class: "words" }, h("strong", {}, person.name), h("small", {}, person.about)),
      ),
    ),
  );
}
