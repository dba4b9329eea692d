/** The playground's clock, as it was last turned, and every time on the page. All of it in UTC. */

import { $, h } from "./dom.js";

const DAY = 86_400_000;
const UNITS = [["year", 365 * DAY], ["month", 30 * DAY], ["day", DAY], ["hour", 3_600_000], ["minute", 60_000], ["second", 1000]];

let turned = 0;

export const now = () => Date.now() + turned;

export function turnTo(instant) {
  turned = instant - Date.now();
  refresh();
}

const format = (options) => {
  const formatter = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options });
  return (at) => formatter.format(at);
};
const clock = format({ hour: "2-digit", minute: "2-digit" });
const seconds = format({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
const digits = format({ day: "2-digit", month: "2-digit", year: "numeric" });
const date = format({ day: "numeric", month: "long", year: "numeric" });
const weekday = format({ weekday: "long" });
const today = format({ weekday: "short", day: "numeric", month: "short" });
const year = format({ year: "numeric" });
const ago = new Intl.RelativeTimeFormat("en", { numeric: "always" });

function relative(at) {
  const difference = at - now();
  const [unit, length] = UNITS.find(([, size]) => Math.abs(difference) >= size) ?? UNITS.at(-1);
  return ago.format(Math.round(difference / length), unit);
}

function spoken(at) {
  const days = Math.floor(now() / DAY) - Math.floor(at / DAY);
  if (days === 0) return `Today at ${clock(at)}`;
  if (days === 1) return `Yesterday at ${clock(at)}`;
  return `${digits(at)}, ${clock(at)}`;
}

const STYLES = {
  t: clock,
  T: seconds,
  d: digits,
  D: date,
  f: (at) => `${date(at)} ${clock(at)}`,
  F: (at) => `${weekday(at)}, ${date(at)} ${clock(at)}`,
  R: relative,
  spoken,
  clock,
};

export const day = date;

/** A <time> that stays true; style is one of Discord's letters, "spoken" or "clock". */
export function time(at, style, className) {
  if (Math.abs(at) > 8.64e15) return "Invalid date";
  return h(
    "time",
    { datetime: new Date(at).toISOString(), "data-style": style, title: `${STYLES.F(at)} UTC`, class: className },
    STYLES[style](at),
  );
}

function refresh() {
  for (const element of document.querySelectorAll("time[data-style]")) {
    const text = STYLES[element.dataset.style](Date.parse(element.dateTime));
    if (element.textContent !== text) element.textContent = text;
  }
  const at = now();
  $("clock").replaceChildren(
    h("span", {}, today(at), h("span", { class: "year" }, ` ${year(at)}`)),
    h("strong", {}, clock(at)),
    h("span", { class: "zone" }, "UTC"),
  );
}

setInterval(refresh, 1000);
