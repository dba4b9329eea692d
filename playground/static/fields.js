/**
 * The controls that commands, modals and messages share. Each is { element, value(), files()?, accept()? }:
 * value() is undefined while nothing is given.
 */

import { h } from "./dom.js";
import { channelName, roles, store, users } from "./store.js";

const THREADS = [10, 11, 12];

/** What an entity select or option offers, as [{ value, label }]. Kinds are Discord's names. */
export function entities(kind, channelTypes = []) {
  const people = users().map(({ id, name }) => ({ value: id, label: `@${name}` }));
  const ranks = roles().map(({ id, name }) => ({ value: id, label: `@${name}` }));
  const places = store.channels
    .filter(({ type }) => type !== 1 && (channelTypes.length ? channelTypes.includes(type) : !THREADS.includes(type)))
    .map((one) => ({ value: one.id, label: `#${channelName(one)}` }));
  return { user: people, role: ranks, mentionable: [...people, ...ranks], channel: places }[kind];
}

/** One of a few. `options` are [{ value, label, description }]; values may be of any type. */
export function one(options, { placeholder = "Choose…", chosen, required, ...attributes } = {}) {
  const labels = options.map(({ label, description }) => (description ? `${label} — ${description}` : label));
  const element = h(
    "select",
    { ...attributes, required },
    h("option", { value: "" }, placeholder),
    labels.map((label, index) => h("option", { value: String(index), selected: options[index].value === chosen }, label)),
  );
  return { element, value: () => options[element.value]?.value };
}

/** Several of a few, as boxes to tick. */
export function several(options, { chosen = [], label, ...attributes } = {}) {
  const boxes = options.map(({ value }) => h("input", { type: "checkbox", value, checked: chosen.includes(value) }));
  const element = h(
    "fieldset",
    { ...attributes, class: "ticks" },
    label && h("legend", { class: "unseen" }, label),
    options.map((option, index) =>
      h("label", {}, boxes[index], h("span", {}, option.label, option.description && h("small", {}, option.description))),
    ),
  );
  const value = () => {
    const ticked = boxes.filter((box) => box.checked).map((box) => box.value);
    return ticked.length ? ticked : undefined;
  };
  return { element, value };
}

export function text({ long, ...attributes } = {}) {
  const element = long ? h("textarea", { rows: "4", ...attributes }) : h("input", { type: "text", autocomplete: "off", ...attributes });
  if (long) element.value = attributes.value ?? "";
  return { element, value: () => element.value || undefined };
}

export function number({ whole, ...attributes }) {
  const element = h("input", { type: "number", autocomplete: "off", step: whole ? "1" : "any", ...attributes });
  return { element, value: () => (element.value === "" ? undefined : element.valueAsNumber) };
}

/** One or more files; `accept` takes what is dropped on the page. */
export function file({ multiple, ...attributes } = {}) {
  const input = h("input", { type: "file", multiple, ...attributes });
  const note = h("span", {});
  const say = () => {
    note.textContent = [...input.files].map(({ name }) => name).join(", ") || "Choose or drop a file";
  };
  const element = h("span", { class: "file" }, input, note);
  input.addEventListener("change", say);
  say();
  const accept = (list) => {
    input.files = list;
    say();
  };
  return { element, value: () => undefined, files: () => [...input.files], accept };
}

/** A box whose choices come as one types: `suggest(text)` answers [{ name, value }]. */
export function suggesting(suggest, attributes) {
  const list = h("div", { class: "choices", role: "listbox", id: `${attributes.id}-choices`, hidden: true });
  const input = h("input", {
    type: "text", autocomplete: "off", role: "combobox", "aria-expanded": "false", "aria-controls": list.id, ...attributes,
  });
  let chosen = null;
  let asked = 0;
  let timer;

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
  }
  function pick(choice) {
    chosen = choice;
    input.value = choice.name;
    close();
  }
  async function look() {
    const mine = ++asked;
    const choices = await suggest(input.value).catch(() => []);
    if (mine !== asked || document.activeElement !== input) return;
    list.replaceChildren(...choices.map((choice) => {
      const row = h("div", { role: "option", "aria-selected": "false", onpointerdown: (event) => event.preventDefault(), onclick: () => pick(choice) }, choice.name);
      row.choice = choice;
      return row;
    }));
    list.hidden = choices.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
  }
  input.addEventListener("input", () => {
    chosen = null;
    clearTimeout(timer);
    timer = setTimeout(look, 120);
  });
  input.addEventListener("focus", look);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const row = walk(list, event);
    if (row) pick(row.choice);
    else if (event.key === "Escape") close();
    else return;
    event.stopPropagation();
    event.preventDefault();
  });
  return { element: h("span", { class: "suggest" }, input, list), value: () => chosen?.value ?? (input.value || undefined) };
}

/** Arrow keys through a listbox; the row that Enter or Tab takes, if any is marked. */
export function walk(list, event) {
  const rows = [...list.querySelectorAll("[role=option]")];
  const at = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
  if (event.key === "Enter" || event.key === "Tab") return rows[at];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || rows.length === 0) return undefined;
  event.preventDefault();
  rows[at]?.setAttribute("aria-selected", "false");
  const next = rows[(at + step + rows.length) % rows.length];
  next.setAttribute("aria-selected", "true");
  next.scrollIntoView({ block: "nearest" });
  return undefined;
}
