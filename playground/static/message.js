/** One message as an element. `previous` is the one above it: close ones by the same author share a head. */

import { post } from "./api.js";
import { components } from "./components.js";
import { h } from "./dom.js";
import { attachment, embed } from "./embeds.js";
import { face } from "./faces.js";
import { press } from "./interact.js";
import { markdown } from "./render.js";
import { channel, nameColour, store, userName } from "./store.js";
import { time } from "./time.js";

export const EPHEMERAL = 64;
const LOADING = 128;
const TOGETHER = 7 * 60_000;
const LONG = 500;
const ORDINARY = [0, 19, 20, 23];
const EVENTS = {
  6: () => " pinned a message to this channel.",
  7: () => " joined the server.",
  18: ({ content }) => ` started a thread: ${content}`,
};
const MESSAGE_COMMAND = 3;
const QUICK = ["❤️", "👍", "🎉", "😂", "👀", "🔥"];

const at = (message) => Date.parse(message.timestamp);

const authorName = ({ author, webhook_id: webhook }) => (!webhook && userName(author.id)) || (author.global_name ?? author.username);

/** Whether this message stands under the head of the one before it. */
export function follows(message, previous) {
  return Boolean(
    previous && previous.author.id === message.author.id && at(message) - at(previous) < TOGETHER &&
    ORDINARY.includes(previous.type) && (message.flags & EPHEMERAL) === (previous.flags & EPHEMERAL) &&
    !message.interaction_metadata && !message.referenced_message,
  );
}

function context(message) {
  const { interaction_metadata: used, referenced_message: answered } = message;
  if (answered) return h("p", { class: "context" }, h("b", {}, authorName(answered)), " ", answered.content.slice(0, 120));
  if (!used?.name) return null;
  return h("p", { class: "context" }, h("b", {}, userName(used.user?.id) ?? "Someone"), " used ", h("code", {}, `/${used.name}`));
}

function head(message) {
  const { author } = message;
  const colour = nameColour(author.id);
  return h(
    "header",
    {},
    h("strong", { class: "name", style: colour ? { "--name": colour } : {} }, authorName(message)),
    author.bot && h("span", { class: "badge" }, "BOT"),
    time(at(message), "spoken"),
  );
}

function reactions(message) {
  const join = (name) => () => post("react", { message: message.id, emoji: name }).catch(() => {});
  const all = (message.reactions ?? []).map(({ emoji, count, me }) =>
    h("button", { type: "button", class: "reaction", "aria-pressed": String(me), disabled: me, onclick: join(emoji.name) }, emoji.name, " ", String(count)),
  );
  return all.length ? h("div", { class: "reactions" }, all) : null;
}

function reactMenu(message) {
  const add = (name) => ({ currentTarget }) => {
    currentTarget.closest("details").open = false;
    post("react", { message: message.id, emoji: name }).catch(() => {});
  };
  const quick = QUICK.map((name) => h("button", { type: "button", onclick: add(name), "aria-label": `React with ${name}` }, name));
  const run = (name) => ({ currentTarget }) => {
    currentTarget.closest("details").open = false;
    press(currentTarget, "menu", { channel: store.channel, name });
  };
  const apps = store.commands.filter(({ type }) => type === MESSAGE_COMMAND).map(({ name }) => h("button", { type: "button", class: "app", onclick: run(name) }, name));
  return h("details", { class: "react" }, h("summary", { "aria-label": "React, or use an app", title: "React, or use an app" }, "☺"), h("div", {}, quick, apps));
}

function thread(message) {
  const started = channel(message.thread?.id ?? message.id);
  return started && h("a", { class: "chip", href: `#${started.id}` }, h("span", { "aria-hidden": "true" }, "↳"), started.name);
}

function privately(dismiss) {
  return h("p", { class: "private" }, "👁 Only you can see this · ", h("button", { type: "button", class: "plain", onclick: dismiss }, "Dismiss"));
}

function content(message) {
  if (message.flags & LOADING) return h("p", { class: "thinking" }, "thinking", h("span", { "aria-hidden": "true" }, "…"));
  if (!message.content) return null;
  const edited = message.edited_timestamp && h("span", { class: "edited" }, " (edited)");
  const prose = message.content.length > LONG && !/^(```|[->] )/m.test(message.content);
  return h("div", { class: prose ? "content prose" : "content" }, markdown(message.content), edited);
}

export function messageElement(message, previous, dismiss) {
  if (!ORDINARY.includes(message.type)) {
    const event = (EVENTS[message.type] ?? (() => ` ${message.content}`))(message);
    return h("article", { class: "message event", "data-id": message.id }, h("b", {}, authorName(message)), event, " ", time(at(message), "spoken"));
  }
  const grouped = follows(message, previous);
  const ephemeral = Boolean(message.flags & EPHEMERAL);
  return h(
    "article",
    { class: `message${grouped ? " grouped" : ""}${ephemeral ? " ephemeral" : ""}`, "data-id": message.id },
    context(message),
    grouped ? time(at(message), "clock", "gutter") : face(message.author.id, authorName(message)),
    h(
      "div",
      { class: "body" },
      !grouped && head(message),
      content(message),
      message.attachments.map(attachment),
      message.flags & 4 ? null : message.embeds.map(embed),
      components(message.components),
      reactions(message),
      thread(message),
      ephemeral && privately(dismiss),
    ),
    !ephemeral && reactMenu(message),
  );
}

/** What stands in for an answer that never came. Only on this page, for the one who asked. */
export function silence(command, words, dismiss) {
  return h(
    "article",
    { class: "message ephemeral" },
    h("p", { class: "context" }, h("b", {}, userName(store.me)), " used ", h("code", {}, `/${command}`)),
    face(store.bot, ""),
    h("div", { class: "body" }, h("header", {}, h("strong", { class: "name" }, userName(store.bot))), h("p", { class: "failed", role: "alert" }, words), privately(dismiss)),
  );
}
