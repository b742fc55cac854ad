// Live parts: when the server says that something changed, the page is asked for again and its
// parts with `data-live-part` are put in place. What somebody is writing in is left alone.

const AGAIN_AFTER = 20000;
let isAsking = false;
let isWantedAgain = false;

export async function renew() {
  if (document.hidden) return;
  if (isAsking) {
    isWantedAgain = true;
    return;
  }
  isAsking = true;
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of document.querySelectorAll("[data-live-part]")) {
      const fresh = page.getElementById(part.id);
      if (fresh && !part.contains(document.activeElement) && fresh.innerHTML !== part.innerHTML) {
        part.replaceWith(document.importNode(fresh, true));
      }
    }
  } catch {
    // Without a connection the page stays as it is, and the next change or look tries again.
  } finally {
    isAsking = false;
    if (isWantedAgain) {
      isWantedAgain = false;
      renew();
    }
  }
}

export function follow() {
  document.addEventListener("earnest:changed", () => renew());
  const topic = document.body.dataset.live;
  if (!topic) return;
  const source = new EventSource(`/live/${topic}`);
  source.addEventListener("changed", renew);
  source.addEventListener("error", () => {
    // Turned away for good: look from time to time instead.
    if (source.readyState === EventSource.CLOSED) setInterval(renew, AGAIN_AFTER);
  });
  document.addEventListener("visibilitychange", renew);
}
