// A document is checked while it is written: after a pause the page is asked for again and what it
// found is put beside it. The text itself is never touched.

const PAUSE = 500;
const field = document.querySelector("[data-draft]");
let waiting = 0;
let asked = 0;

async function check() {
  const form = field.form;
  const mine = ++asked;
  const body = new URLSearchParams(new FormData(form));
  body.set("deed", "check");
  try {
    const answer = await fetch(form.action, { method: "POST", body });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("checked");
    if (fresh && mine === asked) {
      document.getElementById("checked").replaceWith(document.importNode(fresh, true));
    }
  } catch {
    // Without a connection the button still checks.
  }
}

field?.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(check, PAUSE);
});
