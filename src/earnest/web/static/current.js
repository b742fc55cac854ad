// Where one is, in a row of ways that is longer than the window. Without scripts one moves the row.

export function showCurrent() {
  for (const here of document.querySelectorAll("nav > a[aria-current]")) {
    const row = here.parentElement;
    const beyond = here.getBoundingClientRect().right - row.getBoundingClientRect().right;
    // The half of the window beyond it shows that the row goes on.
    if (beyond > 0) row.scrollLeft += beyond + row.clientWidth / 2;
  }
}
