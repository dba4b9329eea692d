/** The page: who one is, which channel is open, and what happens when the world says something. */

import { Events, get, post } from "./api.js";
import * as composer from "./composer.js";
import { $ } from "./dom.js";
import { drawIntro } from "./intro.js";
import * as messages from "./messages.js";
import * as sidebar from "./sidebar.js";
import { channel, channelName, isDirect, store } from "./store.js";
import { turnTo } from "./time.js";

const STOPPED = "The playground has stopped. Start it again with “make run”: this page comes back by itself.";
const AGAIN = "The playground was started again: this is a fresh world.";

let world = null;
let reloading = null;

function notice(words) {
  $("notice").textContent = words;
  $("notice").hidden = !words;
  if (words === AGAIN) setTimeout(() => $("notice").textContent === AGAIN && notice(""), 8000);
}

async function loadState(person) {
  const state = await get("state", person ? { as: person } : {});
  Object.assign(store, {
    me: state.me, bot: state.bot, home: state.home, guild: state.guild, people: state.people, channels: state.channels,
  });
  turnTo(state.now);
  sidebar.drawPeople(become);
  return state.world;
}

async function openChannel(id) {
  const here = channel(id) ?? channel(store.home) ?? store.channels.find(({ type }) => type === 0);
  store.channel = here.id;
  sidebar.see(here.id, here.last_message_id);
  document.body.classList.remove("menu-open");
  const address = `?as=${store.me}#${here.id}`;
  if (location.search + location.hash !== address) history.replaceState(null, "", address);
  sidebar.drawHead();
  sidebar.drawChannels();
  composer.reset(isDirect(here) ? channelName(here) : `#${channelName(here)}`);
  await messages.open();
}

/** Be `person` from now on, in the channel that is open if they may see it. */
async function become(person) {
  $("self").open = false;
  const found = await loadState(person);
  await events.follow(store.me);
  await openChannel(location.hash.slice(1));
  return found;
}

/** The shape of the world changed: channels, threads, names. Several changes at once are one look. */
function look() {
  reloading ??= setTimeout(async () => {
    reloading = null;
    await loadState(store.me);
    if (!channel(store.channel)) await openChannel(store.home);
    else {
      sidebar.drawChannels();
      await messages.refresh();
    }
  }, 150);
}

function created(message) {
  if (!channel(message.channel_id)) look();
  if (!(message.flags & 64)) sidebar.arrived(message.channel_id, message.id);
  if (message.channel_id === store.channel) messages.add(message);
  if (message.interaction_metadata?.user?.id === store.me) composer.answered();
  sidebar.drawChannels();
}

const here = (act) => (data) => data.channel_id === store.channel && act(data);

const HANDLERS = {
  CLOCK: ({ now }) => turnTo(now),
  MESSAGE_CREATE: created,
  MESSAGE_UPDATE: here(messages.update),
  MESSAGE_DELETE: here(({ id }) => messages.remove(id)),
  MESSAGE_DELETE_BULK: here(({ ids }) => ids.forEach(messages.remove)),
};

function heard({ t: name, d: data }) {
  if (HANDLERS[name]) HANDLERS[name](data);
  else if (name.startsWith("MESSAGE_REACTION")) here(() => messages.refresh())(data);
  else if (/^(CHANNEL_(?!PINS)|THREAD|GUILD)/.test(name)) look();
}

const events = new Events({
  onevent: heard,
  onlost: () => {
    notice(STOPPED);
    begin(store.me);
  },
});

function turn(change) {
  messages.follow();
  return post("clock", change).then(({ now }) => turnTo(now)).catch(({ message }) => notice(message));
}
const tomorrow = () => turn({ tomorrow: "09:00" });

function wire() {
  composer.start();
  messages.watchScroll();
  $("minute").addEventListener("click", () => turn({ advance: 60_000 }));
  $("minutes").addEventListener("click", () => turn({ advance: 600_000 }));
  $("tomorrow").addEventListener("click", tomorrow);
  $("menu").addEventListener("click", () => document.body.classList.toggle("menu-open"));
  $("shade").addEventListener("click", () => document.body.classList.remove("menu-open"));
  addEventListener("hashchange", () => openChannel(location.hash.slice(1)));
  document.addEventListener("click", ({ target }) => {
    for (const menu of document.querySelectorAll("details[open]:not(.several)")) if (!menu.contains(target)) menu.open = false;
  });
  addEventListener("keydown", ({ key }) => key === "Escape" && document.body.classList.remove("menu-open"));
}

/** Arrive in the world, now or as soon as it answers. */
async function begin(person) {
  try {
    const found = await become(person);
    notice(world && world !== found ? AGAIN : "");
    world = found;
    const goTo = (name) => openChannel(store.channels.find((one) => one.name === name)?.id);
    drawIntro({ tomorrow, goHome: () => openChannel(store.home), goTo });
  } catch {
    notice(STOPPED);
    setTimeout(begin, 1000, person);
  }
}

wire();
begin(new URLSearchParams(location.search).get("as"));
