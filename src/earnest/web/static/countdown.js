// Countdowns go on by the server's clock. The text that came with the page is right when it came.

const PARTS = [["days", 86400], ["hours", 3600], ["minutes", 60], ["seconds", 1]];
let ahead = null;

function write(element) {
  const left = (Date.parse(element.dataset.countdown) - Date.now() - ahead) / 1000;
  let seconds = Math.max(0, Math.ceil(left));
  for (const [part, size] of PARTS) {
    const shown = element.querySelector(`[data-part="${part}"]`);
    if (!shown) continue;
    const number = Math.floor(seconds / size);
    seconds -= number * size;
    const text = part === "days" ? String(number) : String(number).padStart(2, "0");
    if (shown.textContent !== text) shown.textContent = text;
  }
  if (left <= 0 && !element.dataset.over) {
    element.dataset.over = "yes";
    document.dispatchEvent(new CustomEvent("earnest:changed"));
  }
}

function writeAll() {
  document.querySelectorAll("[data-countdown]").forEach(write);
}

export function tick() {
  const now = document.documentElement.dataset.now;
  ahead = Date.parse(now) - Date.now();
  writeAll();
  setInterval(writeAll, 1000);
}
