// What the events of a session add up to, by the rules of ai.starcite.Transcript.

const text = (value) => typeof value === "string";
const maybeText = (value) => value === undefined || value === null || text(value);
const maybeFlag = (value) => value === undefined || value === null || typeof value === "boolean";
const given = (value) => value !== undefined;

/** Which payloads have the shape of their type. Others are shown as they are. */
const SHAPES = {
  message: (p) => text(p.role) && text(p.text) && maybeText(p.message_id),
  content: (p) => text(p.text),
  text_delta: (p) => text(p.message_id) && text(p.text),
  thinking: (p) => text(p.text) && maybeText(p.message_id),
  tool_call: (p) => text(p.call_id) && text(p.name) && given(p.arguments),
  tool_result: (p) => text(p.call_id) && given(p.result) && maybeFlag(p.is_error),
  status: (p) => text(p.status) && maybeText(p.detail),
  handoff: (p) => text(p.from) && text(p.to) && maybeText(p.reason),
  checkpoint: (p) => text(p.name),
  artifact: (p) => text(p.name) && maybeText(p.media_type) && maybeText(p.uri),
  error: (p) => text(p.message) && maybeText(p.code) && maybeText(p.message_id),
};

function roleOf(actor) {
  if (!actor) return "assistant";
  if (actor === "system" || actor.startsWith("system:")) return "system";
  if (actor.startsWith("user:")) return "user";
  return actor.startsWith("tool:") ? "tool" : "assistant";
}

const key = (actor, messageId) => JSON.stringify([actor ?? null, messageId]);

export class Transcript {
  constructor(saved) {
    this.cursor = saved?.cursor ?? 0;
    this.entries = saved?.entries ?? [];
    this.messages = new Map();
    this.thoughts = new Map();
    this.tools = new Map();
    this.entries.forEach((entry) => this.#index(entry));
  }

  toJSON() {
    return { cursor: this.cursor, entries: this.entries };
  }

  /**
   * Takes the next event. Returns the entries that it added or changed: none for an event that was
   * applied before. Throws if events are missing before it.
   */
  apply(event) {
    if (event.seq <= this.cursor) return [];
    if (event.seq !== this.cursor + 1) {
      throw new RangeError(`event ${event.seq} does not follow ${this.cursor}`);
    }
    this.cursor = event.seq;
    const shaped = Object.hasOwn(SHAPES, event.type) && SHAPES[event.type](event.payload);
    const rule = shaped ? this.#rules[event.type] : undefined;
    return rule ? rule(event, event.payload) : [this.#add(event, "other", { event })];
  }

  #rules = {
    message: (event, said) => [this.#message(event, said, said.role)],
    content: (event, said) => [this.#message(event, said, roleOf(event.actor))],
    text_delta: (event, said) => this.#delta(event, said),
    thinking: (event, said) => [this.#thinking(event, said)],
    tool_call: (event, said) => [this.#call(event, said)],
    tool_result: (event, said) => [this.#result(event, said)],
    status: (event, said) => [this.#add(event, "status", { said })],
    handoff: (event, said) => [this.#add(event, "handoff", { said })],
    checkpoint: (event, said) => [this.#add(event, "checkpoint", { said })],
    artifact: (event, said) => [this.#add(event, "artifact", { said })],
    error: (event, said) => this.#error(event, said),
  };

  #delta(event, said) {
    const entry = this.messages.get(key(event.actor, said.message_id));
    if (!entry) {
      const role = roleOf(event.actor);
      const { message_id: messageId, text } = said;
      return [this.#add(event, "message", { role, messageId, text, state: "partial" })];
    }
    // Once a message has ended, what comes late changes nothing.
    if (entry.state !== "partial") return [];
    entry.text += said.text;
    return [this.#change(entry, event)];
  }

  #message(event, said, role) {
    const messageId = event.type === "content" ? null : (said.message_id ?? null);
    const entry = messageId === null ? undefined : this.messages.get(key(event.actor, messageId));
    const whole = { role, messageId, text: said.text, state: "complete" };
    return entry
      ? this.#change(Object.assign(entry, whole), event)
      : this.#add(event, "message", whole);
  }

  #thinking(event, said) {
    const messageId = said.message_id ?? null;
    const entry = messageId === null ? undefined : this.thoughts.get(key(event.actor, messageId));
    if (!entry) return this.#add(event, "thinking", { messageId, text: said.text });
    entry.text += said.text;
    return this.#change(entry, event);
  }

  #call(event, said) {
    const call = { actor: event.actor, name: said.name, arguments: said.arguments };
    const waiting = this.tools.get(said.call_id);
    if (waiting && waiting.name === null) {
      return this.#change(Object.assign(waiting, call), event);
    }
    return this.#add(event, "tool", { callId: said.call_id, results: [], ...call });
  }

  #result(event, said) {
    const none = { callId: said.call_id, name: null, arguments: null, results: [], actor: null };
    const entry = this.tools.get(said.call_id) ?? this.#add(event, "tool", none);
    const isError = said.is_error === true;
    entry.results.push({ seq: event.seq, actor: event.actor, value: said.result, isError });
    return this.#change(entry, event);
  }

  #error(event, said) {
    const changed = [];
    const failed =
      said.message_id == null ? undefined : this.messages.get(key(event.actor, said.message_id));
    if (failed) {
      failed.state = "failed";
      changed.push(this.#change(failed, event));
    }
    changed.push(this.#add(event, "error", { said }));
    return changed;
  }

  #add(event, kind, more) {
    const entry = {
      kind,
      firstSeq: event.seq,
      lastSeq: event.seq,
      startedAt: event.inserted_at,
      actor: event.actor,
      ...more,
    };
    this.entries.push(entry);
    this.#index(entry);
    return entry;
  }

  #change(entry, event) {
    entry.lastSeq = event.seq;
    return entry;
  }

  #index(entry) {
    if (entry.kind === "message" && entry.messageId != null) {
      this.messages.set(key(entry.actor, entry.messageId), entry);
    } else if (entry.kind === "thinking" && entry.messageId != null) {
      this.thoughts.set(key(entry.actor, entry.messageId), entry);
    } else if (entry.kind === "tool") {
      this.tools.set(entry.callId, entry);
    }
  }
}
