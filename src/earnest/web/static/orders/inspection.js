// The inspection on a flaky connection: entries stay on the telephone until the server has them.
// Photographs are sent one by one, each under a key of its own, so that sending one again files it
// once. The result is sent last, and waits for the connection too. Without this module the page is
// one plain form. What is kept: answers in localStorage, photographs in IndexedDB.
import { add, all, remove, replace } from "./queue.js";

const AGAIN_AFTER = 8000;
const root = document.querySelector("[data-inspection]");
const form = document.getElementById("form-inspection");

const place = root.dataset.inspection;
const kept = root.querySelector("[data-kept]");
const text = root.querySelector("[data-kept-text]");
let isSending = false;
let isWantedAgain = false;
let result = null;

const answersKey = `earnest-inspection-${place}`;

function keepAnswers() {
  const answers = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && /^(item|remark|result|remedy)/.test(name)) answers[name] = value;
  }
  localStorage.setItem(answersKey, JSON.stringify(answers));
}

function restoreAnswers() {
  let answers = {};
  try {
    answers = JSON.parse(localStorage.getItem(answersKey) || "{}");
  } catch {
    localStorage.removeItem(answersKey);
  }
  for (const [name, value] of Object.entries(answers)) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === "radio") field.checked ||= field.value === value;
      else if (!field.value) field.value = value;
      if (value && field.name.startsWith("remark")) field.closest("details")?.setAttribute("open", "");
    }
  }
}

function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function takePhotos(input) {
  const item = input.name.replace("photo-", "");
  for (const file of input.files) {
    await add({ place, item, name: file.name, blob: file, key: newKey(), stuck: "" });
  }
  // What stands in the queue must not go with the form as well.
  input.value = "";
  await show();
  send();
}

async function waiting() {
  return (await all()).filter((each) => each.place === place);
}

async function show() {
  const photos = await waiting();
  for (const list of root.querySelectorAll("[data-photos]")) {
    const own = photos.filter((each) => each.item === list.dataset.photos);
    list.replaceChildren(...own.map(line));
    if (own.length) list.closest("details").open = true;
  }
  const stuck = photos.filter((each) => each.stuck);
  const left = photos.length - stuck.length;
  if (result) text.textContent = text.dataset.sending;
  else if (stuck.length) text.textContent = text.dataset.stuck + stuck.map((each) => `${each.name}: ${each.stuck}`).join("; ");
  else if (!navigator.onLine) text.textContent = text.dataset.offline;
  else if (left) text.textContent = text.dataset.waiting + left;
  else text.textContent = text.dataset.done;
  kept.hidden = !(result || photos.length || !navigator.onLine || kept.dataset.was);
  if (photos.length) kept.dataset.was = "yes";
}

function line(photo) {
  const shown = document.createElement("li");
  const picture = document.createElement("img");
  picture.src = URL.createObjectURL(photo.blob);
  picture.alt = "";
  picture.addEventListener("load", () => URL.revokeObjectURL(picture.src));
  const name = document.createElement("span");
  name.textContent = photo.name;
  shown.append(picture, name);
  return shown;
}

function fields(name, key) {
  const made = new FormData();
  made.set("form", name);
  made.set("key", key);
  made.set("seal", form.elements.seal.value);
  made.set("tender", form.elements.tender.value);
  return made;
}

// The server is busy, or still files what was sent before the connection went: ask again.
function isLater(answer) {
  return answer.status >= 500 || answer.headers.has("retry-after");
}

async function sendPhoto(photo) {
  const made = fields("photo", photo.key);
  made.set(`remark-${photo.item}`, form.elements[`remark-${photo.item}`].value);
  made.set(`photo-${photo.item}`, photo.blob, photo.name);
  const answer = await fetch(form.action, { method: "POST", body: made });
  if (answer.ok) return remove(photo.id);
  if (isLater(answer)) throw new Error("later");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const why = page.querySelector("[role=alert] strong, main h1");
  return replace({ ...photo, stuck: why ? why.textContent.trim() : String(answer.status) });
}

async function send() {
  if (isSending) {
    // Whoever asks while something is under way is sent behind it, and not forgotten.
    isWantedAgain = true;
    return;
  }
  isSending = true;
  try {
    for (const photo of await waiting()) {
      if (!photo.stuck) {
        await sendPhoto(photo);
        await show();
      }
    }
    if (result) await sendResult();
  } catch {
    setTimeout(send, AGAIN_AFTER);
  } finally {
    isSending = false;
    await show();
    if (isWantedAgain) {
      isWantedAgain = false;
      send();
    }
  }
}

async function sendResult() {
  const answer = await fetch(form.action, { method: "POST", body: result });
  if (isLater(answer)) throw new Error("later");
  if (answer.ok && answer.redirected) {
    localStorage.removeItem(answersKey);
    location.assign(answer.url);
    return;
  }
  // Refused: show the page with the refusal beside the form; the answers are in it.
  result = null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const alert = page.querySelector("[role=alert]");
  form.querySelector("[role=alert]")?.remove();
  if (alert) {
    form.prepend(document.importNode(alert, true));
    form.querySelector("[role=alert]").scrollIntoView({ block: "center" });
  }
  form.elements.key.value = newKey();
}

form.addEventListener("input", keepAnswers);
form.addEventListener("change", (event) => {
  if (event.target.type === "file") takePhotos(event.target);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopPropagation();
  if (result) return;
  keepAnswers();
  result = new FormData(form);
  show();
  send();
});
window.addEventListener("online", send);
window.addEventListener("offline", show);
restoreAnswers();
show();
send();
