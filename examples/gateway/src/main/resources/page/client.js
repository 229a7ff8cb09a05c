// Speaks to the gateway: requests, a tail that comes back, appends that are stored once.

const TOKEN = "starcite.token";

export const token = {
  get: () => sessionStorage.getItem(TOKEN),
  set: (value) => sessionStorage.setItem(TOKEN, value),
};

/** What the gateway refused, by its name for it. */
export class Refusal extends Error {
  constructor(status, body) {
    super(body.message ?? `the gateway answered ${status}`);
    this.status = status;
    this.code = body.error;
  }
}

export async function request(method, path, body) {
  const headers = { Accept: "application/json" };
  if (token.get()) headers.Authorization = `Bearer ${token.get()}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const response = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  const answer = response.status === 204 ? {} : await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(response.status, answer);
  return answer;
}

const path = (id) => `/v1/sessions/${encodeURIComponent(id)}`;

export const sessions = {
  list: (limit) => request("GET", `/v1/sessions?limit=${limit}`),
  get: (id) => request("GET", path(id)),
  create: (title) => request("POST", "/v1/sessions", { title }),
};

const COMPLETE = 1000;
const TOKEN_EXPIRED = 4001;
const DELETED = 4404;
const CURSOR_AHEAD = 4409;
const CURSOR_EXPIRED = 4410;
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5_000;

/**
 * Follows a session from the cursor of whoever listens, and comes back from there whenever the
 * connection ends before the session does.
 *
 * listener: cursor(), events(list), opened(session), state(name, text), restart()
 */
export class Tail {
  #id;
  #listener;
  #socket = null;
  #timer = null;
  #pause = FIRST_PAUSE;
  #closed = false;

  constructor(id, listener) {
    this.#id = id;
    this.#listener = listener;
    this.#connect();
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  /** Tries again now: the network is back, or somebody looks at the page. */
  wake() {
    if (this.#timer !== null) this.#connect();
  }

  async #connect() {
    clearTimeout(this.#timer);
    this.#timer = null;
    let session;
    try {
      session = await sessions.get(this.#id);
    } catch (e) {
      if (!this.#closed) this.#refused(e);
      return;
    }
    if (this.#closed) return;
    this.#listener.opened(session);
    const query = new URLSearchParams({
      cursor: this.#listener.cursor(),
      batch_size: 256,
      incarnation: session.incarnation,
    });
    if (token.get()) query.set("access_token", token.get());
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}${path(this.#id)}/tail?${query}`);
    this.#socket = socket;
    socket.onopen = () => {
      this.#pause = FIRST_PAUSE;
      this.#listener.state("live", "Live");
    };
    socket.onmessage = (message) => this.#received(socket, JSON.parse(message.data));
    socket.onclose = (event) => this.#ended(event.code);
  }

  #received(socket, frame) {
    if (this.#closed || socket !== this.#socket || !Array.isArray(frame)) return;
    this.#listener.events(frame);
  }

  #refused(e) {
    if (e.status === 404 || e.status === 400) {
      this.#listener.state("deleted", "No such session");
    } else if (e.status === 401 || e.status === 403) {
      this.#listener.state("refused", "Token needed");
    } else {
      this.#again();
    }
  }

  #ended(code) {
    if (this.#closed) return;
    if (code === COMPLETE) {
      this.#listener.state("complete", "Complete");
    } else if (code === DELETED) {
      this.#listener.state("deleted", "Deleted");
    } else if (code === TOKEN_EXPIRED) {
      this.#listener.state("refused", "Token expired");
    } else if (code === CURSOR_EXPIRED) {
      this.#listener.state("deleted", "Its start is gone");
    } else {
      if (code === CURSOR_AHEAD) this.#listener.restart();
      this.#again();
    }
  }

  #again() {
    this.#listener.state("reconnecting", "Reconnecting");
    this.#timer = setTimeout(() => this.#connect(), this.#pause * (0.5 + Math.random() / 2));
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
  }
}

const RETRIED = new Set(["backpressure", "cancelled", "outcome_unknown", "shutting_down",
  "store_unavailable"]);

/**
 * Appends from this tab. An event is kept with its producer pair until the gateway has answered,
 * across refreshes too, so that a retry stores nothing twice.
 */
export class Outbox {
  #key;
  #path;
  #state;

  constructor(id) {
    this.#key = `starcite.outbox.${id}`;
    this.#path = `${path(id)}/append`;
    this.#state = JSON.parse(sessionStorage.getItem(this.#key)) ?? this.#fresh();
  }

  #fresh() {
    return { producer: `web-${crypto.getRandomValues(new Uint32Array(3)).join("-")}`, next: 1 };
  }

  #save() {
    sessionStorage.setItem(this.#key, JSON.stringify(this.#state));
  }

  get pending() {
    return this.#state.pending;
  }

  /** Appends, and tries until the gateway says yes or no. */
  async append(event) {
    const { producer, next } = this.#state;
    this.#state.pending = { ...event, producer_id: producer, producer_seq: next };
    this.#save();
    return this.flush();
  }

  /** Sends what is pending, if anything is. */
  async flush() {
    let pause = FIRST_PAUSE;
    while (this.#state.pending) {
      try {
        const answer = await request("POST", this.#path, this.#state.pending);
        this.#state = { producer: this.#state.producer, next: this.#state.next + 1 };
        this.#save();
        return answer;
      } catch (e) {
        if (e instanceof Refusal && e.code?.startsWith("producer_")) {
          // A copy of this tab has appended by the same name: go on under another one.
          const fresh = this.#fresh();
          const pending = { ...this.#state.pending, producer_id: fresh.producer, producer_seq: 1 };
          this.#state = { ...fresh, pending };
          this.#save();
        } else if (e instanceof Refusal && !RETRIED.has(e.code) && e.status < 500) {
          this.#state = { producer: this.#state.producer, next: this.#state.next };
          this.#save();
          throw e;
        } else {
          await new Promise((resolve) => setTimeout(resolve, pause));
          pause = Math.min(pause * 2, LONGEST_PAUSE);
        }
      }
    }
    return null;
  }
}
