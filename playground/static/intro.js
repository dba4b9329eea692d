/** The line that greets a newcomer, with a few things to try in a world that has just begun. */

import { prefill } from "./composer.js";
import { $, h } from "./dom.js";
import { pointAt } from "./messages.js";
import { leaves, store } from "./store.js";

const READ = "I've read this";

export function drawIntro({ tomorrow, goHome, goTo }) {
  if (sessionStorage.getItem("introduced")) return;
  const tries = [
    ["Turn the clock to tomorrow", tomorrow],
    [`Press “${READ}”`, async () => pointAt(READ) ?? (await goHome(), pointAt(READ))],
    ["Join the sprint", async () => (await goTo("writing-room"), pointAt("Join"))],
    ["/story read", () => prefill("/story read"), "story read"],
    ["/wrote your words", () => prefill("/wrote"), "wrote"],
    ["/serial add your own story", () => prefill("/serial add"), "serial add"],
  ];
  const known = new Set(leaves().map(({ name }) => name));
  const offered = tries.filter(([, , command]) => !command || known.has(command) || store.commands.length === 0);
  const dismiss = () => {
    sessionStorage.setItem("introduced", "yes");
    $("intro").hidden = true;
  };
  $("intro").replaceChildren(
    h("p", {}, h("strong", {}, "A Discord on your own machine."), " Nothing leaves it; each start is a fresh world."),
    h("p", { class: "tries" }, "Try: ", offered.map(([label, act]) => h("button", { type: "button", class: "try", onclick: act }, label))),
    h("button", { type: "button", class: "close", "aria-label": "Dismiss this introduction", onclick: dismiss }, "✕"),
  );
  $("intro").hidden = false;
}
