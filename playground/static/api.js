/** What the page asks of the playground. Every question is asked as somebody. */

import { store } from "./store.js";

async function answer(request) {
  let response;
  try {
    response = await request;
  } catch {
    throw new Error("The playground isn't running.");
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error ?? `The playground answered ${response.status}.`);
  return body;
}

export const get = (path, question = {}) => answer(fetch(`/page/${path}?${new URLSearchParams(question)}`));

/** `files` are the uploads by the name of their option or field: { file: [File] }. */
export function post(path, data, files = {}) {
  const body = new FormData();
  body.append("payload", JSON.stringify({ as: store.me, ...data }));
  for (const [name, list] of Object.entries(files)) for (const file of list) body.append(name, file, file.name);
  return answer(fetch(`/page/${path}`, { method: "POST", body }));
}

/** Events for one person at a time. */
export class Events {
  #socket = null;

  constructor({ onevent, onlost }) {
    Object.assign(this, { onevent, onlost });
  }

  /** Resolves once everything that happens from now on will be heard. */
  follow(person) {
    if (this.#socket) this.#socket.onclose = null;
    this.#socket?.close();
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/page/events?${new URLSearchParams({ as: person })}`);
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.onevent(JSON.parse(data));
    return new Promise((resolve, reject) => {
      socket.onclose = reject;
      socket.onopen = () => {
        socket.onclose = () => this.onlost();
        resolve();
      };
    });
  }
}
