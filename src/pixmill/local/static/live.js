/** Events from the server, and whether they come. */

const AGAIN = 1500; // milliseconds until a stream that the browser gave up is opened anew
const EVENTS = /** @type {const} */ (["original", "removed", "totals", "recipe"]);

/**
 * Follow the server's events for as long as the page is open.
 *
 * @param {{
 *   on: (event: "original" | "removed" | "totals" | "recipe", data: any) => void,
 *   opened: () => void,
 *   failed: () => void,
 *   connection: (state: "connecting" | "live" | "lost") => void }} listener
 *     `opened` is called when events begin to come, so that all that was before can be asked for and nothing is
 *     missed; `failed` when they do not even begin.
 */
export function follow(listener) {
  let begun = false;
  const open = () => {
    const stream = new EventSource("/api/events");
    stream.addEventListener("open", () => {
      listener.connection("live");
      begun = true;
      listener.opened();
    });
    stream.addEventListener("error", () => {
      listener.connection("lost");
      if (!begun) listener.failed();
      // After an answer that is no stream the browser does not try again by itself.
      if (stream.readyState === EventSource.CLOSED) setTimeout(open, AGAIN);
    });
    stream.addEventListener("reset", () => listener.opened());
    for (const event of EVENTS) {
      stream.addEventListener(event, (message) => listener.on(event, JSON.parse(message.data)));
    }
  };
  listener.connection("connecting");
  open();
}
