/** What the page knows about the world as one person sees it, filled from /page/state and /page/channel. */

import { hex } from "./dom.js";

export const store = {
  me: null,
  bot: null,
  home: null,
  guild: { name: "", roles: [], members: [] },
  people: [],
  channels: [],
  commands: [],
  channel: null,
};

const COLOURS = ["#b4637a", "#56949f", "#c8843c", "#7c6bb0", "#4f8a5b", "#a65f3e", "#4a79b5", "#8d7a3a"];

const member = (id) => store.guild.members.find(({ user }) => user.id === id);

export const me = () => store.people.find(({ id }) => id === store.me);

export function userName(id) {
  const found = member(id);
  return found?.nick ?? found?.user.global_name ?? found?.user.username ?? store.people.find((person) => person.id === id)?.name;
}

export const role = (id) => store.guild.roles.find((one) => one.id === id);

export const channel = (id) => store.channels.find((one) => one.id === id);

/** The people one may mention or pick: [{ id, name }]. */
export const users = () => store.guild.members.map(({ user }) => ({ id: user.id, name: userName(user.id) }));

/** The roles one may mention or pick, without @everyone. */
export const roles = () => store.guild.roles.filter(({ id }) => id !== store.guild.id);

export const isDirect = (one) => one.type === 1;

export const channelName = (one) => (isDirect(one) ? userName(store.bot) ?? "Cliffhanger" : one.name);

/** The colour of the highest coloured role, as Discord paints a name. */
export function nameColour(id) {
  const held = new Set(member(id)?.roles);
  const best = roles().filter((one) => held.has(one.id) && one.color).sort((a, b) => b.position - a.position)[0];
  return best && hex(best.color);
}

export function faceColour(id) {
  const place = store.people.findIndex((person) => person.id === id);
  return COLOURS[place < 0 ? Number(BigInt(id) % BigInt(COLOURS.length)) : place % COLOURS.length];
}

/** Every command one can run here, subcommands as leaves: [{ name: "story read", description, options }]. */
export function leaves() {
  const walk = (node, path) => {
    const inner = (node.options ?? []).filter(({ type }) => type <= 2);
    if (inner.length) return inner.flatMap((child) => walk(child, [...path, child.name]));
    return [{ name: path.join(" "), description: node.description ?? "", options: node.options ?? [] }];
  };
  return store.commands.filter(({ type }) => (type ?? 1) === 1).flatMap((command) => walk(command, [command.name]));
}
