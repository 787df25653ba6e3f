// A page opened from a file may not fetch other pages, which the summaries of search results need.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

addEventListener("DOMContentLoaded", () => {
  // Sphinx gives the captions of the navigation the role of a heading without its level.
  for (const caption of document.querySelectorAll("[role=heading]:not([aria-level])")) caption.setAttribute("aria-level", "2");
  // A box that scrolls must be reachable by keyboard.
  for (const box of document.querySelectorAll("pre, .table-wrapper, .scroll")) if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
});
