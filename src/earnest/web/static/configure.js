// A choice shows its price at once, and the address follows. Without scripts there is a button.
import { renew } from "./live.js";

for (const form of document.querySelectorAll("[data-configure]")) {
  form.addEventListener("change", () => {
    const wanted = new URLSearchParams(new FormData(form));
    history.replaceState(null, "", `${form.getAttribute("action")}?${wanted}`);
    renew();
  });
}
