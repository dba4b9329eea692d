/** Buttons, selects and the layouts of components v2, by Discord's component numbers. */

import { h, hex, isWeb } from "./dom.js";
import { attachmentChip, picture } from "./embeds.js";
import * as fields from "./fields.js";
import { press } from "./interact.js";
import { markdown } from "./render.js";

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link" };
const KINDS = { 5: "user", 6: "role", 7: "mentionable", 8: "channel" };

const emoji = (one) => one && h("span", { class: "emoji", "aria-hidden": "true" }, one.id ? "◆" : one.name);

function button(spec) {
  const face = [emoji(spec.emoji), spec.label && h("span", {}, spec.label)];
  const name = spec.label ? undefined : spec.emoji?.name;
  if (spec.style === 5) {
    const href = isWeb(spec.url) && !spec.disabled ? spec.url : undefined;
    return h("a", { class: "button link", href, target: "_blank", rel: "noopener noreferrer", "aria-label": name }, face, h("span", { "aria-hidden": "true" }, "↗"));
  }
  return h(
    "button",
    {
      type: "button",
      class: `button ${STYLES[spec.style] ?? "secondary"}`,
      disabled: spec.disabled,
      "aria-label": name,
      "data-custom-id": spec.custom_id,
      onclick: ({ currentTarget }) => press(currentTarget, "click", { custom_id: spec.custom_id }),
    },
    face,
  );
}

function select(spec) {
  const options = KINDS[spec.type] ? fields.entities(KINDS[spec.type], spec.channel_types) : spec.options;
  const label = spec.placeholder ?? "Make a selection";
  const chosen = [...(spec.default_values ?? []).map(({ id }) => id), ...(spec.options ?? []).filter((option) => option.default).map(({ value }) => value)];
  const shared = { disabled: spec.disabled, "aria-label": label, "data-custom-id": spec.custom_id };
  const send = (control, values) => press(control, "choose", { custom_id: spec.custom_id, values });
  if ((spec.max_values ?? 1) === 1) {
    const field = fields.one(options, { placeholder: label, chosen: chosen[0], ...shared });
    field.element.addEventListener("change", () => {
      const value = field.value();
      if (value !== undefined || spec.min_values === 0) send(field.element, value === undefined ? [] : [value]);
    });
    return field.element;
  }
  const field = fields.several(options, { chosen, label });
  const done = h("button", { type: "button", class: "button primary", onclick: () => send(done, field.value() ?? []) }, "Choose");
  return h("details", { class: "several" }, h("summary", shared, label), field.element, done);
}

const section = (spec) =>
  h("div", { class: "section" }, h("div", {}, components(spec.components)), components([spec.accessory]));

function container(spec) {
  const attributes = { class: "container", style: spec.accent_color ? { "--bar": hex(spec.accent_color) } : {} };
  return h("div", attributes, components(spec.components));
}

const MAKE = {
  1: (spec) => h("div", { class: "row" }, components(spec.components)),
  2: button,
  3: select,
  5: select,
  6: select,
  7: select,
  8: select,
  9: section,
  10: (spec) => h("div", { class: "content" }, markdown(spec.content)),
  11: (spec) => picture(spec.media, "thumbnail", spec.description),
  12: (spec) => h("div", { class: "gallery" }, spec.items.map((item) => picture(item.media, "image", item.description))),
  13: (spec) => attachmentChip({ url: spec.file.url, filename: spec.name ?? "file", size: spec.size }),
  14: (spec) => h("hr", { class: spec.divider === false ? "gap" : "" }),
  17: container,
};

export const components = (list) => list.filter((spec) => spec.type in MAKE).map((spec) => MAKE[spec.type](spec));
