/** Embeds and attachments. */

import { h, hex, isWeb } from "./dom.js";
import { markdown, spoiler } from "./render.js";
import { time } from "./time.js";

/** The playground's own files are asked for where the page came from, by whatever name that was. */
function local(url) {
  const { hostname, pathname, search } = new URL(url, location.href);
  return ["127.0.0.1", "localhost", "[::1]"].includes(hostname) ? pathname + search : url;
}

export function picture(media, className, alt) {
  if (!isWeb(media?.url)) return null;
  return h("img", { class: className, src: local(media.url), alt: alt ?? "", loading: "lazy", width: media.width, height: media.height });
}

const heading = (text, url) => (isWeb(url) ? h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text) : text);

const author = ({ name, url, icon_url: icon }) => h("div", { class: "by" }, picture({ url: icon }, "icon"), heading(name, url));

const field = ({ name, value, inline }) =>
  h("div", { class: inline ? "inline" : "whole" }, h("dt", {}, markdown(name)), h("dd", { class: "content" }, markdown(value)));

function foot({ footer, timestamp }) {
  if (!footer && !timestamp) return null;
  const when = timestamp && time(Date.parse(timestamp), "spoken");
  return h("footer", {}, picture({ url: footer?.icon_url }, "icon"), footer?.text, footer && when && " · ", when);
}

export function embed(spec) {
  return h(
    "section",
    { class: "embed", style: spec.color ? { "--bar": hex(spec.color) } : {} },
    picture(spec.thumbnail, "thumbnail"),
    spec.author && author(spec.author),
    spec.title && h("h3", {}, isWeb(spec.url) ? heading(spec.title, spec.url) : markdown(spec.title)),
    spec.description && h("div", { class: "content" }, markdown(spec.description)),
    spec.fields?.length && h("dl", {}, spec.fields.map(field)),
    picture(spec.image, "image"),
    foot(spec),
  );
}

function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1_048_576 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`;
}

export function attachmentChip({ url, filename, size: bytes }) {
  return h(
    "a",
    { class: "chip", href: isWeb(url) ? local(url) : undefined, download: filename },
    h("span", { "aria-hidden": "true" }, "📄"),
    h("span", {}, filename),
    bytes !== undefined && h("small", {}, size(bytes)),
  );
}

export function attachment(spec) {
  if (!/^image\/(png|jpeg|gif|webp)/.test(spec.content_type ?? "")) return attachmentChip(spec);
  const shown = h("a", { href: local(spec.url), target: "_blank", rel: "noopener" }, picture(spec, "image", spec.description ?? spec.filename));
  return spec.filename.startsWith("SPOILER_") ? spoiler(shown) : shown;
}
