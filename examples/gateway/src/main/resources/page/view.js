// Entries of a transcript as elements. Whatever comes from a session goes in as text, never as HTML.

/** An element with a class and children; strings become text. */
export function el(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const HUES = 8;

/** Colours in the order in which actors appear, so that every reader sees the same ones. */
export class Actors {
  #hues = new Map();

  seen(actor) {
    const name = actor ?? "";
    if (!this.#hues.has(name)) this.#hues.set(name, this.#hues.size % HUES);
    return this.#hues.get(name);
  }

  get names() {
    return [...this.#hues.keys()];
  }
}

export const shortName = (actor) => (actor ? actor.replace(/^agent:/, "") : "nobody");

/** On one line if it is short. */
function pretty(value) {
  if (typeof value === "string") return value;
  const line = JSON.stringify(value);
  return line.length <= 80 ? line : JSON.stringify(value, null, 2);
}

function json(label, value) {
  return el("div", "json", el("span", "label", label), el("pre", "", pretty(value)));
}

function time(iso) {
  const stamp = el("time", "", new Date(iso).toLocaleTimeString([], { hour12: false }));
  stamp.dateTime = iso;
  return stamp;
}

function byline(entry, ...more) {
  return el(
    "div",
    "byline",
    el("span", "actor", shortName(entry.actor)),
    ...more,
    el("span", "stamp", time(entry.startedAt), el("span", "seq", `#${entry.firstSeq}`)),
  );
}

const tag = (label, kind = "") => el("span", `tag ${kind}`, label);

const STATES = { partial: "writing", failed: "failed" };

function link(uri) {
  const url = URL.canParse(uri) ? new URL(uri) : null;
  if (!url || !["http:", "https:"].includes(url.protocol)) return el("code", "", uri);
  const anchor = el("a", "", uri);
  anchor.href = url.href;
  anchor.rel = "noopener noreferrer";
  anchor.target = "_blank";
  return anchor;
}

const BODIES = {
  message: (entry) => [
    byline(
      entry,
      entry.role === "assistant" ? null : tag(entry.role),
      STATES[entry.state] ? tag(STATES[entry.state], entry.state) : null,
    ),
    el("div", `text ${entry.state}`, entry.text),
  ],
  thinking: (entry) => [
    byline(entry, tag("thinking")),
    el("div", "text thought", entry.text),
  ],
  tool: (entry) => {
    const failed = entry.results.some((result) => result.isError);
    const state = entry.results.length === 0 ? "running" : failed ? "failed" : "done";
    return [
      byline(entry, tag(state, state)),
      el(
        "div",
        "card",
        el("div", "call", el("span", "tool-name", entry.name ?? "a call that has not come"),
          el("code", "call-id", entry.callId)),
        entry.name === null ? null : json("arguments", entry.arguments),
        ...entry.results.map((result) => json(result.isError ? "error" : "result", result.value)),
      ),
    ];
  },
  status: (entry) => [
    byline(entry, el("span", "inline", entry.said.status),
      entry.said.detail ? el("span", "inline dim", entry.said.detail) : null),
  ],
  handoff: (entry) => [
    byline(entry, tag("handoff"),
      el("span", "inline", `${entry.said.from} → ${entry.said.to}`),
      entry.said.reason ? el("span", "inline dim", entry.said.reason) : null),
  ],
  checkpoint: (entry) => [
    byline(entry, tag("checkpoint"), el("span", "inline", entry.said.name)),
    entry.said.data === undefined ? null : el("div", "card", json("data", entry.said.data)),
  ],
  artifact: (entry) => [
    byline(entry, tag("artifact")),
    el(
      "div",
      "card",
      el("div", "call", el("span", "tool-name", entry.said.name),
        entry.said.media_type ? el("code", "call-id", entry.said.media_type) : null),
      entry.said.uri ? link(entry.said.uri) : null,
      entry.said.data === undefined ? null : json("data", entry.said.data),
    ),
  ],
  error: (entry) => [
    byline(entry, tag("error", "failed"),
      entry.said.code ? el("code", "call-id", entry.said.code) : null),
    el("div", "text failed", entry.said.message),
  ],
  other: (entry) => [
    byline(entry, tag(entry.event.type)),
    el("div", "card", json("payload", entry.event.payload)),
  ],
};

/** Draws an entry into its element. */
function draw(element, entry, hue) {
  element.className = `entry ${entry.kind} hue-${hue}`;
  element.dataset.firstSeq = entry.firstSeq;
  element.dataset.lastSeq = entry.lastSeq;
  element.dataset.actor = entry.actor ?? "";
  const body = BODIES[entry.kind](entry).filter((part) => part !== null);
  element.replaceChildren(el("span", "dot"), el("div", "body", ...body));
}

/** The list of entries on the page. */
export class TranscriptView {
  #list;
  #elements = new Map();
  #agent = null;
  actors = new Actors();

  constructor(list) {
    this.#list = list;
    list.replaceChildren();
  }

  /** Draws entries that are new or have changed. */
  show(entries) {
    const added = [];
    for (const entry of entries) {
      let element = this.#elements.get(entry.firstSeq);
      if (!element) {
        element = document.createElement("li");
        this.#elements.set(entry.firstSeq, element);
        added.push(element);
      }
      draw(element, entry, this.actors.seen(entry.actor));
      element.hidden = this.#isHidden(element);
    }
    this.#list.append(...added);
  }

  /** Shows one agent's entries, or everybody's. */
  filter(agent) {
    this.#agent = agent;
    for (const element of this.#elements.values()) element.hidden = this.#isHidden(element);
  }

  #isHidden(element) {
    return this.#agent !== null && element.dataset.actor !== this.#agent;
  }
}
