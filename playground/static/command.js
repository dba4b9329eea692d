/** A slash command being filled in: its options as a row of fields, the required ones first. */

import { post } from "./api.js";
import { h } from "./dom.js";
import * as fields from "./fields.js";
import { store } from "./store.js";

const ENTITIES = { 6: "user", 7: "channel", 8: "role", 9: "mentionable" };
const SHOWN = 4;

export class CommandForm {
  #fields = new Map();

  constructor(leaf, cancel) {
    this.leaf = leaf;
    this.row = h("div", { class: "fields" });
    this.spare = h("div", { class: "spare" });
    const optional = leaf.options.filter(({ required }) => !required);
    for (const option of leaf.options) if (option.required) this.#add(option);
    if (optional.length <= SHOWN) for (const option of optional) this.#add(option);
    else this.spare.append("Add: ", ...optional.map((option) => this.#offer(option)));
    this.element = h(
      "div",
      { class: "command" },
      h(
        "div",
        { class: "title" },
        h("strong", {}, `/${leaf.name}`),
        h("span", {}, leaf.description),
        h("button", { type: "button", class: "close", "aria-label": "Leave this command", onclick: cancel }, "✕"),
      ),
      leaf.options.length ? [this.row, this.spare] : null,
    );
  }

  #offer(option) {
    return h("button", {
      type: "button", class: "plain", title: option.description,
      onclick: ({ currentTarget }) => {
        currentTarget.remove();
        if (!this.spare.querySelector("button")) this.spare.remove();
        this.#add(option).element.querySelector("input,select")?.focus();
      },
    }, `+ ${option.name}`);
  }

  #add(option) {
    const made = this.#control(option);
    this.#fields.set(option.name, { option, ...made });
    const element = h(
      "div",
      { class: "field" },
      h("label", { for: `option-${option.name}` }, option.name, option.required && h("span", { class: "needed" }, " *")),
      made.element,
      h("small", {}, option.description),
    );
    this.row.append(element);
    return { element };
  }

  #control(option) {
    const shared = { id: `option-${option.name}`, required: option.required };
    if (option.choices?.length) {
      return fields.one(option.choices.map(({ name, value }) => ({ label: name, value })), { placeholder: option.required ? "Choose…" : "not set", ...shared });
    }
    if (option.autocomplete) return fields.suggesting((text) => this.#suggest(option, text), shared);
    if (ENTITIES[option.type]) {
      return fields.one(fields.entities(ENTITIES[option.type], option.channel_types), { placeholder: option.required ? "Choose…" : "not set", ...shared });
    }
    if (option.type === 11) return fields.file(shared);
    if (option.type === 5) {
      return fields.one([{ label: "True", value: true }, { label: "False", value: false }], { placeholder: option.required ? "Choose…" : "not set", ...shared });
    }
    if (option.type === 4 || option.type === 10) {
      return fields.number({ whole: option.type === 4, min: option.min_value, max: option.max_value, ...shared });
    }
    return fields.text({ minlength: option.min_length, maxlength: option.max_length, ...shared });
  }

  async #suggest(option, value) {
    const { options } = this.values();
    delete options[option.name];
    const { choices } = await post("autocomplete", { channel: store.channel, name: this.leaf.name, option: option.name, value, options });
    return choices;
  }

  /** What is filled in: { options, files }. */
  values() {
    const options = {};
    const files = {};
    for (const [name, { option, value, files: uploads }] of this.#fields) {
      if (uploads?.().length) files[name] = uploads();
      const given = value();
      if (given === undefined) continue;
      options[name] = typeof given === "string" && option.autocomplete && option.type !== 3 ? Number(given) : given;
    }
    return { options, files };
  }

  /** Give dropped files to the first option that takes one; false if none does. */
  accept(list) {
    const field = [...this.#fields.values()].find(({ accept }) => accept);
    field?.accept(list);
    return Boolean(field);
  }

  focus() {
    this.element.querySelector(".fields :is(input, select)")?.focus();
  }
}
