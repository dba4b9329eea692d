/** Where one writes: text to speak, or "/" for a command and its options. */

import { post } from "./api.js";
import { CommandForm } from "./command.js";
import { $, h } from "./dom.js";
import { walk } from "./fields.js";
import { interact, SILENT } from "./interact.js";
import { follow, refresh, silent } from "./messages.js";
import { leaves, store } from "./store.js";

let form = null;
let busy = false;
let uploads = [];

const text = () => $("text");
const problem = (words) => {
  $("problem").textContent = words;
};

function matching(typed) {
  const words = typed.slice(1).toLowerCase().split(/\s+/).filter(Boolean);
  const all = leaves().filter(({ name, description }) => words.every((word) => `${name} ${description}`.toLowerCase().includes(word)));
  const rank = ({ name }) => (name.startsWith(words.join(" ")) ? 0 : words.every((word) => name.includes(word)) ? 1 : 2);
  return all.sort((a, b) => rank(a) - rank(b));
}

function option(leaf, index) {
  const wants = leaf.options.map(({ name, required }) => h("span", { class: required ? "want" : "want maybe" }, name));
  return h(
    "div",
    { role: "option", id: `pick-${index}`, "aria-selected": String(index === 0), "data-name": leaf.name, onclick: () => choose(leaf) },
    h("div", {}, h("strong", {}, `/${leaf.name}`), wants),
    h("small", {}, leaf.description),
  );
}

function showPicker() {
  const typed = text().value;
  const open = typed.startsWith("/") && !typed.includes("\n");
  const found = open ? matching(typed) : [];
  const nothing = h("p", { class: "none" }, "No command here is called that.");
  $("picker").replaceChildren(...(found.length ? found.map(option) : [nothing]));
  $("picker").hidden = !open;
  text().setAttribute("aria-expanded", String(open));
  if (found.length) text().setAttribute("aria-activedescendant", "pick-0");
  else text().removeAttribute("aria-activedescendant");
}

/** A page may be open before the bot has told its commands. */
async function learn() {
  if (store.commands.length === 0) await refresh().catch(() => {});
}

function grow() {
  text().style.height = "auto";
  text().style.height = `${Math.min(text().scrollHeight, 200)}px`;
}

function write(value) {
  text().value = value;
  grow();
  showPicker();
}

function choose(leaf) {
  write("");
  problem("");
  form = new CommandForm(leaf, leave);
  $("command").replaceChildren(form.element);
  $("composer").classList.add("commanding");
  $("send").textContent = "Run";
  if (leaf.options.length) form.focus();
  else $("send").focus();
}

export function leave() {
  form = null;
  $("command").replaceChildren();
  $("composer").classList.remove("commanding");
  $("send").textContent = "Send";
  problem("");
  if (matchMedia("(pointer: fine)").matches) text().focus();
}

async function run() {
  const running = form;
  const { leaf } = running;
  const { options, files } = running.values();
  try {
    await interact("command", { channel: store.channel, name: leaf.name, options }, files);
  } catch (error) {
    if (error.message !== SILENT) throw error;
    silent(leaf.name, SILENT);
  }
  if (form === running) leave();
}

/** The command's answer can be seen, perhaps still thinking: the box is free for the next. */
export function answered() {
  if (!busy || !form) return;
  setBusy(false);
  leave();
}

function setBusy(now) {
  busy = now;
  $("composer").toggleAttribute("aria-busy", now);
}

async function say() {
  const content = text().value.trim();
  if (!content && uploads.length === 0) return;
  await post("say", { channel: store.channel, text: content }, { files: uploads });
  attach([]);
  write("");
}

async function submit(event) {
  event.preventDefault();
  if (busy) return;
  setBusy(true);
  problem("");
  follow();
  try {
    await (form ? run() : say());
  } catch (error) {
    problem(error.message);
  } finally {
    setBusy(false);
  }
}

function attach(list) {
  uploads = [...list];
  const chips = uploads.map((one) =>
    h("span", { class: "chip" }, one.name, h("button", { type: "button", "aria-label": `Remove ${one.name}`, onclick: () => attach(uploads.filter((other) => other !== one)) }, "✕")),
  );
  $("uploads").replaceChildren(...chips);
}

function drop(event) {
  event.preventDefault();
  document.body.classList.remove("dropping");
  const { files } = event.dataTransfer;
  if (files.length === 0 || form?.accept(files)) return;
  if (form) problem("This command takes no file.");
  else attach(files);
}

function keys(event) {
  if (!$("picker").hidden) {
    const row = walk($("picker"), event);
    if (row) {
      event.preventDefault();
      choose(leaves().find(({ name }) => name === row.dataset.name));
      return;
    }
    const marked = $("picker").querySelector("[aria-selected=true]");
    if (marked) text().setAttribute("aria-activedescendant", marked.id);
    if (event.key === "Escape") $("picker").hidden = true;
  }
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    $("composer").requestSubmit();
  }
}

/** Put a command, or its beginning, in front of the person: "/story read". */
export async function prefill(typed) {
  if (form) leave();
  await learn();
  const exact = leaves().find(({ name }) => `/${name}` === typed);
  if (exact) choose(exact);
  else {
    write(typed);
    text().focus();
  }
}

/** Who may be writing where has changed. */
export function reset(place) {
  if (form) leave();
  write("");
  attach([]);
  text().placeholder = `Message ${place}${matchMedia("(max-width: 860px)").matches ? "" : ", or / for a command"}`;
}

export function start() {
  $("composer").addEventListener("submit", submit);
  $("composer").addEventListener("keydown", (event) => event.key === "Escape" && form && leave());
  text().addEventListener("input", () => {
    grow();
    showPicker();
    if (text().value === "/") learn().then(showPicker);
  });
  text().addEventListener("keydown", keys);
  text().addEventListener("paste", ({ clipboardData }) => clipboardData.files.length && attach(clipboardData.files));
  $("slash").addEventListener("click", () => prefill("/"));
  $("upload").addEventListener("change", ({ target }) => {
    attach(target.files);
    target.value = "";
  });
  addEventListener("dragover", (event) => {
    event.preventDefault();
    document.body.classList.add("dropping");
  });
  addEventListener("dragleave", (event) => event.relatedTarget || document.body.classList.remove("dropping"));
  addEventListener("drop", drop);
  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-command]")) prefill(`/${target.closest("[data-command]").dataset.command}`);
    if (!target.closest("#composer") && !target.closest("[data-command], .try")) $("picker").hidden = true;
  });
}
