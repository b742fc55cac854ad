// Passkeys: a button asks the device and sends its answer with the form that the button stands in.
// Where the browser or the address can make none, the page says so and has its other ways in.

const site = document.querySelector("[data-with-passkeys]")?.dataset.withPasskeys;
const key = window.PublicKeyCredential;
const canAsk = Boolean(key?.parseCreationOptionsFromJSON && key.parseRequestOptionsFromJSON);

if (canAsk && location.hostname === site) {
  for (const each of document.querySelectorAll("[data-with-passkeys]")) each.hidden = false;
  for (const each of document.querySelectorAll("[data-without-passkeys]")) each.hidden = true;
  for (const button of document.querySelectorAll("[data-passkey]")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      sendWith(button, button.form);
    });
  }
}

async function sendWith(button, form) {
  if (form.dataset.asking || !form.reportValidity()) return;
  const status = button.nextElementSibling;
  status.textContent = "";
  form.dataset.asking = "yes";
  try {
    for (const step of JSON.parse(button.dataset.passkey)) {
      const field = form.elements[step.field];
      const isSaidOtherwise = Boolean(form.elements[step.unless]?.value);
      // What was answered before something went wrong need not be answered again.
      if (!field.value && !isSaidOtherwise) field.value = await answerTo(step);
    }
    form.requestSubmit();
  } catch (error) {
    status.textContent = error.name === "InvalidStateError" ? status.dataset.known : status.dataset.stopped;
  } finally {
    delete form.dataset.asking;
  }
}

async function answerTo({ call, ask }) {
  const wanted = JSON.parse(ask);
  const publicKey =
    call === "create" ? key.parseCreationOptionsFromJSON(wanted) : key.parseRequestOptionsFromJSON(wanted);
  const answer = await navigator.credentials[call]({ publicKey });
  return JSON.stringify(answer.toJSON());
}
