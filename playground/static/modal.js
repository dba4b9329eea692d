/** A form the bot opened: a dialog that can be filled, sent, or put away. */

import { post } from "./api.js";
import { $, h } from "./dom.js";
import * as fields from "./fields.js";
import { markdown } from "./render.js";

const KINDS = { 5: "user", 6: "role", 7: "mentionable", 8: "channel" };

function control(spec) {
  const id = `field-${spec.custom_id}`;
  const shared = { id, required: spec.required ?? true };
  const many = (spec.max_values ?? 1) > 1;
  const options = KINDS[spec.type] ? fields.entities(KINDS[spec.type], spec.channel_types) : spec.options;
  const chosen = [...(spec.default_values ?? []).map((value) => value.id), ...(spec.options ?? []).filter((option) => option.default).map(({ value }) => value)];
  if (spec.type === 4) {
    const { min_length: minlength, max_length: maxlength, placeholder, value } = spec;
    return fields.text({ long: spec.style === 2, minlength, maxlength, placeholder, value, ...shared });
  }
  if (spec.type === 19) return fields.file({ multiple: many, ...shared });
  if (spec.type === 22 || (many && options)) return fields.several(options, { chosen, id, label: spec.label ?? spec.placeholder });
  if (spec.type === 23) return tick(spec, id);
  const field = fields.one(options ?? [], { placeholder: spec.placeholder, chosen: chosen[0], ...shared });
  if (spec.type === 21) return field;
  return { element: field.element, value: () => (field.value() === undefined ? undefined : [field.value()]) };
}

function tick(spec, id) {
  const element = h("input", { type: "checkbox", id, checked: spec.default });
  return { element, value: () => element.checked };
}

/** The rows of a modal as [{ spec, label, description }]; bare text has no control. */
function rows(components) {
  return components.flatMap((component) => {
    if (component.type === 1) return component.components.map((spec) => ({ spec, label: spec.label }));
    if (component.type === 18) return [{ spec: component.component, label: component.label, description: component.description }];
    return [{ spec: component, label: component.label }];
  });
}

export function openModal(modal, token) {
  const controls = new Map();
  const parts = rows(modal.components).map(({ spec, label, description }) => {
    if (spec.type === 10) return h("div", { class: "content" }, markdown(spec.content));
    const made = control(spec);
    controls.set(spec.custom_id, made);
    return h(
      "div",
      { class: "field" },
      h("label", { for: `field-${spec.custom_id}` }, label, (spec.required ?? true) && h("span", { class: "needed" }, " *")),
      description && h("small", {}, description),
      made.element,
    );
  });
  const problem = h("p", { class: "failed", role: "alert" });
  const send = h("button", { class: "primary" }, "Submit");
  const dialog = $("modal");

  async function submit(event) {
    event.preventDefault();
    const values = {};
    const files = {};
    for (const [name, made] of controls) {
      const value = made.value();
      if (value !== undefined) values[name] = value;
      if (made.files?.().length) files[name] = made.files();
    }
    send.disabled = true;
    problem.textContent = "";
    try {
      const answer = await post("modal", { token, values }, files);
      if (answer.failed) throw new Error("The application did not respond");
      dialog.close();
    } catch (error) {
      problem.textContent = error.message;
      send.disabled = false;
    }
  }

  const cancel = h("button", { type: "button", onclick: () => dialog.close() }, "Cancel");
  dialog.replaceChildren(
    h("form", { onsubmit: submit }, h("h2", { id: "modal-title" }, modal.title), parts, problem, h("div", { class: "ends" }, cancel, send)),
  );
  dialog.showModal();
}
