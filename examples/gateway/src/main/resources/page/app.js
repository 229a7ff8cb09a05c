import { Outbox, Refusal, Tail, sessions, token } from "./client.js";
import { Transcript } from "./transcript.js";
import { TranscriptView, el, shortName } from "./view.js";

const $ = (id) => document.getElementById(id);
const PAGE = 50;
const REFRESH = 4_000;

/** Transcripts that were left or refreshed, so that reading goes on where it was. */
const saved = {
  key: (id) => `starcite.transcript.${id}`,
  load(id, incarnation) {
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.key(id)));
      return kept?.incarnation === incarnation ? kept.transcript : undefined;
    } catch {
      return undefined;
    }
  },
  store(id, incarnation, transcript) {
    try {
      sessionStorage.setItem(this.key(id), JSON.stringify({ incarnation, transcript }));
    } catch {
      // Too large to keep: the log has it all, and is read from the start.
      sessionStorage.removeItem(this.key(id));
    }
  },
};

/** The session on the right. */
class OpenSession {
  #incarnation = null;
  #transcript = new Transcript();
  #view;
  #agent = null;
  #tail;
  outbox;

  constructor(id) {
    this.id = id;
    this.outbox = new Outbox(id);
    this.#restart();
    this.#tail = new Tail(id, {
      cursor: () => this.#transcript.cursor,
      opened: (session) => this.#opened(session),
      events: (events) => this.#apply(events),
      state: (name, label) => showState(name, label),
      restart: () => this.#restart(),
    });
    this.outbox.flush().catch((e) => note("composer-note", e));
  }

  close() {
    this.save();
    this.#tail.close();
  }

  wake() {
    this.#tail.wake();
  }

  save() {
    if (this.#incarnation) saved.store(this.id, this.#incarnation, this.#transcript);
  }

  #restart(transcript) {
    this.#transcript = new Transcript(transcript);
    this.#view = new TranscriptView($("transcript"));
    this.#view.filter(this.#agent);
    this.#show(this.#transcript.entries);
  }

  #opened(session) {
    $("title").textContent = session.title ?? session.id;
    document.title = `${session.title ?? session.id} · Starcite`;
    if (session.incarnation !== this.#incarnation) {
      // The first time, or another session took the id: what was shown is not of it.
      this.#incarnation = session.incarnation;
      this.#restart(saved.load(this.id, session.incarnation));
    }
    $("empty").hidden = session.last_seq > 0 || this.#transcript.cursor > 0;
  }

  #apply(events) {
    const changed = new Set();
    for (const event of events) {
      for (const entry of this.#transcript.apply(event)) changed.add(entry);
    }
    this.#show(changed);
  }

  #show(entries) {
    const scroller = $("scroller");
    const atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;
    this.#view.show(entries);
    this.#showAgents();
    const { cursor } = this.#transcript;
    $("session").dataset.cursor = cursor;
    $("cursor").textContent = cursor === 1 ? "1 event" : `${cursor} events`;
    $("empty").hidden ||= cursor > 0;
    if (atEnd) {
      scroller.scrollTop = scroller.scrollHeight;
    } else {
      $("latest").hidden = false;
    }
  }

  #showAgents() {
    const names = this.#view.actors.names;
    const bar = $("agents");
    bar.hidden = names.length < 2;
    if (bar.childElementCount === names.length + 1) return;
    const chip = (label, agent, hue) => {
      const button = el("button", `chip ${hue}`, agent === null ? null : el("span", "dot"), label);
      button.type = "button";
      button.setAttribute("aria-pressed", String(agent === this.#agent));
      button.addEventListener("click", () => this.#filter(agent));
      button.dataset.agent = agent ?? "*";
      return button;
    };
    bar.replaceChildren(
      chip("Everyone", null, ""),
      ...names.map((name) => chip(shortName(name), name, `hue-${this.#view.actors.seen(name)}`)),
    );
  }

  #filter(agent) {
    this.#agent = agent;
    this.#view.filter(agent);
    for (const button of $("agents").children) {
      button.setAttribute("aria-pressed", String(button.dataset.agent === (agent ?? "*")));
    }
  }
}

let open = null;
let listed = PAGE;

