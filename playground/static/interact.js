/** Using a message's controls: one press at a time, an answer or a plain word that there was none. */

import { post } from "./api.js";
import { h } from "./dom.js";
import { openModal } from "./modal.js";

export const SILENT = "The application did not respond";

/** Send one interaction and show what it opened; throws a sentence when it couldn't be done. */
export async function interact(path, data, files) {
  const answer = await post(path, data, files);
  if (answer.failed) throw new Error(SILENT);
  if (answer.modal) openModal(answer.modal, answer.token);
}

/** Press a control of `message`: busy while it runs, and red under the message if it fails. */
export async function press(control, path, data) {
  const frame = control.closest(".message");
  if (control.getAttribute("aria-busy")) return;
  frame.querySelector(".failed")?.remove();
  control.setAttribute("aria-busy", "true");
  try {
    await interact(path, { message: frame.dataset.id, ...data });
  } catch (error) {
    frame.querySelector(".body").append(h("p", { class: "failed", role: "alert" }, error.message));
    if (control instanceof HTMLSelectElement) control.value = "";
  } finally {
    control.removeAttribute("aria-busy");
  }
}
