/**
 * Discord's Markdown as a tree of { type, text } and { type, content }, for any text, without the page.
 * Blocks begin at a line's start; everything else is inline. What fits no rule is text.
 */

const ITEM = String.raw` *(?:[-*]|\d{1,9}\.) +\S[^\n]*`;

const BLOCKS = [
  [/(#{1,3}) +(\S[^\n]*)(?:\n|$)/y, ([, marks, text]) => ({ type: "heading", level: marks.length, content: inline(text) })],
  [/-# +(\S[^\n]*)(?:\n|$)/y, ([, text]) => ({ type: "subtext", content: inline(text) })],
  [/>>> ([\s\S]+)/y, ([, text]) => ({ type: "quote", content: parse(text) })],
  [/> [^\n]*(?:\n> [^\n]*)*(?:\n|$)/y, ([all]) => ({ type: "quote", content: parse(all.replace(/^> /gm, "").replace(/\n$/, "")) })],
  [new RegExp(`${ITEM}(?:\\n(?:${ITEM}| +\\S[^\\n]*))*(?:\\n|$)`, "y"), ([all]) => list(all.replace(/\n$/, "").split("\n"))],
];

const INLINE = [
  [/\\([^0-9A-Za-z\s])/y, ([, text]) => ({ type: "text", text })],
  [/```(?:([\w+.#-]+)\n)?\n*([\s\S]*?[^\n`])\n*```\n?/y, ([, language, text]) => ({ type: "codeBlock", language, text })],
  [/(`+)([\s\S]*?[^`])\1(?!`)/y, ([, , text]) => ({ type: "code", text: text.replace(/^ (?=`)|(?<=`) $/g, "") })],
  [/<t:(-?\d{1,13})(?::([tTdDfFR]))?>/y, ([, seconds, style]) => ({ type: "time", at: Number(seconds) * 1000, style: style ?? "f" })],
  [/<@!?(\d+)>/y, ([, id]) => ({ type: "user", id })],
  [/<@&(\d+)>/y, ([, id]) => ({ type: "role", id })],
  [/<#(\d+)>/y, ([, id]) => ({ type: "channel", id })],
  [/<\/([^:>\n]+):(\d+)>/y, ([, name]) => ({ type: "command", name })],
  [/<a?:(\w+):\d+>/y, ([, name]) => ({ type: "text", text: `:${name}:` })],
  [/@(?:everyone|here)/y, ([text]) => ({ type: "mention", text })],
  [/<(https?:\/\/[^\s<>]+)>/y, ([, url]) => link(url)],
  [/\[((?:\\[\s\S]|\[[^\]]*\]|[^[\]\\])+)\]\(\s*<?(https?:\/\/[^\s<>()]*(?:\([^\s()]*\)[^\s<>()]*)*)>?(?:\s+"([^"]*)")?\s*\)/y,
    ([, text, url, title]) => ({ type: "link", url, title, content: inline(text) })],
  [/https?:\/\/[^\s<]*[^\s<.,:;!?"'*_~|\])]/y, ([url]) => link(url)],
  [/\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/y, wrap("strong")],
  [/__((?:\\[\s\S]|[^\\])+?)__(?!_)/y, wrap("underline")],
  [/\*(?=\S)((?:\\[\s\S]|\*\*|\s+(?:\\[\s\S]|\*\*|[^\s*\\])|[^\s*\\])+?)\*(?!\*)/y, wrap("em")],
  [/_((?:__|\\[\s\S]|[^\\_])+?)_(?!\w)/y, wrap("em")],
  [/~~((?:\\[\s\S]|[^\\])+?)~~/y, wrap("strike")],
  [/\|\|([\s\S]+?)\|\|/y, ([, text]) => ({ type: "spoiler", content: parse(text) })],
  [/\n|[\s\S][^\n\\`*_~|<[@h]*/y, ([text]) => ({ type: "text", text })],
];

function wrap(type) {
  return ([, text]) => ({ type, content: inline(text) });
}

function link(url) {
  return { type: "link", url, content: [{ type: "text", text: url }] };
}

function list(lines) {
  const indent = (line) => line.search(/\S/);
  const base = indent(lines[0]);
  const items = [];
  for (const line of lines) {
    const marker = /^ *([-*]|\d+\.) +(.*)/.exec(line);
    if (marker && (items.length === 0 || indent(line) <= base + 1)) items.push([marker[2]]);
    else items.at(-1).push(line.slice(Math.min(indent(line), base + 2)));
  }
  const number = /^ *(\d+)\./.exec(lines[0]);
  return { type: "list", start: number ? Number(number[1]) : null, items: items.map((item) => parse(item.join("\n"))) };
}

function walk(source, blocks) {
  const nodes = [];
  let at = 0;
  while (at < source.length) {
    const lineStart = blocks && (at === 0 || source[at - 1] === "\n");
    for (const [pattern, make] of lineStart ? [...BLOCKS, ...INLINE] : INLINE) {
      pattern.lastIndex = at;
      const found = pattern.exec(source);
      if (!found) continue;
      at += found[0].length;
      const node = make(found);
      const last = nodes.at(-1);
      if (node.type === "text" && last?.type === "text") last.text += node.text;
      else nodes.push(node);
      break;
    }
  }
  return nodes;
}

const inline = (text) => walk(text, false);

export const parse = (text) => walk(text, true);
