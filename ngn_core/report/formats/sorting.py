"""Tables of a page that sort by a column when its heading is clicked."""

from __future__ import annotations

SORTING = """
const number = cell => parseFloat(cell.dataset.number);
const compareCells = (a, b) => {
  const [x, y] = [number(a), number(b)];
  if (isNaN(x) !== isNaN(y)) return isNaN(x) ? 1 : -1;
  return isNaN(x) ? a.textContent.localeCompare(b.textContent) : x - y;
};
const sortBy = (heading) => {
  const table = heading.closest("table");
  const place = [...heading.parentNode.children].indexOf(heading);
  const down = heading.getAttribute("aria-sort") === "ascending";
  table.querySelectorAll("th").forEach(one => one.removeAttribute("aria-sort"));
  heading.setAttribute("aria-sort", down ? "descending" : "ascending");
  const sign = down ? -1 : 1;
  for (const body of table.tBodies) {
    const rows = [...body.rows].sort((a, b) => {
      const [x, y] = [a.children[place], b.children[place]];
      const [none, other] = [x, y].map(cell => cell.textContent.trim() === "-");
      if (none !== other) return none ? 1 : -1;
      return sign * compareCells(x, y);
    });
    body.append(...rows);
  }
};
document.querySelectorAll("table.sheet thead th").forEach(heading => {
  heading.tabIndex = 0;
  heading.title = "sort";
  heading.addEventListener("click", () => sortBy(heading));
  heading.addEventListener("keydown", event => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      sortBy(heading);
    }
  });
});
"""
"""Numbers before words, `-` last; rows of a group stay together."""
