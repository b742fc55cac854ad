// Live parts: when the server says that something changed, the page is asked for again and its
// parts with `data-live-part` are put in place. What somebody is writing in is left alone, and
// tried again later, like an answer that did not come.

const AGAIN_AFTER = 20000;
let isAsking = false;
let isWantedAgain = false;
let later = null;

export async function renew() {
  if (document.hidden) return;
  if (isAsking) {
    isWantedAgain = true;
    return;
  }
  isAsking = true;
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (answer.redirected) return;
    if (!answer.ok || !putInPlace(await answer.text())) renewLater();
  } catch {
    // Without a connection the page stays as it is.
    renewLater();
  } finally {
    isAsking = false;
    if (isWantedAgain) {
      isWantedAgain = false;
      renew();
    }
  }
}

// Whether every part is as the server wrote it now.
function putInPlace(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  let isWhole = true;
  for (const part of document.querySelectorAll("[data-live-part]")) {
    const fresh = page.getElementById(part.id);
    if (!fresh || fresh.innerHTML === part.innerHTML) continue;
    if (part.contains(document.activeElement)) isWhole = false;
    else part.replaceWith(document.importNode(fresh, true));
  }
  return isWhole;
}

function renewLater() {
  clearTimeout(later);
  later = setTimeout(renew, AGAIN_AFTER);
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