function showState(name, label) {
  $("state").dataset.state = name;
  $("state").textContent = label;
  const over = name === "complete" || name === "deleted";
  for (const field of $("composer").elements) field.disabled = over;
  if (name === "refused") askForToken();
}

function note(id, failure) {
  $(id).textContent = failure ? failure.message : "";
}

function askForToken() {
  $("token-form").hidden = false;
}

/** Shows the session that the address names. */
function navigate() {
  let id = "";
  try {
    id = decodeURIComponent(location.hash.slice(1));
  } catch {
    // Not an id that this page has made.
  }
  if (open?.id === id) return;
  open?.close();
  open = null;
  $("session").hidden = id === "";
  $("welcome").hidden = id !== "";
  document.body.dataset.view = id === "" ? "list" : "session";
  document.title = "Starcite";
  note("composer-note", null);
  $("latest").hidden = true;
  if (id !== "") {
    $("title").textContent = id;
    $("session-id").textContent = id;
    showState("connecting", "Connecting");
    open = new OpenSession(id);
  }
  markCurrent();
}

function markCurrent() {
  for (const link of $("session-list").querySelectorAll("a")) {
    if (link.dataset.id === open?.id) {
      link.setAttribute("aria-current", "page");
    } else {
      link.removeAttribute("aria-current");
    }
  }
}

function sessionLink(session) {
  const link = el(
    "a",
    "",
    el("span", "title", session.title ?? session.id),
    el("span", "sub", el("code", "", session.id), session.sealed ? el("span", "tag", "sealed") : null),
  );
  link.href = `#${encodeURIComponent(session.id)}`;
  link.dataset.id = session.id;
  return link;
}

let shown = "";

async function refreshSessions() {
  try {
    const page = await sessions.list(Math.min(listed, 1000));
    const text = JSON.stringify(page);
    if (text !== shown) {
      shown = text;
      $("session-list").replaceChildren(
        ...page.sessions.map((session) => el("li", "", sessionLink(session))),
      );
      $("no-sessions").hidden = page.sessions.length > 0;
      $("more-sessions").hidden = page.next_cursor === null;
      markCurrent();
    }
  } catch (e) {
    if (e instanceof Refusal && e.status === 401) askForToken();
  }
}

async function refreshForEver() {
  if (document.visibilityState === "visible") await refreshSessions();
  setTimeout(refreshForEver, REFRESH);
}

$("composer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const target = open;
  const field = $("message");
  const words = field.value.trim();
  if (!target || words === "" || target.outbox.pending) return;
  const button = $("composer").querySelector("button");
  button.disabled = true;
  note("composer-note", null);
  try {
    const actor = $("actor").value.trim();
    const role = actor.startsWith("user:") ? "user" : "assistant";
    await target.outbox.append({ type: "message", actor, payload: { role, text: words } });
    if (target === open) field.value = "";
  } catch (e) {
    note("composer-note", e);
  } finally {
    button.disabled = false;
    field.focus();
  }
});

$("message").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    $("composer").requestSubmit();
  }
});

$("scroller").addEventListener("scroll", () => {
  const { scrollHeight, scrollTop, clientHeight } = $("scroller");
  if (scrollHeight - scrollTop - clientHeight < 80) $("latest").hidden = true;
});

$("latest").addEventListener("click", () => {
  $("scroller").scrollTop = $("scroller").scrollHeight;
  $("latest").hidden = true;
});

$("skip").addEventListener("click", () => $("scroller").focus());

$("new-session").addEventListener("click", () => {
  note("new-note", null);
  $("new-dialog").showModal();
});

$("new-cancel").addEventListener("click", () => $("new-dialog").close());

$("new-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const session = await sessions.create($("new-name").value.trim());
    $("new-dialog").close();
    $("new-form").reset();
    await refreshSessions();
    location.hash = encodeURIComponent(session.id);
  } catch (e) {
    note("new-note", e);
  }
});

$("more-sessions").addEventListener("click", () => {
  listed += PAGE;
  refreshSessions();
});

$("token-form").addEventListener("submit", (event) => {
  event.preventDefault();
  token.set($("token").value);
  location.reload();
});

addEventListener("hashchange", navigate);
addEventListener("pagehide", () => open?.save());
addEventListener("online", () => open?.wake());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") {
    open?.wake();
    refreshSessions();
  } else {
    open?.save();
  }
});

navigate();
refreshForEver();
