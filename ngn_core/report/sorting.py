"""Tables of a page that sort by a column when its heading is clicked."""

from __future__ import annotations

SORTING = """
const number = /^[<>~]?\\s*([-+]?\\d+(\\.\\d+)?(e[-+]?\\d+)?)/i;
const asNumber = text => {
  const found = text.replaceAll(",", "").match(number);
  return found ? parseFloat(found[1]) : NaN;
};
const compareTexts = (a, b) => {
  const [x, y] = [asNumber(a), asNumber(b)];
  if (isNaN(x) !== isNaN(y)) return isNaN(x) ? 1 : -1;
  return isNaN(x) ? a.localeCompare(b) : x - y;
};
const sortBy = (heading) => {
  const table = heading.closest("table");
  const place = [...heading.parentNode.children].indexOf(heading);
  const down = heading.getAttribute("aria-sort") === "ascending";
  table.querySelectorAll("th").forEach(one => one.removeAttribute("aria-sort"));
  heading.setAttribute("aria-sort", down ? "descending" : "ascending");
  const text = row => row.children[place].textContent.trim();
  const sign = down ? -1 : 1;
  for (const body of table.tBodies) {
    const rows = [...body.rows].sort((a, b) => {
      const [x, y] = [text(a), text(b)];
      if ((x === "-") !== (y === "-")) return x === "-" ? 1 : -1;
      return sign * compareTexts(x, y);
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
