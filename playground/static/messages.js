/** The open channel's messages: kept in order, redrawn one at a time, scrolled as a reader expects. */

import { get } from "./api.js";
import { $, h } from "./dom.js";
import { EPHEMERAL, messageElement, silence } from "./message.js";
import { channel, channelName, isDirect, store } from "./store.js";
import { day } from "./time.js";

const PAGE = 50;
const dismissed = new Set();
let shown = [];
let wanted = PAGE;
let top = 0;
let pinned = true; // the reader is at the end, and wants to stay there

const list = () => $("messages");
const element = (message) => $(`m${message.id}`);
const dayOf = (message) => day(Date.parse(message.timestamp));

const atEnd = () => list().scrollHeight - list().scrollTop - list().clientHeight < 80;

/** To the latest message: to its first line, where it is taller than the screen. */
export function toLatest() {
  list().scrollTop = list().lastElementChild.offsetTop - list().offsetTop - 8;
  pinned = atEnd();
  $("newer").hidden = true;
}

/** What comes next is wanted on screen, wherever the reader is. */
export function follow() {
  pinned = true;
}

const stay = () => pinned && (list().scrollTop = list().scrollHeight);

function make(index) {
  const message = shown[index];
  const previous = shown[index - 1];
  const newDay = !previous || dayOf(previous) !== dayOf(message);
  return h(
    "div",
    { id: `m${message.id}` },
    newDay && h("div", { class: "day", role: "separator" }, h("span", {}, dayOf(message))),
    messageElement(message, newDay ? null : previous, () => dismiss(message)),
  );
}

function dismiss(message) {
  dismissed.add(message.id);
  remove(message.id);
}

function beginning() {
  const here = channel(store.channel);
  const more = shown.length + dismissed.size >= wanted;
  if (more) return h("button", { type: "button", class: "earlier", onclick: earlier }, "Earlier messages");
  const name = isDirect(here) ? channelName(here) : `#${channelName(here)}`;
  return h("p", { class: "beginning" }, h("strong", {}, name), here.topic ? ` ${here.topic}` : " This is where it begins.");
}

async function earlier() {
  const above = list().scrollHeight - list().scrollTop;
  wanted += PAGE;
  await load();
  list().scrollTop = list().scrollHeight - above;
}

/** Fetch the open channel again and draw it; the scroll stays where it was. */
export async function load() {
  const id = store.channel;
  const { messages, commands } = await get("channel", { as: store.me, channel: id, limit: wanted });
  if (store.channel !== id) return;
  store.commands = commands;
  shown = messages.filter((message) => !dismissed.has(message.id));
  list().replaceChildren(beginning(), ...shown.map((_, index) => make(index)));
}

export async function open() {
  wanted = PAGE;
  list().setAttribute("aria-busy", "true");
  await load();
  list().removeAttribute("aria-busy");
  toLatest();
}

/** Reload after something that changes a message without sending it whole. */
export async function refresh() {
  await load();
  stay();
}

export function add(message) {
  if (shown.some(({ id }) => id === message.id)) return update(message);
  shown.push(message);
  list().append(make(shown.length - 1));
  if (pinned || message.flags & EPHEMERAL) toLatest(); // ephemeral: an answer to what they just did
  else $("newer").hidden = false;
}

export function update(message) {
  const index = shown.findIndex(({ id }) => id === message.id);
  if (index < 0) return;
  const mine = new Set(shown[index].reactions?.filter(({ me }) => me).map(({ emoji }) => emoji.name));
  for (const reaction of message.reactions ?? []) reaction.me = mine.has(reaction.emoji.name);
  const before = element(message);
  const focused = before.contains(document.activeElement) && document.activeElement.dataset.customId;
  shown[index] = { ...shown[index], ...message };
  const after = make(index);
  before.replaceWith(after);
  if (focused) after.querySelector(`[data-custom-id="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  stay();
}

export function remove(id) {
  const index = shown.findIndex((message) => message.id === id);
  if (index < 0) return;
  element(shown[index]).remove();
  shown.splice(index, 1);
  if (index < shown.length) element(shown[index]).replaceWith(make(index));
}

export function silent(command, words) {
  const made = silence(command, words, () => made.remove());
  list().append(made);
  toLatest();
}

/** The last button here that says so, shown to the reader; null if there is none. */
export function pointAt(label) {
  const button = [...list().querySelectorAll("button.button:not(:disabled)")].findLast((one) => one.textContent.includes(label));
  button?.scrollIntoView({ block: "center", behavior: "smooth" });
  button?.focus({ preventScroll: true });
  button?.classList.add("here");
  button?.addEventListener("animationend", () => button.classList.remove("here"), { once: true });
  return button ?? null;
}

/** Only scrolling up leaves the end: when the list itself shrinks, the reader has gone nowhere. */
function scrolled() {
  const { scrollTop } = list();
  if (atEnd()) pinned = true;
  else if (scrollTop < top) pinned = false;
  top = scrollTop;
  if (pinned) $("newer").hidden = true;
}

export function watchScroll() {
  $("newer").addEventListener("click", toLatest);
  list().addEventListener("load", stay, true);
  list().addEventListener("scroll", scrolled, { passive: true });
  new ResizeObserver(stay).observe(list());
}
