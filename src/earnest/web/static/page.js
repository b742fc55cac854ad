// What every page does where scripts run. Nothing essential: every page works without.
import { tick } from "./countdown.js";
import { showCurrent } from "./current.js";
import { follow } from "./live.js";
import { sendOnce } from "./once.js";

tick();
showCurrent();
follow();
sendOnce();
